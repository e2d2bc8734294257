"""Policies in the office's menu, for departments that give something to firms."""

from django.utils.translation import gettext_lazy as _

from platform_core.common.menus import Entry, register_menu

from .selectors import writes_policies


def shown(request) -> bool:
    return writes_policies(request.user)


register_menu(
    Entry(
        "office",
        "benefits",
        _("Policies for firms"),
        "benefits",
        "gift",
        26,
        group="service",
        shown=shown,
    )
)
