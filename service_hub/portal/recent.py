"""The services whose guides were read last in this browser, until it is closed.

Ids in a session cookie and nothing on the server: what somebody looks for is nobody else's matter.
"""

from django.conf import settings

from service_hub.items.selectors import items_by_id, takes_new_cases

COOKIE = "gov_recent"
MOST = 6


def recent_ids(request) -> list[str]:
    """The ids that the cookie holds, newest first; whatever else stands in it is left out."""
    kept = request.COOKIES.get(COOKIE, "").split(".")[:MOST]
    return [one for one in kept if one.isascii() and one.isdigit() and len(one) < 10]


def recent_items(request) -> list:
    """The services read last that still take new cases, newest first."""
    ids = recent_ids(request)
    found = items_by_id(ids) if ids else {}
    return [found[one] for one in ids if one in found and takes_new_cases(found[one])]


def note_read(request, response, item) -> None:
    """Remember in the cookie that the guide of `item` was read."""
    key = str(item.pk)
    ids = [key, *(one for one in recent_ids(request) if one != key)][:MOST]
    response.set_cookie(
        COOKIE,
        ".".join(ids),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def forget_read(response) -> None:
    """Forget what was read."""
    response.delete_cookie(COOKIE)
