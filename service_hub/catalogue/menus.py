"""The catalogue in the office's menu."""

from django.utils.translation import gettext_lazy as _

from platform_core.common.menus import Entry, register_menu

from .selectors import looks_after_items


def shown(request) -> bool:
    return looks_after_items(request.user)


register_menu(
    Entry(
        "office", "items", _("Items"), "catalogue", "list-checks", 26, group="service", shown=shown
    )
)
