"""A paper in the hands of the organ that received it."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from collab_hub.office.access import office_page
from platform_core.common.errors import Conflict
from platform_core.common.numbers import whole
from security.access import may

from .. import elements, receiving_services, selectors
from ..models import Receipt
from ..states import CIRCULATES, OPEN_IN, acts
from .acting import carry_out, chosen
from .showing import elements_of, receipt_bar, timeline


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def receipt(request, receipt_id):
    """The page, and every act on it. Opening it is reading it for whom it was passed to."""
    found = selectors.receipt_for(request.user, receipt_id)
    errors, status = {}, 200
    if request.method == "POST":
        is_done, errors, status = carry_out(request, lambda: _done(request, found))
        if is_done:
            return redirect("paper_receipt", found.pk)
        found = selectors.receipt_for(request.user, receipt_id)
    elif request.method == "GET":
        receiving_services.note_reading(actor=request.actor, receipt=found)
    return _page(request, found, errors, status)


def _page(request, found: Receipt, errors: dict, status: int):
    context = _context(request.user, found) | {"errors": errors, "typed": request.POST}
    return render(request, "office/papers/receipt.html", context, status=status)


@require_safe
@office_page
def record(request, receipt_id):
    """The paper with its files and all that was said about it here, to be printed; nothing that
    could leave is made of a secret one.
    """
    found = selectors.receipt_for(request.user, receipt_id)
    if found.paper.secrecy:
        raise Http404
    receiving_services.note_reading(actor=request.actor, receipt=found)
    context = _context(request.user, found) | {"printed_at": timezone.now()}
    return render(request, "office/papers/record.html", context)


def _context(user, found: Receipt) -> dict:
    paper = found.paper
    handles = may(user, "handle", found)
    steps = selectors.steps_of(paper, found)
    to_do = selectors.to_do(user, paper, found)
    people = selectors.people_at(found.organ)
    content = selectors.content_of(paper)
    passed = [one for one in steps if one.kind == "circulate"]
    known = {one.person_id for one in passed}
    return {
        "receipt": found,
        "paper": paper,
        "body": elements.paragraphs(content["body"]),
        "elements": elements_of(paper, content),
        "annexes": selectors.entries(paper, content),
        "replaced": selectors.replaced_files(paper),
        "may_attach": may(user, "attach", found),
        "handles": handles,
        "due": selectors.light(found),
        "steps": receipt_bar(found),
        "passed": passed,
        "read_count": sum(1 for one in passed if one.read_at),
        "opinions": [one for one in steps if one.kind != "circulate"],
        "to_do": {one.kind: one for one in to_do},
        "possible": acts("in", found.state) if handles else set(),
        "may_circulate": handles and found.state in CIRCULATES,
        "may_urge": handles and found.state in OPEN_IN and found.state != "waiting",
        "people": people,
        "not_yet": [one for one in people if one.pk not in known],
        "entries": timeline(selectors.traces_of(paper, found)),
    }


def _done(request, found: Receipt) -> str:
    act = request.POST.get("act", "")
    if act not in DEEDS:
        raise Conflict(_("Choose what to do."))
    return DEEDS[act](request, found)


def _step(request, found: Receipt, kind: str):
    steps = selectors.to_do(request.user, found.paper, found)
    step = next((one for one in steps if one.kind == kind), None)
    if step is None:
        raise Conflict(_("This was done already."))
    return step


def _sign_in(request, found) -> str:
    receiving_services.sign_in(actor=request.actor, receipt=found)
    return _("Signed in and registered.")


def _send_back(request, found) -> str:
    reason = request.POST.get("reason", "")
    receiving_services.send_back(actor=request.actor, receipt=found, reason=reason)
    return _("It went back to the sender.")


def _propose(request, found) -> str:
    leader = chosen(selectors.people_at(found.organ), request.POST.get("leader"))
    receiving_services.propose(
        actor=request.actor, receipt=found, opinion=request.POST.get("opinion", ""), leader=leader
    )
    return _("%(who)s is asked for instructions.") % {"who": leader}


def _instruct(request, found) -> str:
    officer = chosen(selectors.people_at(found.organ), request.POST.get("officer"))
    receiving_services.instruct(
        actor=request.actor,
        step=_step(request, found, "instruct"),
        opinion=request.POST.get("opinion", ""),
        officer=officer,
        days=whole(request.POST.get("days", "").strip()),
        is_supervised=request.POST.get("supervise") == "1",
    )
    return _("%(who)s handles it.") % {"who": officer}


def _answer(request, found) -> str:
    step = _step(request, found, "handle")
    receiving_services.answer(actor=request.actor, step=step, text=request.POST.get("text", ""))
    return _("Your answer is entered.")


def _file(request, found) -> str:
    receiving_services.file_receipt(actor=request.actor, receipt=found)
    return pgettext("paper", "It is in the archive.")


def _circulate(request, found) -> str:
    wanted = set(request.POST.getlist("people"))
    people = [one for one in selectors.people_at(found.organ) if str(one.pk) in wanted]
    n = receiving_services.circulate(actor=request.actor, receipt=found, people=people)
    return _("Passed to %(n)s people.") % {"n": n}


def _read(request, found) -> str:
    receiving_services.finish_reading(
        actor=request.actor,
        step=_step(request, found, "circulate"),
        opinion=request.POST.get("opinion", ""),
    )
    return _("Noted as read.")


def _urge(request, found) -> str:
    n = receiving_services.urge(actor=request.actor, receipt=found)
    return _("%(n)s people were told.") % {"n": n}


DEEDS = {
    "sign_in": _sign_in,
    "send_back": _send_back,
    "propose": _propose,
    "instruct": _instruct,
    "answer": _answer,
    "file": _file,
    "circulate": _circulate,
    "read": _read,
    "urge": _urge,
}
