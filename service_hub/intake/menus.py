"""The desk in the office's menu, for whoever sits at one."""

from django.utils.translation import gettext_lazy as _

from platform_core.common.menus import Entry, register_menu

from .selectors import sits_at_a_desk


def shown(request) -> bool:
    return sits_at_a_desk(request.user)


register_menu(
    Entry(
        "office",
        "intake",
        _("Intake desk"),
        "intake",
        "clipboard-list",
        22,
        group="service",
        shown=shown,
    )
)
