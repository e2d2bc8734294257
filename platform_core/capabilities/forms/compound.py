"""Cleaning of answers that are more than one text: places, organs, people, files, signatures.
Pure.
"""

import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platform_core.common.i18n import pick

from .cleaning import SCALARS, as_list
from .facts import Facts
from .pages import takes_pages
from .texts import Wrong, as_text, checked, tidy_line

LEVELS = {"city": 2, "county": 3, "town": 4}
# The parts of a composed answer; an input is named key-part, an error stands at key.part.
PARTS = {
    "address": ("region", "street"),
    "location": ("lng", "lat", "text"),
    "signature": ("name", "agreed"),
}
COORDINATE = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?\Z")
SIX_PLACES = Decimal("0.000001")
# China with its seas, generously: a place outside of it is a mistake, mostly of the order.
BOUNDS = {"lng": (Decimal(73), Decimal(136)), "lat": (Decimal(3), Decimal(54))}


def in_language(region) -> str:
    """The name of a region in the reader's language; without an English name its own."""
    return pick({"zh": region.name, "en": region.name_en or region.name})


def clean_region(field, raw, facts: Facts) -> str | None:
    code = as_text(raw).strip()
    if not code:
        return None
    found = facts.regions.get(code)
    inside = found is not None and (not field.root or f"/{field.root}/" in f"/{found.path}")
    if not inside:
        raise Wrong(_("Choose a place from the list."))
    if found.level < LEVELS[field.level]:
        if field.level == "town":
            raise Wrong(
                _("Now choose the town or street in %(place)s.") % {"place": in_language(found)}
            )
        raise Wrong(_("Choose the place more exactly."))
    if found.level > LEVELS[field.level]:
        raise Wrong(_("Choose a place from the list."))
    return code


def _parts(field, raw) -> dict:
    """The typed parts of a composed answer; of another shape it is refused."""
    if raw in (None, ""):
        return {}
    known = {*PARTS[field.type], *(("file",) if field.type == "signature" else ())}
    if not isinstance(raw, dict) or set(raw) - known:
        raise Wrong(_("This answer does not have the right form."))
    return raw


class _Inside:
    """Gathers what is wrong with the parts of one answer."""

    def __init__(self):
        self.wrong: dict[str, str] = {}

    def ask(self, part: str, clean):
        try:
            return clean()
        except Wrong as wrong:
            self.wrong[f".{part}"] = wrong.message
            return None

    def end(self) -> None:
        if self.wrong:
            raise Wrong(inside=self.wrong)


def _line(raw, most: int) -> str:
    text = checked(tidy_line(as_text(raw)))
    if len(text) > most:
        raise Wrong(
            ngettext(
                "Shorten this to %(most)s character; it has %(n)s.",
                "Shorten this to %(most)s characters; it has %(n)s.",
                most,
            )
            % {"most": most, "n": len(text)}
        )
    return text


def clean_address(field, raw, facts: Facts) -> dict | None:
    parts, inside = _parts(field, raw), _Inside()
    region = inside.ask("region", lambda: clean_region(field, parts.get("region"), facts))
    street = inside.ask("street", lambda: _line(parts.get("street"), field.max_length))
    inside.end()
    if not region and not street:
        return None
    if not region:
        raise Wrong(inside={".region": _("Choose a place from the list.")})
    if not street:
        raise Wrong(inside={".street": _("Write the street and the number of the house.")})
    return {"region": region, "street": street}


def clean_department(field, raw, facts: Facts) -> str | None:
    code = as_text(raw).strip()
    if not code:
        return None
    found = facts.departments.get(code)
    fits = (
        found is not None
        and (not field.kind or found.kind == field.kind)
        and (not field.root or f"/{field.root}/" in f"/{found.path}")
    )
    if not fits:
        raise Wrong(_("Choose a department from the list."))
    return code


def clean_person(field, raw, facts: Facts) -> str | None:
    chosen = as_text(raw).strip()
    if not chosen:
        return None
    found = facts.people.get(chosen)
    fits = (
        found is not None
        and (found.is_colleague if field.among == "colleagues" else True)
        and (not field.kind or field.kind in found.kinds)
    )
    if not fits:
        raise Wrong(_("Choose a person from the list."))
    return chosen


