"""Publication: what is taken out is proposed by one and read through by another."""

from itertools import zip_longest

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collab_hub.office.access import office_page
from platform_core.common.errors import Conflict
from security.access import may

from .. import publishing_services, redaction, selectors
from ..elements import paragraphs
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
    annexes = selectors.entries(paper, selectors.content_of(paper))
    for one, file in annexes:
        if file:
            file.decided = request.POST.get(f"file-{one.file}", "")
    text = "\n".join(content[name] for name in redaction.SHOWN)
    found = redaction.find(text)
    ticked, more, errors, status = {one.text for one in found}, "", {}, 200
    if request.method == "POST":
        ticked = set(request.POST.getlist("found"))
        more = request.POST.get("more", "")
        hidden = [*ticked, *[line.strip() for line in more.split("\n")][:MOST_WORDS]]
        files = {one.file: file.decided for one, file in annexes if file}
        is_done, errors, status = carry_out(
            request, lambda: _proposed(request, paper, hidden, files)
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


def _proposed(request, paper, hidden, files: dict) -> str:
    publishing_services.propose_publication(
        actor=request.actor, paper=paper, hidden=hidden, files=files
    )
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
    context = {
        "publication": found,
        "paper": found.paper,
        "parts": _parts(selectors.told_content(found.paper), found.content),
        "annexes": _files(found),
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


def _files(found) -> list[tuple]:
    """[(entry, attachment, whether everybody would get it)] of the entries with a file."""
    told = found.content.get("annexes", ())
    let_out = {one["file"] for one in told if one["file"]}
    content = selectors.content_of(found.paper)
    return [
        (one, file, one.file in let_out)
        for one, file in selectors.entries(found.paper, content)
        if file
    ]


def _decided(request, found) -> str:
    act = request.POST.get("act")
    if act not in ("publish", "refuse"):
        raise Conflict(_("Choose what to do."))
    is_granted = act == "publish"
    publishing_services.decide_publication(
        actor=request.actor, publication=found, grant=is_granted,
        note=request.POST.get("note", ""),
    )  # fmt: skip
    return _("It is published.") if is_granted else _("It is not published.")
