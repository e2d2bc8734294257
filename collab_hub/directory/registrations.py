"""What the directory registers: policies, work, calendar sources, menu, what waits, samples."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from collab_hub.inbox.work import WorkAction, register_work_kind
from platform_core.common.errors import Conflict
from platform_core.common.menus import Entry, register_menu
from platform_core.common.panels import Waiting, register_waiting
from security.organs.selectors import headed_ids

from . import policies, samples, sources, tasks, traced  # noqa: F401
from .duty_selectors import gaps_ahead
from .models import DutySwap
from .room_selectors import of_who_left
from .swap_services import KIND, agree_swap, refuse_swap


def _swap(item) -> DutySwap:
    found = DutySwap.objects.filter(pk=item.object_id).first()
    if found is None:
        raise Conflict(str(_("It is no longer there.")))
    return found


def agree(*, actor, item, opinion) -> None:
    agree_swap(actor=actor, swap=_swap(item))


def refuse(*, actor, item, opinion) -> None:
    refuse_swap(actor=actor, swap=_swap(item))


@register_waiting
def gaps(user) -> Waiting | None:
    """Duties of the next two weeks that nobody has, for whoever keeps the roster."""
    found = gaps_ahead(user)
    url = f"{reverse('directory:duty')}?view=gaps"
    return Waiting("duty_gaps", _("Gaps in duty rosters"), len(found), url, "siren", order=40)


@register_waiting
def bookings_left_behind(user) -> Waiting | None:
    """Rooms booked by people who have left."""
    count = of_who_left(user).count() if headed_ids(user) else 0
    url = reverse("directory:rooms")
    return Waiting("rooms_left", _("Rooms booked by people who left"), count, url, "map-pin",
                   order=41)  # fmt: skip


register_work_kind(
    KIND,
    gettext_lazy("Swap of duties"),
    "arrow-left-right",
    actions=[
        WorkAction("agree", pgettext_lazy("swap", "Agree"), agree, "check",
                   pgettext_lazy("swap", "Agreed"), in_bulk=False),
        WorkAction("refuse", pgettext_lazy("swap", "Refuse"), refuse, "x",
                   pgettext_lazy("swap", "Refused"), in_bulk=False),
    ],
    is_personal=True,
)  # fmt: skip
register_menu(
    Entry(
        "office",
        "directory",
        gettext_lazy("Calendar and people"),
        "directory:calendar",
        "calendar-days",
        33,
        group="together",
        shown=lambda request: policies.is_inside(request.user),
    )
)
