"""Notices in the office's menu and on its home page."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from platform_core.common.menus import Entry, register_menu
from platform_core.common.panels import Waiting, register_waiting

from .selectors import unread_count


def unread(request) -> int:
    return unread_count(request.user)


@register_waiting
def to_read(user) -> Waiting | None:
    """Notices that the person has not read."""
    url = f"{reverse('notices:received')}?view=unread"
    return Waiting("notices", _("Notices to read"), unread_count(user), url, "megaphone", order=20)


register_menu(
    Entry(
        "office",
        "notices",
        pgettext_lazy("notices", "Notices"),
        "notices:received",
        "megaphone",
        32,
        group="together",
        count=unread,
    )
)
