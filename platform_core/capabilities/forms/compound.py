"""Cleaning of answers that are more than one text: places, files, tables. Pure."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platform_core.common.i18n import pick

from .cleaning import SCALARS, Facts, Wrong, as_list, as_text, missing

LEVELS = {"city": 2, "county": 3, "town": 4}


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
    return ngettext(
        "Only %(n)s file can be added here. Remove one first.",
        "At most %(n)s files can be added here. Remove some.",
        field.max_files,
    ) % {"n": field.max_files}


def clean_repeat(field, raw, facts: Facts) -> list[dict] | None:
    if raw in (None, ""):
        raw = []
    if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
        raise Wrong(_("This answer does not have the right form."))
    rows, inside = [], {}
    for number, row in enumerate(raw):
        if is_blank_row(row):
            continue
        cleaned, wrong = _row(field, row, facts)
        inside |= {f"[{number}].{key}": message for key, message in wrong.items()}
        rows.append(cleaned)
    if inside:
        raise Wrong(inside=inside)
    if rows and len(rows) < field.min_rows:
        raise Wrong(
            ngettext("Fill in at least %(n)s row.", "Fill in at least %(n)s rows.", field.min_rows)
            % {"n": field.min_rows}
        )
    if len(rows) > field.max_rows:
        raise Wrong(
            ngettext("At most %(n)s row fits here.", "At most %(n)s rows fit here.", field.max_rows)
            % {"n": field.max_rows}
        )
    return rows or None


def _row(field, row: dict, facts: Facts) -> tuple[dict, dict]:
    cleaned, wrong = {}, {}
    for cell in field.cells:
        value, message = _cell(cell, row.get(cell.key), facts)
        if message:
            wrong[cell.key] = message
        elif value is not None:
            cleaned[cell.key] = value
        elif cell.required:
            wrong[cell.key] = missing(cell)
    for key in set(row) - {cell.key for cell in field.cells}:
        wrong[str(key)[:60]] = _("This is not asked here.")
    return cleaned, wrong


def _cell(cell, raw, facts: Facts):
    try:
        return SCALARS[cell.type](cell, raw, facts), ""
    except Wrong as wrong:
        return None, wrong.message


def is_blank_row(row: dict) -> bool:
    """Whether nothing was typed into a row: such rows are not stored."""
    return all(
        value in (None, "") or (isinstance(value, str) and not value.strip())
        for value in row.values()
    )


CLEANERS = {
    **SCALARS,
    "region": clean_region,
    "attachment": clean_attachment,
    "repeat": clean_repeat,
}
