"""The office's menu entry, and the hub's listener."""

from django.utils.translation import gettext_lazy as _

from platform_core.common.menus import Entry, register_menu
from security.organs.selectors import active_posts


def has_a_post(request) -> bool:
    return bool(active_posts(request.user))


register_menu(
    Entry(
        "office",
        "reports",
        _("Reports"),
        "reports",
        "table-2",
        33,
        group="together",
        shown=has_a_post,
    )
)
