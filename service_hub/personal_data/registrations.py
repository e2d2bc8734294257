"""What data requests register: policy, menu, what waits."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.common.menus import Entry, register_menu
from platform_core.common.panels import Waiting, register_waiting
from security.access.policies import is_admin

from . import correctors, policies, samples, selectors, tasks  # noqa: F401


def to_answer(user) -> Waiting | None:
    """How many requests of people about their data wait for an answer."""
    if not is_admin(user):
        return None
    count, late = selectors.requests_waiting(user)
    url = reverse("data_requests")
    return Waiting("data_requests", _("Data requests"), count, url, "shield-check", late, 70)


def shown(request) -> bool:
    return is_admin(request.user)


register_waiting(to_answer)
register_menu(
    Entry("office", "data_requests", gettext_lazy("Data requests"), "data_requests",
          "shield-check", 60, group="service", shown=shown)
)  # fmt: skip
