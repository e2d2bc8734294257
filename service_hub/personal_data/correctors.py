"""Which columns are corrected, and by which service of the module that keeps them."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.common.errors import Unusable
from platform_core.common.i18n import pick
from security.accounts.services import correct_real_name
from security.identifiers import mobile_problem, plain_mobile
from service_hub.booking.models import Appointment
from service_hub.booking.services import correct_appointment
from service_hub.materials.services import correct_fact

from .data import Corrector, register_corrector

LONGEST = 200
OVER = gettext_lazy("This appointment is over. It is a record of what happened.")


def _line(typed: str, least: int = 1, most: int = LONGEST) -> str:
    text = " ".join(str(typed or "").replace("\x00", "").split())
    if not least <= len(text) <= most:
        words = _("Write how it should stand, in %(least)s to %(most)s characters.")
        raise Unusable({"wished": [words % {"least": least, "most": most}]})
    return text


def _name(row, field: str, typed: str) -> str:
    return _line(typed, 2, 50)


def _fact(row, field: str, typed: str) -> dict:
    text = _line(typed)
    return {"zh": text, "en": text}


def _of_appointment(row, field: str, typed: str) -> str:
    if field != "mobile":
        return _line(typed, 2, 50)
    problem = mobile_problem(str(typed or ""))
    if problem:
        raise Unusable({"wished": [problem]})
    return plain_mobile(typed)


def _is_over(appointment) -> str:
    is_open = appointment.state == Appointment.State.BOOKED
    return "" if is_open and appointment.starts_at > timezone.now() else OVER


def _write_name(*, actor, row, field, value, reason) -> None:
    try:
        correct_real_name(actor=actor, identity=row, real_name=value)
    except ValidationError as error:
        raise Unusable({"wished": error.messages}) from None


def _write_fact(*, actor, row, field, value, reason) -> None:
    correct_fact(actor=actor, fact=row, value=value)


def _write_appointment(*, actor, row, field, value, reason) -> None:
    correct_appointment(actor=actor, appointment=row, **{field: value})


register_corrector("security.Identity", Corrector(_name, _write_name))
register_corrector("service_hub.SharedFact", Corrector(_fact, _write_fact, pick))
register_corrector(
    "service_hub.Appointment", Corrector(_of_appointment, _write_appointment, why_not=_is_over)
)
