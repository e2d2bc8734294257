"""The application: begin, fill in page by page, check, send. Nothing typed is ever lost."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms import services as form_services
from platform_core.capabilities.forms.binding import bind_draft
from platform_core.capabilities.forms.earlier import may_be_asked
from platform_core.capabilities.forms.sessions import draft_or_sign_in, saving_of, typed
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from service_hub.bundles.selectors import bundle_of, composition_of, is_bundle
from service_hub.cases import selectors as cases
from service_hub.cases import services as case_services
from service_hub.intake.duplicates import likely_duplicate
from service_hub.items import selectors as items
from service_hub.items.definitions import definition_of
from service_hub.materials import given
from service_hub.materials import selectors as materials

from ..ends import actor_of, choose_firm_first, end_of, go, link, nobody, owner_key, sign_in_first
from ..ends import page as draw
from ..guides import begun, purpose_of
from ..sessions import case_of_correction, remember_case
from . import bundles
from .revoked import still_valid
from .whose import ask_whose, chosen, doer, principals, subject_of


def start(request, slug, key):
    """Begin an application, or choose between the one begun earlier and a new one."""
    item = items.item_for(slug, key)
    actor = actor_of(request)
    if not items.takes_new_cases(item):
        return go(request, "guide", slug, key)
    if actor.user is None and not item.is_anonymous_allowed:
        return sign_in_first(request)
    # At the firms' end nobody files in their own name without noticing.
    is_firms = "person" not in item.audience or end_of(request) == "enterprise"
    if actor.firm is None and "firm" in item.audience and is_firms:
        return choose_firm_first(request)
    mandates = principals(request, item, actor)
    if mandates and "for" not in request.POST:
        return draw(request, "for_whom", {"item": item, "mandates": mandates})
    actor = actor.under(chosen(mandates, request.POST.get("for", "")))
    draft = begun(item, actor, owner_key(request))
    if request.method == "POST" or draft is None:
        try:
            is_kept = draft and "new" not in request.POST
            draft = draft if is_kept else _new_draft(request, item, actor)
        except NotAllowed as error:
            messages.warning(request, str(error))
            return go(request, "guide", slug, key)
        return go(request, "resume", draft.pk)
    return draw(request, "start", {"item": item, "draft": draft})


def _new_draft(request, item, actor):
    """A draft of the person's own. Where one may stay nameless it is the browser's, so that nothing
    binds it to an account before the person was asked.
    """
    is_open = item.is_anonymous_allowed and actor.firm is None
    return form_services.start_draft(
        actor=nobody(request) if is_open else actor,
        napp_version=item.napp_version,
        form_key=item.form_key,
        purpose=purpose_of(item),
        owner_key=owner_key(request),
    )


def resume(request, draft_id):
    """To the page where the person stopped."""
    draft, answer = draft_or_sign_in(request, draft_id)
    if answer is not None:
        return answer
    if question := ask_whose(request, draft):
        return question
    bound = bind_draft(draft, actor=doer(request, draft), owner_key=owner_key(request), quiet=True)
    keys = [one.key for one in bound.pages]
    return go(request, "page", draft.pk, draft.page if draft.page in keys else keys[0])


def page(request, draft_id, page):
    """One page of the form."""
    draft, answer = draft_or_sign_in(request, draft_id, page=page)
    if answer is not None:
        return answer
    if forms.form_of(draft).page(page) is None:
        raise Http404
    if request.method == "POST":
        # What was typed is kept first; whose it is, the next page asks.
        return _save(request, draft, page)
    if question := ask_whose(request, draft):
        return question
    if any(page in one.part.pages and one.is_closed for one in forms.parts_of(draft)):
        return go(request, "parts", draft.pk)
    draft = still_valid(request, draft)
    bound = bind_draft(
        draft, page=page, actor=doer(request, draft), owner_key=owner_key(request), quiet=True
    )
    return _page(request, draft, bound)


def _save(request, draft, page):
    try:
        bound = form_services.save_page(
            actor=doer(request, draft),
            draft=draft,
            page=page,
            values=typed(request),
            files=request.FILES,
            owner_key=owner_key(request),
        )
    except (Conflict, NotAllowed):
        return go(request, "check", draft.pk)
    if bound.command == "autosave":
        return JsonResponse(saving_of(bound))
    if bound.command == "later":
        messages.success(request, _("Saved. You find it under “My cases” for 30 days."))
        return go(request, "cases" if request.user.is_authenticated else "home")
    if bound.command == "back":
        before = bound.previous_page
        return (
            go(request, "page", draft.pk, before.key) if before else go(request, "resume", draft.pk)
        )
    if bound.may_go_on:
        after = bound.next_page
        return go(request, "page", draft.pk, after.key) if after else go(request, "check", draft.pk)
    return _page(request, draft, bound)


def _page(request, draft, bound):
    context = {
        "bound": bound,
        "draft": draft,
        "subject": subject_of(draft),
        "bundle": bundle_of(draft) if is_bundle(draft) else None,
        "is_form": True,
        "contest_url": link(request, "contest", draft.pk, "__field__"),
        "parts": forms.parts_of(draft),
        "ask_earlier": may_be_asked(request.user, draft),
        "given": given.offered(doer(request, draft), _papers(draft), draft, bound.page),
    }
    return draw(request, "form", context)


def _papers(draft) -> dict[str, str]:
    """{code: field} of the questions of a draft that take a paper."""
    if is_bundle(draft):
        return composition_of(draft).papers()
    item = subject_of(draft)
    return given.papers_of(definition_of(item, draft.napp_version)) if item else {}


def check(request, draft_id):
    """Show all answers before they are sent; POST sends them. A second press leads to the same
    receipt.
    """
    draft, answer = draft_or_sign_in(request, draft_id, sent=True)
    if answer is not None:
        return answer
    if is_bundle(draft):
        return bundles.check(request, draft)
    if draft.submitted_at:
        return _to_receipt(request, cases.filed_from(draft))
    if question := ask_whose(request, draft):
        return question
    draft = still_valid(request, draft)
    problem, twin = "", _twin(request, draft)
    if request.method == "POST" and (twin is None or "anyway" in request.POST):
        try:
            return _send(request, draft)
        except (Conflict, NotAllowed) as error:
            problem = str(error)
        except Unusable as error:
            problem = _of_the_whole(error.errors)
    bound = bind_draft(draft, actor=doer(request, draft), owner_key=owner_key(request))
    context = {
        "bound": bound,
        "draft": draft,
        "subject": subject_of(draft),
        "problem": problem,
        "twin": twin,
        "materials": materials_of(request, draft),
        "parts": [] if draft.only_fields else forms.parts_of(draft),
    }
    status = 422 if problem else 409 if twin and request.method == "POST" else 200
    return draw(request, "check", context, status=status)


def _twin(request, draft):
    """A running case of the same applicant that says the same: they are asked before sending."""
    item, actor = subject_of(draft), doer(request, draft)
    if item is None or draft.only_fields:
        return None
    return likely_duplicate(
        lambda: bind_draft(draft, actor=actor, owner_key=owner_key(request), quiet=True),
        item,
        applicant=actor.applicant,
        firm=draft.firm,
    )


def materials_of(request, draft) -> list[dict]:
    """How each material of the application is had; none for a correction."""
    item = None if draft.only_fields else subject_of(draft)
    if item is None:
        return []
    return materials.shown_for_draft(doer(request, draft), item, draft)


def _of_the_whole(errors: dict) -> str:
    """What is wrong with the application as a whole; wrong answers are said at their questions."""
    found = [said for path, said in errors.items() if path == "" or path.startswith("part:")]
    return found[0][0] if found else ""


def _send(request, draft):
    actor, key = doer(request, draft), owner_key(request)
    if draft.only_fields:
        case = case_of_correction(request, draft)
        case_services.answer_correction(actor=actor, case=case, draft=draft, owner_key=key)
        messages.success(request, _("The correction was sent. You need do nothing now."))
        return go(request, "case", case.pk)
    item = subject_of(draft)
    if item is None:
        raise Http404
    receipt = case_services.file_case(actor=actor, item=item, draft=draft, owner_key=key)
    return _to_receipt(request, receipt.case)


def _to_receipt(request, case):
    if case is None:
        return go(request, "cases")
    if case.is_anonymous:
        remember_case(request, case)
    return go(request, "receipt", case.pk)


@require_POST
def use_again(request, draft_id, page):
    """Put a paper that the person gave before into the draft."""
    draft, answer = draft_or_sign_in(request, draft_id)
    if answer is not None:
        return answer
    try:
        given.use_again(
            actor=doer(request, draft),
            papers=_papers(draft),
            draft=draft,
            page=page,
            field=request.POST.get("field", "")[:40],
            owner_key=owner_key(request),
        )
        messages.success(request, _("Added. Look whether it is still right."))
    except (Conflict, NotAllowed, Unusable) as error:
        messages.warning(request, str(error))
    return go(request, "page", draft.pk, page)


@require_POST
def discard(request, draft_id):
    """Throw an unsent application away."""
    draft, answer = draft_or_sign_in(request, draft_id)
    if answer is not None:
        return answer
    key = owner_key(request)
    form_services.discard_draft(actor=doer(request, draft), draft=draft, owner_key=key)
    messages.success(request, _("The draft was deleted."))
    return go(request, "cases" if request.user.is_authenticated else "home")
