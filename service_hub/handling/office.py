"""What the office shows of cases outside their tasks: a menu entry, and what waits for a head."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.common.menus import Entry, register_menu
from platform_core.common.panels import Waiting, register_waiting

from .selectors import to_decide, waiting_lights


def lights(user) -> Waiting | None:
    """Cases of the official's offices that are late or soon due."""
    count, late = waiting_lights(user)
    url = reverse("office_cases")
    return Waiting("lights", _("Cases late or soon due"), count, url, "hourglass", late, 30)


def decisions(user) -> Waiting | None:
    """Wishes that the official decides as a head."""
    url = f"{reverse('office_cases')}?view=decide"
    return Waiting("wishes", _("More time and voidings to decide"), to_decide(user), url,
                   "check", order=35)  # fmt: skip


register_waiting(lights)
register_waiting(decisions)
register_menu(
    Entry(
        "office",
        "cases",
        gettext_lazy("Cases"),
        "office_cases",
        "package-check",
        25,
        group="service",
    )
)
