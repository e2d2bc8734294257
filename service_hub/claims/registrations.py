"""What claims of firms register: policy, menu, what waits."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.common.menus import Entry, register_menu
from platform_core.common.panels import Waiting, register_waiting

from . import policies, samples, selectors  # noqa: F401


def to_decide(user) -> Waiting | None:
    """How many claims wait for the official's organ."""
    if not selectors.handles_claims(user):
        return None
    count, late = selectors.claims_waiting(user)
    url = reverse("firm_claims")
    return Waiting("firm_claims", _("Claims of firms"), count, url, "building-2", late, 72)


def shown(request) -> bool:
    return selectors.handles_claims(request.user)


register_waiting(to_decide)
register_menu(
    Entry("office", "firm_claims", gettext_lazy("Claims of firms"), "firm_claims", "building-2",
          27, group="service", shown=shown)
)  # fmt: skip
