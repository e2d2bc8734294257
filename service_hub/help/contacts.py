"""Whom to call and where to go at a place."""

from dataclasses import dataclass

from security.organs.kinds import kind_title
from security.organs.models import Department, Region
from security.organs.selectors import departments_at, regions_found

MOST_PLACES = 8


@dataclass(frozen=True)
class Contact:
    """An organ with what it is for ({"zh", "en"}); `is_above` when it serves a larger place."""

    organ: Department
    does: dict
    is_above: bool


def contacts_at(region: Region, text: str = "") -> list[Contact]:
    """The organ of each function that is responsible at a place, its own ones first; narrowed by a
    part of a name in either language.
    """
    found = [
        Contact(organ, kind_title(kind), organ.region_id != region.pk)
        for kind, organ in departments_at(region).items()
    ]
    wanted = text.casefold()
    kept = [one for one in found if wanted in _names(one)]
    return sorted(kept, key=lambda one: (one.is_above, one.organ.path))


def places_named(text: str) -> list[Region]:
    """The counties and cities with these words in their name, for whoever typed a place."""
    if not text:
        return []
    found = regions_found(text=text).filter(level__lte=Region.Level.COUNTY)
    return list(found.order_by("code")[:MOST_PLACES])


def _names(contact: Contact) -> str:
    organ = contact.organ
    return " ".join([organ.name, organ.name_en, *contact.does.values()]).casefold()
