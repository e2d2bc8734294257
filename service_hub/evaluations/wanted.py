"""Bad reviews that an organ does not settle by itself are to be supervised: whoever listens opens
the matter, nothing here knows them.
"""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from platform_core.capabilities.documents.languages import in_both
from platform_core.common import workcalendar
from platform_core.common.events import emit
from platform_core.common.i18n import pick

from .models import Rectification

LATE = gettext_noop("A bad review is followed up too late: %(item)s")
NOT_SOLVED = gettext_noop("A bad review is not settled, says the person: %(item)s")
DAYS = 5


def want_supervision(order: Rectification, words: str, *, actor, at: datetime, lead=None) -> None:
    """Say that the order has to be supervised; `words` is LATE or NOT_SOLVED, `at` when that
    was seen, `lead` the organ that has to do it now (the order's).
    """
    item = order.evaluation.item
    emit(
        "supervision.wanted",
        actor=actor,
        source="rectification",
        object_type="service_hub.Rectification",
        object_id=str(order.pk),
        title=in_both(lambda: _(words) % {"item": pick(item.title) if item else _("a visit")}),
        requirement=in_both(
            lambda: _("Call the person back, settle what was said, and answer in writing.")
        )["zh"],
        lead=lead or order.department,
        assisting=[],
        due_at=workcalendar.if_known(workcalendar.due_at, at, DAYS),
        url=reverse("rectification", args=[order.pk]),
    )
