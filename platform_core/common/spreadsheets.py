"""Spreadsheets in and out: XLSX and CSV as rows of text, with what is wrong said at its cell.

Reading never calculates: a formula is refused, because what it shows depends on the program that
opens it. A number longer than 15 digits is refused too, because a spreadsheet has already rounded
it: identity numbers belong in cells of text. Writing never makes a formula (OWASP: CSV injection).
"""

import csv
import io
import math
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from .errors import Unusable

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 150 * 1024 * 1024
MOST_COLUMNS = 200
MOST_CELL = 5000
MOST_ERRORS = 100
# Windows spreadsheets in China write GB 18030; "Unicode text" is UTF-16 with its mark.
ENCODINGS = ("utf-8-sig", "gb18030")
EXACT_DIGITS = 15
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")


@dataclass(frozen=True)
class Row:
    """One row: its number as the spreadsheet shows it, and its cells by column title."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """What a spreadsheet holds: column titles and the rows that are not empty."""

    headers: list[str]
    rows: list[Row] = field(default_factory=list)


def read_sheet(
    file, name: str, *, headers: Iterable[str] | None = None, most_rows: int = 10_000
) -> Sheet:
    """The first sheet of an .xlsx or .csv file (an open binary file) called `name`.

    The first row that is not empty holds the titles; `headers`, when given, must all be among
    them. Raises Unusable at "file", and at "B7" for a cell (at most 100 cells are named).
    """
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Unusable({"file": [_("The file is larger than %(n)d MB.") % {"n": MOST_BYTES >> 20}]})
    ending = name.rpartition(".")[2].lower()
    if ending not in ("xlsx", "csv"):
        raise Unusable({"file": [_("Choose a spreadsheet (.xlsx) or a CSV file.")]})
    read = _read_xlsx if ending == "xlsx" else _read_csv
    sheet = _with_titles(read(data, most_rows), most_rows)
    missing = [title for title in headers or () if title not in sheet.headers]
    if missing:
        message = _("These columns are missing: %(names)s.") % {"names": ", ".join(missing)}
        raise Unusable({"file": [message]})
    return sheet


def _with_titles(lines, most_rows: int) -> Sheet:
    titles: list[str] = []
    rows: list[Row] = []
    errors: dict[str, list[str]] = {}
    for number, cells in lines:
        wrong = [(n, cell) for n, cell in enumerate(cells, 1) if isinstance(cell, _Wrong)]
        for n, cell in wrong:
            errors.setdefault(f"{get_column_letter(n)}{number}", [cell.why])
        if len(errors) >= MOST_ERRORS:
            break
        if wrong or not any(cells):
            continue
        if not titles:
            titles = _titles(cells, number)
            continue
        if len(rows) >= most_rows:
            message = _("The file holds more than %(n)d rows. Please split it.")
            raise Unusable({"file": [message % {"n": most_rows}]})
        extra = any(cells[len(titles) :])
        if extra:
            where = f"{get_column_letter(len(titles) + 1)}{number}"
            errors.setdefault(where, [_("This cell stands in a column without a title.")])
        rows.append(Row(number, dict(zip(titles, _filled(cells, len(titles)), strict=False))))
    if errors:
        raise Unusable(errors)
    if not titles:
        raise Unusable({"file": [_("The file is empty.")]})
    return Sheet(titles, rows)


def _filled(cells: Sequence[str], count: int) -> list[str]:
    return [*cells[:count], *[""] * (count - len(cells))]


def _titles(cells: list[str], number: int) -> list[str]:
    titles = list(cells)
    while titles and not titles[-1]:
        titles.pop()
    for n, title in enumerate(titles, 1):
        where = f"{get_column_letter(n)}{number}"
        if not title:
            raise Unusable({where: [_("This column has no title.")]})
        if title in titles[: n - 1]:
            raise Unusable({where: [_("Two columns have the same title.")]})
    return titles


@dataclass(frozen=True)
class _Wrong:
    why: str


def _read_csv(data: bytes, most_rows: int):
    text = _decoded(data)
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=mark), 1):
            if len(cells) > MOST_COLUMNS:
                raise Unusable({"file": [_too_wide()]})
            yield number, [_checked(cell.strip()) for cell in cells]
    except csv.Error:
        raise Unusable({"file": [_("The file is not a CSV file.")]}) from None


def _decoded(data: bytes) -> str:
    """The text, whatever of the usual encodings it was written in."""
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_readable(text):
            return text
    message = _("The letters of this file cannot be read. Save it as UTF-8 or as .xlsx.")
    raise Unusable({"file": [message]})


def _is_readable(text: str) -> bool:
    """Bytes of another encoding decode as GB 18030 too, into private or unassigned characters."""
    return not any(
        (char < " " and char not in "\t\r\n") or char == "\ufffd" or "\ue000" <= char <= "\uf8ff"
        for char in text
    )


def _read_xlsx(data: bytes, most_rows: int):
    _check_package(data)
    try:
        # An entity or a broken part surfaces as one of many exceptions of the XML and zip layers.
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        sheet = book.worksheets[0]
        # What the file says of its size may be wrong; the rows themselves are counted.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(), 1):
            if len(cells) > MOST_COLUMNS and any(c.value is not None for c in cells[MOST_COLUMNS:]):
                raise Unusable({"file": [_too_wide()]})
            yield number, [_of_cell(cell) for cell in cells[:MOST_COLUMNS]]
    except Unusable:
        raise
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError,
            AttributeError, OSError, SyntaxError):  # fmt: skip
        raise Unusable({"file": [_("The file is damaged or not a spreadsheet.")]}) from None


def _check_package(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            unpacked = sum(part.file_size for part in package.infolist())
    except zipfile.BadZipFile:
        raise Unusable({"file": [_("The file is damaged or not a spreadsheet.")]}) from None
    if unpacked > MOST_UNPACKED:
        raise Unusable({"file": [_("The file is too large when it is unpacked.")]})


def _of_cell(cell) -> str | _Wrong:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return _Wrong(_("This cell holds a formula. Paste it as a value."))
    if cell.data_type == "e":
        return _Wrong(_("This cell holds an error of the spreadsheet: %(text)s.") % {"text": value})
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _of_number(value)
    if isinstance(value, datetime):
        # A date is a moment at midnight to a spreadsheet.
        is_day = value.time() == time.min
        return value.date().isoformat() if is_day else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return _checked(str(value).strip())


def _of_number(value: int | float) -> str | _Wrong:
    if isinstance(value, float) and not math.isfinite(value):
        return _Wrong(_("This cell holds no number."))
    if abs(value) >= 10**EXACT_DIGITS:
        return _Wrong(_("This number was rounded by the spreadsheet. Format the cell as text."))
    if value == int(value):
        return str(int(value))
    return format(value, ".15g")


def _checked(text: str) -> str | _Wrong:
    if len(text) > MOST_CELL:
        return _Wrong(_("This cell holds more than %(n)d characters.") % {"n": MOST_CELL})
    if "\0" in text:
        return _Wrong(_("This cell holds characters that cannot be read."))
    return text


def _too_wide() -> str:
    return _("The file has more than %(n)d columns.") % {"n": MOST_COLUMNS}


def write_csv(headers: Sequence, rows: Iterable[Sequence]) -> bytes:
    """A CSV file with the mark by which spreadsheets know UTF-8. No cell becomes a formula: a
    leading = + - @ gets an apostrophe before it, unless the cell is a number.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_harmless(str(title)) for title in headers])
    writer.writerows([_harmless(_shown(cell)) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(title: str, headers: Sequence, rows: Iterable[Sequence], *, more=()) -> bytes:
    """A workbook of one sheet with a bold, frozen row of titles; every text is a text, and whole
    numbers of at most 15 digits are numbers. `more` are further sheets (title, headers, rows).
    """
    book = Workbook(write_only=True)
    for sheet in ((title, headers, rows), *more):
        _add_sheet(book, *sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _add_sheet(book, title: str, headers: Sequence, rows: Iterable[Sequence]) -> None:
    sheet = book.create_sheet(_sheet_name(title))
    sheet.freeze_panes = "A2"
    for n, heading in enumerate(headers, 1):
        sheet.column_dimensions[get_column_letter(n)].width = min(40, 6 + 2 * len(str(heading)))
    sheet.append([_cell(sheet, str(heading), bold=True) for heading in headers])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet, value, *, bold: bool = False) -> WriteOnlyCell:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and abs(value) < 10**EXACT_DIGITS:
        return WriteOnlyCell(sheet, value=value)
    text = "".join(char for char in _shown(value) if char >= " " or char in "\t\n")
    cell = WriteOnlyCell(sheet, value=text)
    # openpyxl makes a formula of every text that begins with "=".
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _shown(value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    return str(value)


def _harmless(text: str) -> str:
    if not text.startswith(FORMULA_STARTS):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def _sheet_name(title: str) -> str:
    """What spreadsheets accept as the name of a sheet: 31 characters, none of []:*?/\\."""
    return "".join(char for char in title if char not in "[]:*?/\\")[:31] or "1"
