"""Reports as spreadsheets: a line for each organ, a column for each field. What is wrong is said at
its cell before anything is kept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl.utils import get_column_letter

from platform_core.common.errors import Unusable
from platform_core.common.i18n import pick
from platform_core.common.spreadsheets import EXACT_DIGITS, MOST_ERRORS, read_sheet, write_xlsx

from .values import NoValue, plain, read_value, shown

MOST_ROWS = 10_000


@dataclass
class Preview:
    """What a spreadsheet would change: [(filling, {code: text})], and {cell: what is wrong}."""

    rows: list = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


def heading(column) -> str:
    """A column's title; the code in brackets is what reading goes by."""
    version = column.version
    unit = f" ({version.shown_unit})" if version.unit else ""
    return f"{pick(version.title)}{unit} [{version.field.code}]"


def _organ_titles() -> tuple[str, str]:
    return _("Code of the organ"), pgettext("report", "Organ")


def sheet_to_fill(campaign, columns, fillings, known: dict) -> bytes:
    """The sheet for the organs still to be filled in, with what is known in it.

    `known` is {(filling's id, column's id): value}.
    """
    lines = []
    for filling in fillings:
        cells = []
        for column in columns:
            value = known.get((filling.pk, column.pk))
            code = column.version.field.code
            text = shown(column.version, value) if value else filling.draft.get(code, "")
            cells.append(_number(column, text))
        lines.append([filling.department.code, filling.department.name, *cells])
    titles = [*_organ_titles(), *(heading(column) for column in columns)]
    return write_xlsx(campaign.number, titles, lines)


def _number(column, text: str):
    """Numbers as numbers, so that the spreadsheet can reckon with them, unless it would round."""
    plain_text = text.replace(",", "")
    try:
        found = float(plain_text) if column.version.is_amount else math.nan
    except ValueError:
        return text
    if not math.isfinite(found) or sum(map(str.isdigit, plain_text)) > EXACT_DIGITS:
        return text
    return int(found) if found.is_integer() else found


def read_filled(file, name: str, columns, fillings, known: dict) -> Preview:
    """What the sheet says of `fillings`; Unusable for a file that cannot be read at all.

    Of what is known the sheet may say the same or nothing: another value is a correction, which
    asks a reason. Texts that are no values, strange organs and organs named twice stand among the
    errors at their cell.
    """
    organ_title = _organ_titles()[0]
    sheet = read_sheet(file, name, most_rows=MOST_ROWS)
    if organ_title not in sheet.headers:
        organ_title = sheet.headers[0]
    by_code = {column.version.field.code: column for column in columns}
    places = _places(sheet.headers, by_code)
    if not places:
        raise Unusable({"file": [_("No column of this file belongs to the report.")]})
    organs = {filling.department.code: filling for filling in fillings}
    letter = get_column_letter(sheet.headers.index(organ_title) + 1)
    found, seen = Preview(), {}
    for row in sheet.rows:
        if len(found.errors) >= MOST_ERRORS:
            break
        code = row.cells[organ_title]
        if code not in organs or code in seen:
            found.errors[f"{letter}{row.number}"] = _wrong_organ(code, seen)
            continue
        seen[code] = row.number
        given = _given(row, places, organs[code], known, found.errors)
        if given:
            found.rows.append((organs[code], given))
    return found


def _places(headers: list[str], by_code: dict) -> list[tuple[str, str, object]]:
    """[(title, letter of the column, column of the report)]."""
    found = []
    for number, title in enumerate(headers, 1):
        code = title.rpartition("[")[2].rstrip("] ")
        if code in by_code:
            found.append((title, get_column_letter(number), by_code[code]))
    return found


def _wrong_organ(code: str, seen: dict) -> str:
    if code in seen:
        return _("This organ stands in line %(n)d already.") % {"n": seen[code]}
    return _("No organ with this code is still to be filled in by you.")


def _given(row, places, filling, known: dict, errors: dict) -> dict:
    given = {}
    for title, letter, column in places:
        text = plain(row.cells[title])
        if not text:
            continue
        try:
            read = read_value(column.version, text)
        except NoValue as error:
            errors[f"{letter}{row.number}"] = str(error)
            continue
        value = known.get((filling.pk, column.pk))
        if value is None:
            given[column.version.field.code] = text
        elif read != {"amount": value.amount, "text": value.text}:
            words = _("Known already: %(value)s. Correct it on the page of the organ.")
            errors[f"{letter}{row.number}"] = words % {"value": shown(column.version, value)}
    return given


def sheet_of_figures(campaign, columns, rows) -> bytes:
    """The figures as they stand: regions with their sums, and by name what each sum lacks."""
    titles = [_("Region or organ"), pgettext("report", "Asked"), _("Submitted")]
    for column in columns:
        titles += [heading(column), f"{heading(column)} · {_('missing')}"]
    lines = []
    for row in rows:
        line = [getattr(row.title, "name", str(row.title)), row.asked, row.done]
        for cell in row.cells:
            lacks = _("missing") if cell.is_missing else "、".join(cell.missing)
            line += [_number(cell.column, cell.text), lacks]
        lines.append(line)
    return write_xlsx(campaign.number, titles, lines)
