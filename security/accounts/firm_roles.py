"""What each role may do for a firm. Pure."""

from __future__ import annotations

from datetime import date

SEE, WALLET, FILE, WITHDRAW, MANAGE = "see", "wallet", "file", "withdraw", "manage"
LEGAL, MANAGER, AGENT, VIEWER = "legal", "manager", "agent", "viewer"
RIGHTS = {
    LEGAL: frozenset({SEE, WALLET, FILE, WITHDRAW, MANAGE}),
    MANAGER: frozenset({SEE, WALLET, FILE, WITHDRAW, MANAGE}),
    AGENT: frozenset({SEE, WALLET, FILE, WITHDRAW}),
    VIEWER: frozenset({SEE}),
}
# A firm that is dissolved applies for nothing more; what it was given stays to be seen.
OF_DISSOLVED = frozenset({SEE, WALLET})
# Whom each role may invite, change and remove.
GIVES = {LEGAL: frozenset({MANAGER, AGENT, VIEWER}), MANAGER: frozenset({AGENT, VIEWER})}
LONGEST_YEARS = 3


def allows(role: str, right: str, *, services=(), service: str = "", is_dissolved=False) -> bool:
    """Whether `role` may do `right` in `service` ("napp/item"; "" when it is about none).

    `services` are those the member is limited to; reading is never limited by them.
    """
    if right not in RIGHTS.get(role, ()) or (is_dissolved and right not in OF_DISSOLVED):
        return False
    is_limited = bool(services) and right in {FILE, WITHDRAW}
    return not (is_limited and service and service not in services)


def gives(role: str, other: str) -> bool:
    """Whether a member in `role` may make somebody an `other`, change or remove one."""
    return other in GIVES.get(role, ())


def last_day(today: date) -> date:
    """The last day until which a mandate may be given on `today`."""
    year = today.year + LONGEST_YEARS
    leap = today.month == 2 and today.day == 29
    return date(year, 2, 28) if leap else today.replace(year=year)
