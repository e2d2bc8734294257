"""One paper: what it says, where it stands, what the reader may do with it, its pages."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from collab_hub.office.access import office_page
from platform_core.capabilities.documents.typesetting import Unprintable
from platform_core.capabilities.files.selectors import open_content
from platform_core.common.errors import Conflict
from platform_core.common.numbers import whole
from security.access import may

from .. import draft_services, elements, flow_services, receiving_services, selectors
from ..layout import print_paper
from ..models import Paper
from ..states import acts
from .acting import carry_out, chosen
from .showing import elements_of, step_bar, timeline


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def paper(request, paper_id):
    """The page, and every act on it."""
    found = selectors.paper_for(request.user, paper_id)
    errors, status = {}, 200
    if request.method == "POST":
        is_done, errors, status = carry_out(request, lambda: _done(request, found))
        if is_done:
            is_left = not selectors.papers_for(request.user, "all").filter(pk=found.pk).exists()
            return redirect("papers") if is_left else redirect("paper", found.pk)
        found = selectors.paper_for(request.user, paper_id)
    return _page(request, found, errors, status)


def _page(request, found: Paper, errors: dict, status: int):
    user, content = request.user, selectors.content_of(found)
    possible = acts("out", found.state)
    handles = may(user, "handle", found)
    drafts = may(user, "draft", found)
    is_inside = selectors.is_inside(user, found)
    may_submit = drafts and "submit" in possible
    context = {
        "paper": found,
        "body": elements.paragraphs(content["body"]),
        "elements": elements_of(found, content),
        "annexes": selectors.entries(found, content),
        "replaced": selectors.replaced_files(found),
        "steps": step_bar(found) if is_inside else [],
        "opinions": selectors.steps_of(found) if is_inside else [],
        "entries": timeline(selectors.traces_of(found)) if is_inside else [],
        "revisions": selectors.revisions_of(found) if drafts or handles else [],
        "receipts": [
            {"row": one, "due": selectors.light(one)} for one in selectors.receipts_of(found)
        ]
        if handles
        else [],
        "to_do": selectors.to_do(user, found),
        "possible": possible if handles else possible & {"submit", "discard"},
        "may_edit": drafts,
        "may_submit": may_submit,
        "may_withdraw": "withdraw" in possible and found.drafter_id == user.pk,
        "reviewers": [
            one
            for one in selectors.people_at(found.department)
            if one.pk not in (user.pk, found.drafter_id)
        ]
        if may_submit
        else [],
        "organs": selectors.organs_to_choose(found.department)
        if handles and found.state == Paper.State.SENT
        else [],
        "publication": selectors.publication_of(found) if handles else None,
        "may_publish": handles and not found.secrecy and found.state in ("sent", "filed"),
        "errors": errors,
        "typed": request.POST,
    }
    return render(request, "office/papers/paper.html", context, status=status)


def _done(request, found: Paper) -> str:
    act, to = request.POST.get("act", ""), {"actor": request.actor, "paper": found}
    if act in ("agree", "return"):
        return _say(request, found, act)
    if act == "urge":
        receipt = chosen(selectors.receipts_of(found), request.POST.get("receipt"))
        if receipt is None:
            raise Http404
        n = receiving_services.urge(actor=request.actor, receipt=receipt)
        return _("%(n)s people were told.") % {"n": n}
    if act not in DEEDS:
        raise Conflict(_("Choose what to do."))
    return DEEDS[act](request, to)


def _submit(request, to) -> str:
    people = selectors.people_at(to["paper"].department)
    reviewer = chosen(people, request.POST.get("reviewer"))
    version = whole(request.POST.get("version")) or 0
    draft_services.submit_paper(**to, reviewer=reviewer, version=version)
    return _("%(who)s is asked to check it.") % {"who": reviewer}


def _withdraw(request, to) -> str:
    draft_services.withdraw_paper(**to)
    return _("You have it back.")


def _discard(request, to) -> str:
    draft_services.discard_paper(**to)
    return _("The draft is given up.")


def _seal(request, to) -> str:
    flow_services.seal_paper(**to)
    return _("The pages are set and sealed.")


def _send(request, to) -> str:
    organs = {str(one.pk): one for one in selectors.organs_to_choose(to["paper"].department)}
    further = [organs[one] for one in request.POST.getlist("further") if one in organs]
    made = flow_services.send_paper(**to, further=further)
    return _("It was sent to %(n)s organs.") % {"n": len(made)}


def _file(request, to) -> str:
    flow_services.file_paper(**to)
    return pgettext("paper", "It is in the archive.")


DEEDS = {
    "submit": _submit,
    "withdraw": _withdraw,
    "discard": _discard,
    "seal": _seal,
    "send": _send,
    "file": _file,
}


def _say(request, found: Paper, act: str) -> str:
    step = chosen(selectors.to_do(request.user, found), request.POST.get("step"))
    if step is None:
        raise Conflict(_("This was done already."))
    flow_services.say_opinion(
        actor=request.actor,
        step=step,
        agrees=act == "agree",
        opinion=request.POST.get("opinion", ""),
        version=whole(request.POST.get("version")) or 0,
    )
    return _("Your opinion is entered.")


@require_safe
@office_page
def pdf(request, paper_id):
    """The sealed pages, or what they will look like; of a secret paper there are none."""
    found = selectors.paper_for(request.user, paper_id)
    if found.secrecy or found.state == Paper.State.OUTSIDE:
        raise Http404
    name = f"{slugify(str(found.pk))[:8]}.pdf"
    if found.pdf_id is not None:
        try:
            stored = open_content(found.pdf)
        except FileNotFoundError:
            return render(request, "files/not_served.html", {"file": found.pdf}, status=409)
        return pdf_headers(FileResponse(stored, filename=found.pdf.name, as_attachment=False))
    try:
        job = selectors.draft_job(found, selectors.content_of(found))
        content = print_paper(*job, moment=0)
    except Unprintable:
        return render(request, "documents/not_printed.html", status=503)
    answer = HttpResponse(content)
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return pdf_headers(answer)


def pdf_headers(answer):
    answer["Content-Type"] = "application/pdf"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer
