"""Phone, address and hours of the offices and halls of a place."""

from django.conf import settings
from django.utils import timezone

from platform_core.common.i18n import pick
from security.organs.selectors import region_by_code
from service_hub.booking import selectors as booking
from service_hub.booking.forms import DAYS
from service_hub.help.contacts import contacts_at, places_named
from service_hub.inquiries.selectors import places

from ..ends import page
from ..place import place_of_reader, region_name

LONGEST = 60


def contact(request):
    """The offices of the place that was chosen, else of the reader's, else of the province."""
    known = places()
    region = _chosen(request) or place_of_reader(request) or next(iter(known), None)
    text = request.GET.get("q", "")[:LONGEST].replace("\x00", "").strip()
    contacts = contacts_at(region, text) if region else []
    context = {
        "q": text,
        "region": region,
        "place": region_name(region) if region else "",
        "places": [(one.code, region_name(one), one.level) for one in known],
        "contacts": contacts,
        "other_places": [(one.code, region_name(one)) for one in places_named(text)]
        if not contacts
        else [],
        "halls": _halls(region, text) if region else [],
        "answer_days": settings.QUESTION_ANSWER_DAYS,
    }
    return page(request, "help/contact", context)


def _chosen(request):
    code = request.GET.get("place", "")[:12]
    return region_by_code(code) if code.isascii() and code.isdigit() else None


def _halls(region, text: str) -> list[dict]:
    """The halls near the place with their hours; narrowed by the words like the offices."""
    found = booking.halls_near(region, timezone.localdate())
    return [
        {"hall": hall, "hours": booking.hours_in_lines(hall, DAYS)}
        for hall in found
        if text.casefold() in f"{pick(hall.name)} {pick(hall.address)}".casefold()
    ]