def _coordinate(part: str, raw) -> str | None:
    text = unicodedata.normalize("NFKC", checked(tidy_line(as_text(raw))[:60])).rstrip("\u00b0")
    if not text:
        return None
    if not COORDINATE.match(text):
        raise Wrong(
            _("Write degrees with decimals, for example %(example)s.")
            % {"example": "120.155070" if part == "lng" else "30.274085"}
        )
    degrees = Decimal(text)
    low, high = BOUNDS[part]
    if not low <= degrees <= high:
        said = {
            "lng": _("The longitude lies between 73 and 136 degrees east in China."),
            "lat": _("The latitude lies between 3 and 54 degrees north in China."),
        }
        raise Wrong(said[part])
    return f"{degrees.quantize(SIX_PLACES):f}"


def clean_location(field, raw, facts: Facts) -> dict | None:
    parts, inside = _parts(field, raw), _Inside()
    lng = inside.ask("lng", lambda: _coordinate("lng", parts.get("lng")))
    lat = inside.ask("lat", lambda: _coordinate("lat", parts.get("lat")))
    text = inside.ask("text", lambda: _line(parts.get("text"), field.max_length))
    inside.end()
    if bool(lng) != bool(lat):
        empty = "lat" if lng else "lng"
        raise Wrong(inside={f".{empty}": _("Longitude and latitude belong together.")})
    found = {"lng": lng, "lat": lat, "text": text}
    return {key: value for key, value in found.items() if value} or None


def clean_signature(field, raw, facts: Facts) -> dict | None:
    """A name with a drawing or a declaration; a drawing alone names nobody."""
    parts, inside = _parts(field, raw), _Inside()
    name = inside.ask("name", lambda: _line(parts.get("name"), 50))
    agreed = inside.ask("agreed", lambda: SCALARS["yes_no"](field, parts.get("agreed"), facts))
    inside.end()
    file_id = as_text(parts.get("file"))
    if file_id and file_id not in facts.files:
        raise Wrong(_("The drawn signature is no longer here. Please sign again."))
    if not (name or agreed or file_id):
        return None
    if not name:
        raise Wrong(inside={".name": _("Write your name.")})
    if not (agreed or file_id):
        raise Wrong(inside={".agreed": _("Tick the declaration or draw your signature.")})
    found = {"name": name, "agreed": bool(agreed), "file": file_id}
    return {key: value for key, value in found.items() if value}


def clean_attachment(field, raw, facts: Facts) -> list[str] | None:
    wanted = as_list(raw)
    if any(file_id not in facts.files for file_id in wanted):
        raise Wrong(_("A file is no longer here. Please add it again."))
    for file_id in wanted:
        fact = facts.files[file_id]
        if fact.state == "infected":
            raise Wrong(
                _("“%(name)s” was refused by the virus scan. Remove it.") % {"name": fact.name}
            )
        if not has_kind(fact.name, field.accept):
            raise Wrong(wrong_kind(field, fact.name))
    if len(wanted) > field.max_files:
        raise Wrong(too_many(field))
    return wanted or None


def has_kind(name: str, accept) -> bool:
    """Whether the ending of a file name is among those accepted (jpg and jpeg are one)."""
    ending = name.rpartition(".")[2].lower()
    return ending in accept or (ending in ("jpg", "jpeg") and bool({"jpg", "jpeg"} & set(accept)))


def wrong_kind(field, name: str) -> str:
    kinds = ", ".join(
        kind.upper() for kind in field.accept if kind != "jpeg" or "jpg" not in field.accept
    )
    return _("“%(name)s” is not one of these kinds: %(kinds)s.") % {
        "name": name[:80],
        "kinds": kinds,
    }


def too_many(field) -> str:
    if takes_pages(field):
        return ngettext(
            "Only %(n)s file can be sent here. Join the pages of the paper into one, or remove"
            " some.",
            "At most %(n)s files can be sent here. Join the pages of one paper, or remove some.",
            field.max_files,
        ) % {"n": field.max_files}
    return ngettext(
        "Only %(n)s file can be added here. Remove one first.",
        "At most %(n)s files can be added here. Remove some.",
        field.max_files,
    ) % {"n": field.max_files}


CLEANERS = {
    **SCALARS,
    "region": clean_region,
    "address": clean_address,
    "department": clean_department,
    "person": clean_person,
    "location": clean_location,
    "signature": clean_signature,
    "attachment": clean_attachment,
}
CELL_CLEANERS = {**SCALARS, "region": clean_region}
