"""Writes of evaluations: record a visit, rate once per service event, add once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.notifications.services import notify
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.locks import one_at_a_time
from security.actors import Actor
from security.audit.services import record_audit
from security.identifiers import mobile_problem, plain_mobile
from security.organs.selectors import active_posts
from service_hub.cases.history import add_event
from service_hub.cases.models import Case
from service_hub.cases.selectors import events_of
from service_hub.cases.timeline import rated_officer
from service_hub.cases.words import in_both

from .models import Evaluation, Visit
from .options import ON_SITE, ONLINE, VERSION, options_for
from .rectification_services import open_rectification
from .selectors import service_events
from .tokens import token_of

LONGEST_TEXT = 1000
LONGEST_WINDOW = 60
# Numbers 1 and 2 are the stages of a case online; visits are counted on from here.
FIRST_VISIT_NO = 3
# A second press of the button is the same visit.
SAME_VISIT = timedelta(minutes=2)
SAME_PRESS = timedelta(seconds=5)


@transaction.atomic
def record_visit(
    *, actor, case: Case | None = None, item=None, window: str = "", at: datetime | None = None
) -> Visit:
    """Record that the official `actor` served somebody at a window: this can be rated once.

    With a case its applicant is told how to rate. Without one, `item` may say what it was about.
    Raises NotAllowed when the actor holds no post.
    """
    at = at or timezone.now()
    window = " ".join(window.split())[:LONGEST_WINDOW]
    post = actor.post or next(iter(active_posts(actor.user)), None)
    if post is None:
        raise NotAllowed(_("Only somebody with a post in an office serves at a window."))
    if case is not None:
        case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        known = case.visits.filter(clerk=actor.user, at__gt=at - SAME_VISIT, at__lte=at).first()
    else:
        one_at_a_time(f"visit:{actor.user.pk}")
        known = _just_recorded(actor.user, item, window, at)
    if known:
        return known
    visit = Visit.objects.create(
        case=case,
        item_id=case.item_id if case else getattr(item, "pk", None),
        department=post.department,
        clerk=actor.user,
        window=window,
        service_no=_next_visit_no(case) if case else None,
        at=at,
    )
    record_audit(actor=actor, verb="visit.record", obj=visit)
    if case and case.applicant_id:
        notify(
            actor=actor,
            recipient=case.applicant,
            key="visit.rate",
            title=in_both(lambda: _("How were you served?")),
            body=in_both(lambda: _("You were at a window today. You may rate it, once.")),
            link=reverse("rate_visit", args=[token_of(visit.pk)]),
            channels=("in_app", "sms") if case.applicant.phone else ("in_app",),
            dedupe=f"visit:{visit.pk}",
        )
    return visit


def _just_recorded(clerk, item, window: str, at: datetime) -> Visit | None:
    """The visit without a case that a first press recorded: nobody is served in so few seconds."""
    found = Visit.objects.filter(clerk=clerk, case=None, item=item, evaluation=None)
    return found.filter(window=window, at__gt=at - SAME_PRESS, at__lte=at).first()


def _next_visit_no(case: Case) -> int:
    last = case.visits.aggregate(last=Max("service_no"))["last"]
    return max(last or 0, FIRST_VISIT_NO - 1) + 1


@transaction.atomic
def rate_case(
    *,
    actor,
    case: Case,
    service_no: int,
    grade,
    options=(),
    text: str = "",
    at: datetime | None = None,
) -> Evaluation:
    """Rate one service event of a case. There is no default grade and no second rating.

    Raises Unusable at "grade", "options" or "text"; Conflict when it was rated or cannot be yet.
    A bad grade (1 or 2) opens a follow-up with its clocks.
    """
    at = at or timezone.now()
    grade = _usable_grade(grade)
    _check_words(grade, options, text, ONLINE)
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("item", "department")
        .get(pk=case.pk)
    )
    event = next((event for event in service_events(case) if event.no == service_no), None)
    if event is None:
        raise Conflict(_("This can be rated once the office has acted."))
    if Evaluation.objects.filter(case=case, service_no=service_no).exists():
        raise Conflict(_("You have already rated this. You can still add to your rating."))
    evaluation = Evaluation.objects.create(
        case=case,
        service_no=service_no,
        item_id=case.item_id,
        department_id=case.department_id,
        officer=rated_officer(events_of(case)),
        served_at=event.at,
        service_channel=case.channel,
        **_said(actor, grade, options, text, at),
    )
    add_event(case, "rated", actor=actor, at=at)
    return _rated(actor, evaluation)


@transaction.atomic
def rate_for_caller(
    *, actor, case: Case, service_no: int, grade, options=(), text: str = "", at=None
) -> Evaluation:
    """An agent of the hotline enters what a caller says about their case; channel "phone".

    Raises NotAllowed for somebody of the organ that is rated: nobody rates their own house.
    """
    if any(post.department_id == case.department_id for post in active_posts(actor.user)):
        raise NotAllowed(_("Your own office is rated here. Somebody of another office enters it."))
    if not active_posts(actor.user):
        raise NotAllowed(_("Only somebody with a post in an office enters ratings for callers."))
    caller = Actor.of(case.applicant, channel="phone", ip=actor.ip, request_id=actor.request_id)
    said = {"grade": grade, "options": options, "text": text, "at": at}
    evaluation = rate_case(actor=caller, case=case, service_no=service_no, **said)
    evaluation.entered_by = actor.user
    evaluation.save(update_fields=["entered_by"])
    record_audit(actor=actor, verb="case.rate_for_caller", obj=evaluation)
    return evaluation


@transaction.atomic
def rate_visit(
    *,
    actor,
    visit: Visit,
    grade,
    options=(),
    text: str = "",
    contact: str = "",
    at: datetime | None = None,
) -> Evaluation:
    """Rate a visit, once, with or without an account; `contact` is a mobile to call back.

    Raises Unusable at "grade", "options", "text" or "contact"; Conflict when it was rated;
    NotAllowed for the clerk who served: nobody rates themselves.
    """
    at = at or timezone.now()
    grade = _usable_grade(grade)
    _check_words(grade, options, text, ON_SITE)
    contact = _usable_contact(contact)
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    if actor.user is not None and actor.user.pk == visit.clerk_id:
        raise NotAllowed(_("You served this person yourself, so you cannot rate it."))
    if Evaluation.objects.filter(visit=visit).exists():
        raise Conflict(_("This visit was rated already."))
    evaluation = Evaluation.objects.create(
        case_id=visit.case_id,
        visit=visit,
        service_no=visit.service_no or 1,
        item_id=visit.item_id,
        department_id=visit.department_id,
        officer_id=visit.clerk_id,
        served_at=visit.at,
        service_channel="window",
        contact=contact,
        **_said(actor, grade, options, text, at, contact),
    )
    return _rated(actor, evaluation)


def _said(actor, grade: int, options, text: str, at: datetime, contact: str = "") -> dict:
    """What the rater said and who they are, as fields of the rating."""
    return {
        "channel": actor.channel,
        "grade": grade,
        "options": sorted(set(options)),
        "options_version": VERSION,
        "text": text.strip(),
        "rater": actor.user,
        "is_real_name": actor.user is not None or bool(contact),
        "rated_at": at,
    }


def _rated(actor, evaluation: Evaluation) -> Evaluation:
    record_audit(actor=actor, verb="case.rate", obj=evaluation, after={"grade": evaluation.grade})
    if evaluation.is_bad:
        open_rectification(actor=actor, evaluation=evaluation)
    return evaluation


def _usable_contact(contact: str) -> str:
    contact = contact.strip()
    if contact and mobile_problem(contact):
        raise Unusable({"contact": [_("Enter a mobile number of 11 digits, or leave it empty.")]})
    return plain_mobile(contact) if contact else ""


def _usable_grade(grade) -> int:
    try:
        grade = int(grade)
    except (TypeError, ValueError):
        grade = 0
    if not 1 <= grade <= 5:
        raise Unusable({"grade": [_("Choose one of the five grades.")]})
    return grade


def _check_words(grade: int, options, text: str, scene: str) -> None:
    unknown = set(options) - set(options_for(grade, scene))
    if unknown:
        raise Unusable({"options": [_("Choose from the options shown for this grade.")]})
    if len(text) > LONGEST_TEXT:
        raise Unusable({"text": [_("Use at most %(n)s characters.") % {"n": LONGEST_TEXT}]})


@transaction.atomic
def add_to_rating(
    *, actor, evaluation: Evaluation, text: str, at: datetime | None = None
) -> Evaluation:
    """The rater adds words once, later; what was said first stays as it is."""
    text = text.strip()
    if not text or len(text) > LONGEST_TEXT:
        raise Unusable({"text": [_("Write between 1 and %(n)s characters.") % {"n": LONGEST_TEXT}]})
    evaluation = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if evaluation.addition:
        raise Conflict(_("You have already added to this rating."))
    evaluation.addition, evaluation.added_at = text, at or timezone.now()
    evaluation.save(update_fields=["addition", "added_at"])
    record_audit(actor=actor, verb="case.rate_addition", obj=evaluation)
    return evaluation
