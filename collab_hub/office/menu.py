"""The office's menu: at the side on desktops, at the bottom on phones."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from collab_hub.inbox.selectors import box_counts, shown_count
from platform_core.capabilities.notifications.selectors import unread_count
from platform_core.common.menus import Entry, register_menu
from security.organs.selectors import headed_ids


def waiting(request) -> int | str:
    return shown_count(box_counts(request.user)["all"]) if request.user.is_authenticated else 0


def heads_a_department(request) -> bool:
    return bool(headed_ids(request.user))


def unread(request) -> int:
    return unread_count(request.user) if request.user.is_authenticated else 0


ENTRIES = (
    Entry("office", "home", _("Today"), "office:home", "house", 10, tab=True),
    Entry(
        "office",
        "inbox",
        pgettext_lazy("menu", "Inbox"),
        "office:inbox",
        "inbox",
        20,
        tab=True,
        count=waiting,
    ),
    Entry(
        "office",
        "messages",
        _("Messages"),
        "office:messages",
        "bell",
        30,
        tab=True,
        count=unread,
    ),
    Entry(
        "office",
        "workload",
        _("Workload"),
        "office:workload",
        "chart-column",
        35,
        group="unit",
        shown=heads_a_department,
    ),
    Entry(
        "office",
        "phrases",
        _("Usual opinions"),
        "office:phrases",
        "message-circle",
        45,
        group="unit",
    ),
    Entry("office", "absence", _("Deputies"), "office:absence", "user-check", 40, group="unit"),
    Entry(
        "office",
        "capabilities",
        _("Capability catalogue"),
        "office:capabilities",
        "layout-grid",
        80,
        group="platform",
    ),
    Entry(
        "office", "settings", _("Settings"), "office:settings", "settings", 90, group="me", tab=True
    ),
)

for entry in ENTRIES:
    register_menu(entry)
