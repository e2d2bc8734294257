"""Life events: choose what applies, one form, one receipt, one page to follow them all."""

from dataclasses import dataclass

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from platform_core.capabilities.forms.sessions import draft_or_sign_in
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.fields import from_dict
from platform_core.common.i18n import pick
from service_hub.bundles import selectors as bundles
from service_hub.bundles import services, standing, words
from service_hub.cases.moving import may as may_move
from service_hub.cases.numbers import grouped
from service_hub.cases.timeline import history
from service_hub.evaluations import selectors as evaluations

from ..cards import case_cards
from ..ends import actor_of, choose_firm_first, for_person, go, owner_key, page, sign_in_first
from .revoked import still_valid

LONGEST_REASON = 400
MOST_CARDS = 20


@dataclass(frozen=True)
class BundleCard:
    """A life event in a list."""

    case: object
    title: str
    kind: str
    icon: str
    status: str
    due_at: object
    due: dict | None
    # Before every part is accepted: the case whose promise is the longest.
    slowest: object
    closed_at: object
    done: int
    of: int
    needs_me: bool
    is_over: bool


def bundle_card(bundle_case) -> BundleCard:
    """The card of something filed together, whose cases are loaded."""
    now = timezone.now()
    children, cases = bundles.children_of(bundle_case, now), list(bundle_case.cases.all())
    state = standing.state_of(children)
    kind, icon = words.SHOWN[state]
    done = standing.done_count(children)
    is_over = done == len(children)
    return BundleCard(
        case=bundle_case,
        title=pick(bundle_case.bundle.title),
        kind=kind,
        icon=icon,
        status=words.state_words(state),
        due_at=standing.due_of(children),
        due=words.light(children, now),
        slowest=max(cases, key=lambda one: one.offered.promise_days),
        closed_at=max((one.closed_at for one in cases if one.closed_at), default=None),
        done=done,
        of=len(children),
        needs_me=state == standing.NEEDS_YOU,
        is_over=is_over,
    )


def bundle_cards(actor) -> list[BundleCard]:
    """The newest life events of a person, or of the firm acted for."""
    return [
        bundle_card(one) for one in bundles.bundle_cases_of(actor.user, actor.firm)[:MOST_CARDS]
    ]


def bundle(request, slug, key):
    """What a life event is, the opening questions, and the items to choose from."""
    found = bundles.bundle_for(slug, key)
    definition = bundles.definition_of(found)
    answers = {one.key: request.GET.get(one.key, "") for one in definition.questions}
    choices = bundles.choices(found, answers)
    chosen = [one.item for one in choices if one.is_open and one.chosen]
    context = {
        "bundle": found,
        "questions": [_asked(one, answers[one.key]) for one in definition.questions],
        "is_answered": bool(bundles.facts(definition, answers)),
        "choices": [one for one in choices if one.is_open],
        "closed": [one for one in choices if not one.is_open],
        "is_open": bundles.may_begin(found)
        and all(one.is_open for one in choices if one.is_required),
        "saved": bundles.composed_of(found, chosen) if len(chosen) > 1 else None,
        "chosen": chosen,
        "visits": sum(one.visits for one in chosen),
    }
    return page(request, "bundles/bundle", context)


def _asked(question, value: str):
    options = [(one.value, pick(one.label)) for one in question.options]
    return from_dict(
        {
            "name": question.key,
            "label": pick(question.label),
            "hint": pick(question.help),
            "kind": "radio",
            "options": options
            or [("yes", pgettext("answer", "Yes")), ("no", pgettext("answer", "No"))],
            "value": value,
            "required": False,
        }
    )


def begin(request, slug, key):
    """To the form for the chosen items: the one begun earlier for the same choice, or a new one."""
    found = bundles.bundle_for(slug, key)
    actor = actor_of(request)
    if actor.user is None:
        return sign_in_first(request)
    if found.audience == "firm" and actor.firm is None:
        return choose_firm_first(request)
    try:
        draft = services.begin_bundle(
            actor=actor, bundle=found, items=request.GET.getlist("item")[:20]
        )
    except (Conflict, NotAllowed) as error:
        messages.warning(request, str(error))
        return go(request, "bundle", slug, key)
    return go(request, "resume", draft.pk)


