"""What a firm must not miss: duties, corrections, certificates and mandates that
end; as a list, as a calendar to subscribe to, and among what waits for the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core import signing
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.selectors import wallet_of
from platform_core.common.calendar_file import Event, calendar
from platform_core.common.i18n import pick
from platform_core.common.workcalendar import days_light
from security.accounts.firm_roles import MANAGE
from security.accounts.models import Firm, User
from security.accounts.selectors import firms_of, firms_with, members_of
from service_hub.cases.models import Case
from service_hub.cases.selectors import cases_of
from service_hub.duties.selectors import lines_for
from service_hub.todos import Todo, register_todo

from .models import FirmInvitation
from .selectors import invitations_to, open_invitations

AHEAD = timedelta(days=180)
# From so many days before it is soon.
SOON = {"certificate": 60, "mandate": 30, "duty": 30, "correction": 7}
MOST = 200
MOST_TODOS = 10
SALT = "firm-calendar"


@dataclass(frozen=True)
class Deadline:
    """One day: what must be done by it, and where."""

    key: str
    kind: str
    on: date
    title: str
    note: str
    url_name: str
    url_args: tuple = ()
    # Whether it can be done already.
    is_open: bool = True

    @property
    def url(self) -> str:
        """Where it is done."""
        return reverse(self.url_name, args=self.url_args)

    @property
    def light(self) -> dict:
        """Red when it is past, yellow when it is soon; with words."""
        return days_light((self.on - timezone.localdate()).days, SOON[self.kind])


def deadlines_of(user, firm) -> list[Deadline]:
    """The firm's deadlines of the next half year for one of its members, the next one first. A
    constant number of queries.
    """
    if firm not in firms_of(user):
        return []
    today = timezone.localdate()
    found = [*_corrections(user, firm), *_ending(user, firm, today)]
    found = [one for one in found if one.on <= today + AHEAD]
    return sorted(found, key=lambda one: (one.on, one.key))[:MOST]


def _ending(user, firm, today) -> list[Deadline]:
    found = [*_duties(user, firm, today), *_certificates(user, firm, today)]
    return found + list(_mandates(firm, today) if firm in firms_with(user, MANAGE) else ())


def _duties(user, firm, today):
    for line in lines_for(user, firm, today):
        duty, one = line.duty, line.occurrence
        yield Deadline(
            f"duty:{duty.pk}:{one.period}", "duty", one.day, line.title, line.note,
            "firm:duty", (duty.napp.slug, duty.key, one.period), one.opens <= today,
        )  # fmt: skip


def _corrections(user, firm):
    waiting = cases_of(user, firm).filter(state=Case.State.CORRECTING)
    for case in waiting[:MOST]:
        due = case.correction.due_at
        if due:
            yield Deadline(
                f"correction:{case.pk}", "correction", timezone.localdate(due),
                _("Correct “%(title)s”") % {"title": pick(case.item.title)},
                case.number, "enterprise:correct", (case.pk,),
            )  # fmt: skip


def _certificates(user, firm, today):
    held = wallet_of(user, firm, "valid").filter(
        valid_until__isnull=False, valid_until__lte=today + AHEAD
    )
    for one in held[:MOST]:
        yield Deadline(
            f"certificate:{one.pk}", "certificate", one.valid_until,
            _("“%(title)s” ends") % {"title": pick(one.title)},
            _("Renew it in time if you still need it."), "enterprise:document", (one.pk,),
        )  # fmt: skip


def _mandates(firm, today):
    ending = members_of(firm).filter(valid_until__gte=today, valid_until__lte=today + AHEAD)
    for one in ending[:MOST]:
        yield Deadline(
            f"mandate:{one.pk}", "mandate", one.valid_until,
            _("The mandate of %(name)s ends") % {"name": one.user},
            _("Renew it under “Members”."), "firm:member", (one.pk,),
        )  # fmt: skip


@register_todo
def soon_to_end(actor) -> list[Todo]:
    """Duties of the firm acted for that are due soon, certificates and mandates that end soon."""
    if actor.firm is None:
        return []
    found = _ending(actor.user, actor.firm, timezone.localdate())
    soon = [one for one in found if one.is_open and one.light["level"] != "g"]
    soon.sort(key=lambda one: one.on)
    return [
        Todo(one.key, one.title, one.note, one.url_name, one.url_args, _end_of(one.on), "hourglass")
        for one in soon[:MOST_TODOS]
    ]


@register_todo
def invitations_unanswered(actor) -> list[Todo]:
    """People whom the firm invited and who have not answered, for whoever looks after them."""
    if actor.firm is None:
        return []
    return [
        Todo(
            f"firm-invited:{one.pk}",
            _("%(name)s has not answered the invitation") % {"name": one.name},
            _("Give them the link by %(day)s, or take it back.")
            % {"day": timezone.localdate(one.expires_at).isoformat()},
            "firm:members",
            (),
            None,
            "user-plus",
        )
        for one in open_invitations(actor.user, actor.firm)[:MOST_TODOS]
    ]


@register_todo
def invitations_to_answer(actor) -> list[Todo]:
    """Firms that invite this person."""
    if actor.firm:
        return []
    return [
        Todo(
            f"firm-invitation:{one.pk}",
            _("%(firm)s invites you") % {"firm": one.firm.name},
            _("Accept or refuse."),
            "firm:join",
            (one.token,),
            one.expires_at,
            "building-2",
        )
        for one in _invited(actor.user)
    ]


def _invited(user) -> list[FirmInvitation]:
    return list(invitations_to(user)[:MOST_TODOS])


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))


def calendar_token(user, firm) -> str:
    """The secret of the member's calendar of the firm. It works while the mandate holds."""
    return signing.Signer(salt=SALT).sign_object([user.pk, str(firm.pk)])


def calendar_of(token: str) -> bytes:
    """The firm's deadlines as a calendar (iCalendar, RFC 5545) for whoever holds the secret;
    Http404 when it is none, or when the member may no longer act for the firm.
    """
    try:
        user_id, firm_id = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        raise Http404 from None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    firm = Firm.objects.filter(pk=firm_id).first()
    if user is None or firm is None or firm not in firms_of(user):
        raise Http404
    return calendar_lines(firm.name, deadlines_of(user, firm), timezone.now())


def calendar_lines(name: str, deadlines: list[Deadline], made_at: datetime) -> bytes:
    """Whole-day events, of which a reader is reminded a week before. Pure."""
    events = [
        Event(f"{one.key}@govplatform", one.title, one.on, note=one.note, alarm=timedelta(days=7))
        for one in deadlines
    ]
    return calendar(events, made_at=made_at, name=name)
