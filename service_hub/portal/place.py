"""Where the reader lives or works: chosen in this browser, else the firm's seat, else their home.

What depends on the place (who is responsible, what neighbours use most) asks here and nowhere else.
"""

from django.conf import settings
from django.utils.translation import get_language

from security.accounts.selectors import identity_of
from security.organs import selectors as organs
from security.organs.models import Region

from .ends import actor_of

COOKIE = "gov_place"
KEPT_SECONDS = 365 * 24 * 3600
COUNTY_DIGITS = 6


def place_of_reader(request) -> Region | None:
    """The county of the reader, or None when nobody knows; read once per request."""
    if not hasattr(request, "_place"):
        request._place = _found(request)
    return request._place


def _found(request) -> Region | None:
    for code in _codes(request):
        region = organs.region_by_code(code) if _is_county(code) else None
        if region is not None:
            return region
    return None


def _codes(request):
    yield request.COOKIES.get(COOKIE, "")
    actor = actor_of(request)
    if actor.firm and actor.firm.region_id:
        yield actor.firm.region.code[:COUNTY_DIGITS]
    elif actor.firm is None:
        identity = identity_of(actor.user)
        yield identity.citizen_number[:COUNTY_DIGITS] if identity else ""


def _is_county(code: str) -> bool:
    return len(code) == COUNTY_DIGITS and code.isascii() and code.isdigit()


def where(request) -> dict:
    """What `portal/where.html` shows: the name of the reader's place, "" when it is unknown."""
    region = place_of_reader(request)
    return {"place_name": region_name(region) if region else ""}


def county_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """[(city, [(code, county)])] of today, as a choice of a form."""
    cities: dict[str, list[tuple[str, str]]] = {}
    for region in organs.regions_found(level=Region.Level.COUNTY):
        above = region_name(region.parent) if region.parent else ""
        cities.setdefault(above, []).append((region.code, region_name(region)))
    return list(cities.items())


def region_name(region: Region) -> str:
    """The division's name in the reader's language."""
    is_english = (get_language() or "").startswith("en")
    return (is_english and region.name_en) or region.name


def keep_place(response, code: str) -> None:
    """Let this browser remember the county `code`; "" forgets it."""
    if not code:
        response.delete_cookie(COOKIE)
        return
    response.set_cookie(
        COOKIE,
        code,
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