def check(request, draft):
    """All answers before they are sent; POST sends everything. A second press leads to the same
    receipt.
    """
    actor, key, problem, wrong = actor_of(request), owner_key(request), "", {}
    if draft.submitted_at:
        sent = bundles.filed_from(draft)
        return go(request, "bundle_receipt", sent.pk) if sent else go(request, "cases")
    draft = still_valid(request, draft)
    if request.method == "POST":
        try:
            sent = services.send_bundle(actor=actor, draft=draft, owner_key=key)
            return go(request, "bundle_receipt", sent.pk)
        except (Conflict, NotAllowed) as error:
            problem = str(error)
        except Unusable as error:
            wrong = error.errors
            problem = next(iter(wrong.get("", [])), "")
    bound = bundles.judged(draft, actor=actor, owner_key=key)
    for path, said in wrong.items():
        if path:
            bound.errors.setdefault(path, said)
    composition = bundles.composition_of(draft)
    context = {
        "bound": bound,
        "draft": draft,
        "bundle": bundles.bundle_of(draft),
        "problem": problem,
        "parts": composition.parts,
        "closed": bundles.closed_parts(draft),
        "materials": bundles.materials_of(actor, draft),
    }
    return page(request, "bundles/check", context, status=422 if problem or wrong else 200)


@require_POST
def leave_out(request, draft_id):
    """The same application without one of its parts."""
    draft, answer = draft_or_sign_in(request, draft_id)
    if answer is not None:
        return answer
    item = request.POST.get("item", "")[:90]
    try:
        draft = services.leave_out(actor=actor_of(request), draft=draft, item=item)
        messages.success(request, _("This part was left out. Your other answers are kept."))
    except (Conflict, NotAllowed) as error:
        messages.warning(request, str(error))
    return go(request, "check", draft.pk)


@for_person
def receipt(request, bundle_case_id):
    """What the applicant keeps: one number for the whole, and the number of each case."""
    found = bundles.bundle_case_for(request.user, bundle_case_id)
    return page(request, "bundles/receipt", {"one": found, "cases": _numbered(found)})


def _numbered(bundle_case) -> list[dict]:
    return [{"case": case, "number": grouped(case.number)} for case in bundle_case.cases.all()]


@for_person
def track(request, bundle_case_id):
    """Where the whole stands, each case in it, and everything that has happened."""
    found = bundles.bundle_case_for(request.user, bundle_case_id)
    cases = list(found.cases.all())
    card = bundle_card(found)
    context = {
        "one": found,
        "card": card,
        "cards": case_cards(request, cases),
        "entries": _together(cases),
        "waiting": [case for case in cases if case.state == "correcting"],
        "to_rate": [
            case for case in cases if evaluations.to_rate(case, list(case.evaluations.all()))
        ],
        "may_withdraw": not card.is_over,
    }
    return page(request, "bundles/one", context)


def _together(cases: list) -> list[dict]:
    """The histories of all cases as one, newest first."""
    lines = [
        {**line, "title": f"{pick(case.item.title)} · {line['title']}"}
        for case in cases
        for line in history(case, list(case.events.all()))
        if line.get("at")
    ]
    return sorted(lines, key=lambda line: line["at"], reverse=True)


@for_person
def withdraw(request, bundle_case_id):
    """Ask once more, then take everything back that still runs."""
    found = bundles.bundle_case_for(request.user, bundle_case_id, "withdraw")
    running = [case for case in found.cases.all() if may_move(case, "withdraw")]
    if not running:
        return go(request, "bundle_case", found.pk)
    if request.method == "POST":
        reason = request.POST.get("reason", "").replace("\x00", "")[:LONGEST_REASON]
        try:
            services.withdraw_bundle(actor=actor_of(request), bundle_case=found, reason=reason)
            messages.success(request, _("The application was withdrawn."))
        except Conflict as error:
            messages.warning(request, str(error))
        return go(request, "bundle_case", found.pk)
    return page(request, "bundles/withdraw", {"one": found, "running": running})
