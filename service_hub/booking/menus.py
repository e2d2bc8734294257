"""Halls in the office's menu, appointments in that of people and firms."""

from django.utils.translation import gettext_lazy as _

from platform_core.common.menus import Entry, register_menu
from security.organs.selectors import active_posts

from .selectors import has_halls


def shown(request) -> bool:
    return has_halls({post.department.region_id for post in active_posts(request.user)})


register_menu(
    Entry(
        "office", "halls", _("Service halls"), "halls", "landmark", 24, group="service", shown=shown
    )
)
register_menu(
    Entry("public", "appointments", _("Appointments"), "portal:appointments", "calendar-clock", 47)
)
