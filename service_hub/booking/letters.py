"""What people are told about their appointments, on the platform or by text message."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from platform_core.capabilities.notifications.services import notify
from platform_core.common.i18n import pick
from platform_core.common.templatetags.ui import day
from service_hub.cases.codes import shown_code
from service_hub.cases.words import in_both

from .models import Appointment

TITLES = {
    "booked": gettext_noop("Your appointment: %(when)s"),
    "moved": gettext_noop("Your appointment was moved to %(when)s"),
    "cancelled": gettext_noop("Your appointment was cancelled"),
    "day": gettext_noop("Tomorrow: your appointment at %(hall)s"),
    "hours": gettext_noop("Today: your appointment at %(hall)s"),
    "missed": gettext_noop("You missed your appointment"),
    "called_off": gettext_noop("Your appointment on %(when)s cannot take place"),
}
BODIES = {
    "booked": gettext_noop("%(hall)s, %(address)s. Show the code %(code)s at the entrance."),
    "moved": gettext_noop("%(hall)s, %(address)s. Show the code %(code)s at the entrance."),
    "cancelled": gettext_noop("The place on %(when)s is free again. You can book anew."),
    "day": gettext_noop("%(when)s, %(address)s. Code %(code)s. If you cannot come, cancel it."),
    "hours": gettext_noop("%(when)s, %(address)s. Code %(code)s. If you cannot come, cancel it."),
    "missed": gettext_noop("It was on %(when)s. You can book anew, or come without one."),
    "called_off": gettext_noop("%(reason)s Next free: %(free)s."),
}


def tell(appointment: Appointment, kind: str, *, actor, reason: str = "", free=()) -> None:
    """Tell the person; without an account by text message."""
    person = appointment.person
    has_phone = bool(person.phone) if person else bool(appointment.mobile)
    channels = (("in_app",) if person else ()) + (("sms",) if has_phone else ())
    if not channels:
        return

    def words(text: str):
        return in_both(lambda: _(text) % _facts(appointment, reason, free))

    notify(
        actor=actor,
        recipient=person,
        key=f"appointment.{kind}",
        title="{title}",
        body="{body}",
        values={"title": words(TITLES[kind]), "body": words(BODIES[kind])},
        link=link_of(appointment),
        channels=channels,
        address=None if person else appointment.mobile,
        dedupe=f"appointment:{appointment.pk}:{kind}:{appointment.starts_at.isoformat()}",
    )


def link_of(appointment: Appointment) -> str:
    """Where the person sees the appointment; without an account where its code is asked."""
    if appointment.person_id:
        return reverse("portal:appointment", args=[appointment.pk], current_app="portal")
    return reverse("portal:appointments", current_app="portal")


def _facts(appointment: Appointment, reason: str, free) -> dict:
    hall = appointment.line.hall
    return {
        "when": when_words(appointment.starts_at),
        "hall": pick(hall.name),
        "address": pick(hall.address),
        "code": shown_code(appointment.code),
        "reason": reason,
        "free": ", ".join(when_words(one.starts_at) for one in free) or _("none"),
    }


def when_words(starts_at) -> str:
    """A day and a time in the reader's language."""
    local = timezone.localtime(starts_at)
    return f"{day(local)} {local:%H:%M}"
