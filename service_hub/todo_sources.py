"""What waits for a person in cases, drafts, invitations, mandates, ratings and appointments."""

from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.forms import selectors as forms
from platform_core.common.i18n import pick
from security.accounts.selectors import mandates_between

from .booking.models import Appointment
from .cases.models import Case
from .cases.selectors import cases_of
from .items import selectors as items
from .todos import Todo, register_todo

MOST = 10
DRAFT_DAYS = 7
RATING_DAYS = 30
VISIT_DAYS = 3
CUT = 120


@register_todo
def cases_that_wait(actor) -> list[Todo]:
    """Cases that an office gave back to be corrected, and granted ones whose paper waits for its
    applicant to say how it is to come.
    """
    waits = Q(state=Case.State.CORRECTING)
    waits |= Q(state=Case.State.DELIVERING, delivery__state="open")
    found = cases_of(actor.user, actor.firm).filter(waits).select_related("delivery")
    return [_todo_of(case) for case in found[:MOST]]


def _todo_of(case: Case) -> Todo:
    title = {"title": pick(case.item.title)}
    if case.state == Case.State.DELIVERING:
        said = _("Say how “%(title)s” is to come to you") % title
        due = case.delivery.due_at
        return Todo(f"paper:{case.pk}", said, "", "portal:delivery", (case.pk,), due, "send")
    return Todo(
        f"correct:{case.pk}",
        _("Correct “%(title)s”") % title,
        case.correction.note[:CUT],
        "portal:correct",
        (case.pk,),
        case.correction.due_at,
        "square-pen",
    )


@register_todo
def addresses_out_of_use(actor) -> list[Todo]:
    """An own address that was not confirmed yet, or at which a message could not be delivered."""
    if actor.firm:
        return []
    titles = {
        ("email", "broken"): _("Your e-mail address does not work"),
        ("sms", "broken"): _("Your mobile number does not work"),
        ("email", "unproved"): _("Confirm your e-mail address"),
        ("sms", "unproved"): _("Confirm your mobile number"),
    }
    return [
        Todo(
            f"address:{channel}",
            titles[channel, why],
            _("Nothing is sent there before you have confirmed it."),
            "portal:address",
            (channel,),
            icon="triangle-alert",
        )
        for channel, why in actor.user.out_of_use.items()
        if (channel, why) in titles
    ]


@register_todo
def drafts_near_their_end(actor) -> list[Todo]:
    """Applications that were begun and will be deleted in some days."""
    soon = timezone.now() + timedelta(days=DRAFT_DAYS)
    ending = forms.drafts_of(actor.user, firm=actor.firm).filter(expires_at__lte=soon)
    drafts = [one for one in ending[: MOST * 2] if one.purpose.startswith("item:")][:MOST]
    known = items.items_by_id({one.purpose.removeprefix("item:") for one in drafts})
    return [
        Todo(
            f"draft:{draft.pk}",
            _("Send or give up “%(title)s”") % {"title": pick(item.title)},
            _("What you have typed is deleted after this day."),
            "portal:resume",
            (draft.pk,),
            draft.expires_at,
            "file-pen",
        )
        for draft in drafts
        if (item := known.get(draft.purpose.removeprefix("item:")))
    ]


@register_todo
def parts_to_fill_in(actor) -> list[Todo]:
    """Parts of others' applications that this person opened and has not confirmed."""
    if actor.firm:
        return []
    return [
        Todo(
            f"invited:{one.pk}",
            _("Fill in “%(part)s”") % {"part": pick(forms.form_of(one.draft).part(one.part).title)},
            _("%(name)s asked you.") % {"name": one.by.get_full_name()},
            "portal:invited",
            (one.pk,),
            one.expires_at,
            "user-plus",
        )
        for one in forms.invitations_to(actor.user).filter(confirmed_at=None)[:MOST]
    ]


@register_todo
def mandates_to_accept(actor) -> list[Todo]:
    """People who ask to act for this person."""
    if actor.firm:
        return []
    asked = mandates_between(actor.user).filter(
        principal=actor.user, accepted_at=None, ended_at=None, valid_until__gte=timezone.localdate()
    )
    return [
        Todo(
            f"mandate:{one.pk}",
            _("%(name)s asks to act for you") % {"name": one.agent},
            _("Accept or refuse."),
            "portal:mandates",
            (),
            timezone.make_aware(datetime.combine(one.valid_until, time.max)),
            "users",
        )
        for one in asked[:MOST]
    ]


@register_todo
def ratings_to_give(actor) -> list[Todo]:
    """Cases decided in the last weeks whose result was not rated; asked for, never required."""
    since = timezone.now() - timedelta(days=RATING_DAYS)
    decided = cases_of(actor.user, actor.firm).filter(decided_at__gte=since)
    decided = decided.exclude(evaluations__service_no=2)
    return [
        Todo(
            f"rate:{case.pk}",
            _("Rate “%(title)s”") % {"title": pick(case.item.title)},
            _("You may say how it was. It takes a minute."),
            "portal:rate",
            (case.pk,),
            None,
            "star",
        )
        for case in decided[:MOST]
    ]


@register_todo
def visits_soon(actor) -> list[Todo]:
    """Appointments of the next days."""
    now = timezone.now()
    soon = Q(starts_at__gte=now, starts_at__lt=now + timedelta(days=VISIT_DAYS))
    mine = Appointment.objects.filter(soon, person=actor.user, state=Appointment.State.BOOKED)
    if actor.firm:
        mine = mine.none()
    mine = mine.select_related("line__hall").order_by("starts_at")
    return [
        Todo(
            f"appointment:{one.pk}",
            _("Your appointment"),
            pick(one.line.hall.name),
            "portal:appointment",
            (one.pk,),
            one.starts_at,
            "calendar-clock",
        )
        for one in mine[:MOST]
    ]
