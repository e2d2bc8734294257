"""Publication: what is taken out is proposed by one and read through by another."""

from itertools import zip_longest

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collab_hub.office.access import office_page
from platform_core.common.errors import Conflict, Unusable
from security.access import may

from .. import attaching_services, publishing_services, redaction, selectors
from ..elements import clean, paragraphs
from ..forms import PaperForm
from .acting import carry_out
from .showing import SORTS

MOST_WORDS = 200


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def propose(request, paper_id):
    """What was found in the text, all of it ticked; names and other words are added by hand."""
    paper = selectors.paper_for(request.user, paper_id, "handle")
    content = selectors.told_content(paper)
    annexes, refused = _with_decisions(request, paper)
    text = "\n".join(content[name] for name in redaction.SHOWN)
    found = redaction.find(text)
    ticked, more, errors, status = {one.text for one in found}, "", {}, 200
    if request.method == "POST":
        ticked = set(request.POST.getlist("found"))
        more = request.POST.get("more", "")
        hidden = [*ticked, *[line.strip() for line in more.split("\n")][:MOST_WORDS]]
        is_done, errors, status = carry_out(
            request, lambda: _proposed(request, paper, hidden, annexes, refused)
        )
        if is_done:
            return redirect("paper", paper.pk)
    context = {
        "paper": paper,
        "found": [
            {"text": one.text, "sort": SORTS[one.sort], "ticked": one.text in ticked,
             "always": one.sort in redaction.ALWAYS}
            for one in found
        ],
        "more": more,
        "annexes": annexes,
        "body": paragraphs("\n".join(content[name] for name in redaction.SHOWN[1:])),
        "errors": errors,
    }  # fmt: skip
    return render(request, "office/papers/publish.html", context, status=status)


def _with_decisions(request, paper) -> tuple[list, list[str]]:
    """(the entries, each file with `decided` and `given`, its redacted version if there is one; why
    uploads were not taken). What was taken in stays with the form, whatever else is wrong.
    """
    found = selectors.entries(paper, selectors.content_of(paper))
    earlier, refused, keys = selectors.redactions_of(paper), [], {}
    for one, file in found:
        if not file:
            continue
        file.decided = request.POST.get(f"file-{one.file}", "")
        uploads = request.FILES.getlist(f"redacted-{one.file}")[:1]
        taken, wrong = attaching_services.take_in(actor=request.actor, uploads=uploads)
        sent = clean({"files": [request.POST.get(f"given-{one.file}", "")]})["files"]
        keys[one.file] = (taken or sent or [earlier.get(one.file, "")])[0]
        refused += wrong
    shown = selectors.files_to_show(request.user, paper, [key for key in keys.values() if key])
    shown = {str(one.pk): one for one in shown}
    for one, file in found:
        if file:
            file.given = shown.get(keys[one.file])
    return found, refused


def _proposed(request, paper, hidden, annexes, refused) -> str:
    if refused:
        raise Unusable({"files": refused})
    files = {one.file: file for one, file in annexes if file}
    publishing_services.propose_publication(
        actor=request.actor, paper=paper, hidden=hidden,
        files={key: file.decided for key, file in files.items()},
        redacted={key: str(file.given.pk) for key, file in files.items() if file.given},
    )  # fmt: skip
    return _("A colleague of your organ reads it through before it is published.")


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def decide(request, publication_id):
    """The text as the public would read it, beside the original, and the decision."""
    found = selectors.publication_for(request.user, publication_id)
    errors, status = {}, 200
    if request.method == "POST":
        is_done, errors, status = carry_out(request, lambda: _decided(request, found))
        if is_done:
            return redirect("paper", found.paper_id)
        found = selectors.publication_for(request.user, publication_id)
    annexes, ticked = selectors.compared_files(found), request.POST.getlist("confirmed")
    context = {
        "publication": found,
        "paper": found.paper,
        "parts": _parts(selectors.told_content(found.paper), found.content),
        "annexes": annexes,
        "has_versions": any(public and public.redacts_id for _one, _file, public in annexes),
        "confirmed": [one.pk for _e, _f, one in annexes if one and str(one.pk) in ticked],
        "may_decide": found.state == "asked" and may(request.user, "decide", found),
        "errors": errors,
        "typed": request.POST,
    }  # fmt: skip
    return render(request, "office/papers/publication.html", context, status=status)


def _parts(original: dict, public: dict) -> list[dict]:
    """Every part that would be published, its paragraphs beside those of the original."""
    return [
        {
            "label": PaperForm.base_fields[name].label,
            "pairs": list(zip_longest(paragraphs(original[name]), paragraphs(public[name]),
                                      fillvalue="")),
        }
        for name in redaction.SHOWN
        if original[name]
    ]  # fmt: skip


def _decided(request, found) -> str:
    act = request.POST.get("act")
    if act not in ("publish", "refuse"):
        raise Conflict(_("Choose what to do."))
    is_granted = act == "publish"
    publishing_services.decide_publication(
        actor=request.actor, publication=found, grant=is_granted,
        note=request.POST.get("note", ""), confirmed=request.POST.getlist("confirmed"),
    )  # fmt: skip
    return _("It is published.") if is_granted else _("It is not published.")
