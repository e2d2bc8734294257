"""The catalogue as rows: the columns of a spreadsheet or JSON file, there and back. Pure but for
the words. A column is called by its national name; the row below it never matters.
"""

import json

from django.utils.translation import gettext as _

from platform_core.common.errors import Unusable
from platform_core.common.spreadsheets import (
    MOST_BYTES,
    Row,
    Sheet,
    read_sheet,
    write_csv,
    write_xlsx,
)

from .elements import BASIC, ELEMENTS, INHERITED

ENDINGS = ("xlsx", "csv", "json")
MOST_ROWS = 10_000
CODE = {"basic": "catalog_code", "implementing": "task_code"}
# Shown for reading; an import may repeat them and never change them.
READ_ONLY = {"basic": ("task_type",), "implementing": tuple(INHERITED)}


def columns(kind: str) -> list[str]:
    """The titles of the columns: the code, what cannot be changed, then every element."""
    return [CODE[kind], *READ_ONLY[kind], *ELEMENTS[kind]]


def fixed_of(kind: str, item) -> dict[str, str]:
    """The columns of an item that cannot be changed here."""
    if kind == BASIC:
        return {"task_type": item.code[2:4]}
    elements = item.basic.current.elements
    return {
        "catalog_code": item.code[19:],
        "task_name": elements["task_name"],
        "by_law": elements["by_law"],
        "task_type": item.code[21:23],
    }


def row_of(kind: str, item) -> dict[str, str]:
    """What is in force of an item as a row by column."""
    return {CODE[kind]: item.code} | fixed_of(kind, item) | item.current.elements


def written(kind: str, ending: str, items) -> bytes:
    """A file with the published ones of `items`. `ending` is one of ENDINGS."""
    rows = (row_of(kind, item) for item in items if item.current is not None)
    if ending == "json":
        return json.dumps(list(rows), ensure_ascii=False, indent=1).encode()
    titles = columns(kind)
    lines = ([row.get(title, "") for title in titles] for row in rows)
    if ending == "csv":
        # What begins with an apostrophe gets a second one, so that reading takes one away.
        kept = ([f"'{text}" if text.startswith("'") else text for text in line] for line in lines)
        return write_csv(titles, kept)
    return write_xlsx(kind, titles, lines)


def read(kind: str, file, name: str) -> Sheet:
    """The rows of a file. Raises Unusable at "file" or at the cell."""
    if name.lower().endswith(".json"):
        return _read_json(kind, file)
    sheet = read_sheet(file, name, headers=[CODE[kind]], most_rows=MOST_ROWS)
    if not name.lower().endswith(".csv"):
        return sheet
    rows = [Row(row.number, {k: _armed(v) for k, v in row.cells.items()}) for row in sheet.rows]
    return Sheet(sheet.headers, rows)


def _armed(text: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from calculating it."""
    is_marked = text.startswith("'") and text[1:2] in ("'", "=", "+", "-", "@")
    return text[1:] if is_marked and len(text) > 1 else text


def _read_json(kind: str, file) -> Sheet:
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Unusable({"file": [_("The file is larger than %(n)d MB.") % {"n": MOST_BYTES >> 20}]})
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Unusable({"file": [_("This is no JSON file in UTF-8.")]}) from None
    is_list = isinstance(found, list) and all(isinstance(one, dict) for one in found)
    if not is_list or not found:
        raise Unusable({"file": [_("The file is a list of items.")]})
    if len(found) > MOST_ROWS:
        message = _("The file holds more than %(n)d rows. Please split it.")
        raise Unusable({"file": [message % {"n": MOST_ROWS}]})
    if any(isinstance(value, dict | list) for one in found for value in one.values()):
        raise Unusable({"file": [_("Every value is a text or a number.")]})
    rows = [
        Row(number, {key: "" if value is None else str(value) for key, value in one.items()})
        for number, one in enumerate(found, 1)
    ]
    return Sheet(list(dict.fromkeys(key for one in found for key in one)), rows)
