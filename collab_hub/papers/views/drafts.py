"""Writing: choose a kind, fill in the elements, put two people's texts together."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collab_hub.office.access import office_page
from collab_hub.office.forms import with_errors
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.numbers import whole
from platform_core.common.refusals import say_refused
from security.access import may
from security.organs.selectors import headed_organs, heads_at, own_organs

from .. import attaching_services, draft_services, elements, selectors
from ..forms import PaperForm, WordForm
from ..kinds import KINDS, kind_of
from .acting import chosen

FORM_METHODS = ("GET", "HEAD", "POST")


@require_safe
@office_page
def choose(request):
    """The fifteen kinds."""
    return render(request, "office/papers/choose.html", {"kinds": KINDS.values()})


def _sent(request) -> dict:
    """What the form sent, as one dictionary; lists for organs."""
    post = request.POST
    sent = {name: post.get(name, "") for name in elements.FIELDS}
    return sent | {name: post.getlist(name) for name in (*elements.ORGANS, "files")}


def _content(request) -> tuple[dict, dict]:
    """(the content that was sent, its new files taken in, {"files": why some were not}). What was
    taken in stays with the form, whatever else is wrong.
    """
    content = elements.clean(_sent(request))
    uploads = request.FILES.getlist("uploads")
    if uploads and content["secrecy"]:
        return content, {"files": [_("A secret document has no files.")]}
    taken, refused = attaching_services.take_in(actor=request.actor, uploads=uploads)
    content["files"] += taken
    return content, {"files": refused} if refused else {}


def _form(kind, department, content: dict, errors=None) -> PaperForm:
    initial = dict(content)
    for name in elements.ORGANS:
        initial[name] = [str(one) for one in content.get(name) or ()]
    initial["signer"] = str(content.get("signer") or "")
    made = {
        "kind": kind,
        "organs": selectors.organs_to_choose(department),
        "signers": heads_at(department),
        "words": selectors.words_of(department),
    }
    if errors is None:
        return PaperForm(initial=initial, **made)
    form = PaperForm(initial, **made)
    form.is_valid()
    errors = {"uploads" if k == "files" else k: v for k, v in errors.items()}
    return with_errors(form, {k: v for k, v in errors.items() if k not in form.errors})


@require_http_methods(FORM_METHODS)
@office_page
def new(request, kind):
    """A new draft."""
    found = kind_of(kind)
    organs = own_organs(request.user)
    if found is None or not organs:
        raise Http404
    department = chosen(organs, request.POST.get("department")) or organs[0]
    errors, status = None, 200
    content = elements.clean({})
    words = selectors.words_of(department)
    content["word"] = words[0] if len(words) == 1 else ""
    if request.method == "POST":
        content, refused = _content(request)
        try:
            if refused:
                raise Unusable(refused)
            paper = draft_services.start_paper(
                actor=request.actor, kind=kind, department=department, content=content
            )
        except Unusable as error:
            errors, status = error.errors, 422
        else:
            messages.success(request, _("The draft is kept."))
            return redirect("paper", paper.pk)
    form = _form(found, department, content, errors)
    context = {
        "form": form, "kind": found, "department": department, "organs": organs,
        "files": selectors.files_to_show(request.user, None, content["files"]),
    }  # fmt: skip
    return render(request, "office/papers/draft.html", context, status=status)


@require_http_methods(FORM_METHODS)
@office_page
def edit(request, paper_id):
    """Change a draft: the page sends the revision it showed.

    Whoever sends a text for a paper that has moved on gets the text back.
    """
    verb = "read" if request.method == "POST" else "draft"
    paper = selectors.paper_for(request.user, paper_id, verb)
    kind = kind_of(paper.kind)
    base, errors, status = paper.head, None, 200
    if request.method != "POST":
        content = selectors.content_of(paper)
    else:
        content, refused = _content(request)
        base = whole(request.POST.get("base")) or 0
        try:
            if refused:
                raise Unusable(refused)
            saved = draft_services.save_revision(
                actor=request.actor, paper=paper, content=content, base=base
            )
        except Unusable as error:
            errors, status = error.errors, 422
        except Conflict as error:
            say_refused(request, error)
            errors, status = {}, 409
        else:
            if saved.revision.is_side:
                return redirect("paper_merge", paper.pk, saved.revision.pk)
            messages.success(request, _("The draft is kept."))
            return redirect("paper", paper.pk)
    form = _form(kind, paper.department, content, errors)
    context = {
        "form": form, "kind": kind, "paper": paper, "base": base,
        "files": selectors.files_to_show(request.user, paper, content.get("files", ())),
    }  # fmt: skip
    return render(request, "office/papers/draft.html", context, status=status)


@require_safe
@office_page
def merge(request, paper_id, side_id):
    """A colleague saved meanwhile: both texts side by side, and the two put together.

    Only for those who write it or send it: whoever receives a paper reads none of its drafts.
    """
    paper = selectors.paper_for(request.user, paper_id)
    may_save = may(request.user, "draft", paper)
    side = selectors.revision_of(paper, 0, side=side_id)
    if side is None or not (may_save or may(request.user, "handle", paper)):
        raise Http404
    merged = selectors.merged_with(paper, side)
    form = _form(kind_of(paper.kind), paper.department, merged["content"])
    labels = {name: form.fields[name].label for name in form.fields}
    context = {
        "paper": paper,
        "files": selectors.files_to_show(request.user, paper, merged["content"].get("files", ())),
        "side": side,
        "theirs": merged["theirs"],
        "texts": [
            {"label": labels.get(name, name), "pieces": pieces}
            for name, pieces in merged["texts"].items()
            if any(piece.first != piece.second for piece in pieces)
        ],
        "clashes": [
            {"label": labels.get(one.name, one.name), "first": _shown(form, one.name, one.first),
             "second": _shown(form, one.name, one.second)}
            for one in merged["clashes"]
        ],
        "form": form,
        "base": paper.head,
        "may_save": may_save,
    }  # fmt: skip
    return render(request, "office/papers/merge.html", context)


def _shown(form, name: str, value) -> str:
    choices = dict(getattr(form.fields.get(name), "choices", ()))
    return str(choices.get(str(value or ""), value or "—"))


@require_http_methods(FORM_METHODS)
@office_page
def words(request):
    """The words under which the official's organs number their papers."""
    organs = headed_organs(request.user)
    form = WordForm(request.POST if request.method == "POST" else None, organs=organs)
    status = 200
    if request.method == "POST":
        department = chosen(organs, request.POST.get("department"))
        if department is None:
            raise Http404
        try:
            draft_services.add_word(
                actor=request.actor, department=department, word=request.POST.get("word", "")
            )
        except Unusable as error:
            form.is_valid()
            with_errors(form, {k: v for k, v in error.errors.items() if k not in form.errors})
            status = 422
        except NotAllowed as error:
            say_refused(request, error)
            status = 403
        else:
            messages.success(request, _("The word is entered."))
            return redirect("paper_words")
    found = selectors.own_words(request.user)
    context = {"rows": found, "form": form, "may_add": bool(organs)}
    return render(request, "office/papers/words.html", context, status=status)
