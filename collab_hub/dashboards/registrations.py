"""What dashboards register: the menu entry, what is measured, what their audit rows are called."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from platform_core.common.menus import Entry, register_menu
from platform_core.common.trace import register_deeds

from . import benchmarks  # noqa: F401
from .policies import may_read

register_deeds({"dashboard.export": gettext_lazy("Took a dashboard out as a file")})
register_menu(
    Entry(
        "office",
        "dashboard",
        pgettext_lazy("menu", "Dashboard"),
        "dashboard",
        "activity",
        34,
        group="unit",
        shown=lambda request: may_read(request.user),
    )
)
