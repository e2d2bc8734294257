"""The menus of citizens and firms."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.capabilities.notifications.selectors import unread_count
from platform_core.common.menus import Entry, register_menu
from service_hub.cases.selectors import waiting_count


def unread(request) -> int:
    return unread_count(request.user) if request.user.is_authenticated else 0


def waiting(request) -> int:
    return waiting_count(request.user)


def entries(end: str, space: str) -> tuple[Entry, ...]:
    """The same menu at both ends, with the addresses of each."""
    return (
        Entry(end, "home", pgettext_lazy("menu", "Home"), f"{space}:home", "house", 10, tab=True),
        Entry(
            end,
            "services",
            pgettext_lazy("menu", "Services"),
            f"{space}:services",
            "layout-grid",
            20,
            tab=True,
        ),
        Entry(
            end,
            "cases",
            _("My cases") if end == "public" else _("The firm's cases"),
            f"{space}:cases",
            "package-check",
            30,
            tab=True,
            count=waiting if end == "public" else None,
        ),
        Entry(
            end, "messages", _("Messages"), f"{space}:messages", "bell", 40, tab=True, count=unread
        ),
        Entry(
            end,
            "wallet",
            _("My wallet") if end == "public" else _("The firm's wallet"),
            f"{space}:wallet",
            "wallet",
            45,
        ),
        Entry(end, "verify", _("Check a document"), f"{space}:verify", "shield-check", 50),
        Entry(end, "me", _("My data"), f"{space}:me", "user", 60, group="me", tab=True),
        Entry(end, "help", _("Help"), f"{space}:help", "life-buoy", 70, group="me"),
    )


def has_firm(request) -> bool:
    return request.user.is_authenticated and request.actor.firm is not None


for key, words, icon, order in (
    ("deadlines", _("Deadlines"), "calendar-days", 50),
    ("members", _("Members"), "users", 51),
    ("batches", _("Spreadsheets"), "table-2", 52),
    ("policies", _("Policies for the firm"), "gift", 53),
):
    entry = Entry("enterprise", key, words, f"firm:{key}", icon, order, group="me", shown=has_firm)
    register_menu(entry)
for entry in (*entries("public", "portal"), *entries("enterprise", "enterprise")):
    register_menu(entry)
