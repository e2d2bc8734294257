"""From a browser's POST to typed values. Names of inputs, hidden marks and buttons are decided
here.

A field's input is named by its key; a cell of a table `key-row-cell`; the county beside a town
`key-in`. Buttons are `_next`, `_back`, `_later`, `_add=key`, `_drop=key:row`, `_remove=key:file
id`, `_towns=key`, `_take=key:number`, `_keep=key`; `_shown` lists the fields that were visible when
the page was sent.
"""

import re
from dataclasses import dataclass, field

from .compound import is_blank_row
from .schema import MAX_ROWS
from .texts import storable

COMMANDS = ("add", "drop", "remove", "towns", "take", "keep", "back", "later", "autosave", "next")
ROWS_KEPT = MAX_ROWS + 20


@dataclass
class Posted:
    """What a page sent. `shown` is None when the sender did not say which fields were visible."""

    values: dict = field(default_factory=dict)
    command: str = "next"
    target: str = ""
    shown: set[str] | None = None
    uploads: dict[str, list] = field(default_factory=dict)


def read(fields, post, files=None, current: dict | None = None) -> Posted:
    """Typed values of `fields` from a QueryDict, or from a plain dict of answers by key.

    `current` are the typed values so far: a browser does not send files again.
    """
    if not hasattr(post, "getlist"):
        known = {question.key: question for question in fields if question.type != "note"}
        given = {
            key: typed(known[key], value) for key, value in (post or {}).items() if key in known
        }
        return Posted(given, uploads=_uploads(fields, files))
    posted = Posted(uploads=_uploads(fields, files))
    posted.command, posted.target = _command(post)
    posted.shown = set(post.getlist("_shown")) if "_shown" in post else None
    for question in fields:
        if question.type == "note":
            continue
        value = _read_one(question, post, posted, (current or {}).get(question.key))
        if value is not None:
            posted.values[question.key] = value
    return posted


def _command(post) -> tuple[str, str]:
    for command in COMMANDS:
        if f"_{command}" in post:
            return command, post.get(f"_{command}", "")[:120]
    return "next", ""


def _read_one(question, post, posted: Posted, current):
    key = question.key
    if question.type == "attachment":
        return _files(question, posted, current)
    if question.type == "repeat":
        return _rows(question, post, posted)
    if question.type == "multi_choice":
        return _absent_is_empty(
            key, [storable(v)[:100] for v in post.getlist(key)][:200], posted, []
        )
    if question.type == "region" and f"{key}-in" in post:
        county, town = post.get(f"{key}-in", "")[:12], post.get(key, "")[:12]
        return storable(town if town.startswith(county) and county else county)
    if key in post:
        return storable(post.get(key, ""))
    return _absent_is_empty(key, None, posted, "")


def _absent_is_empty(key: str, value, posted: Posted, empty):
    """Browsers send nothing for radios and boxes without a mark; only a shown field was emptied."""
    if value:
        return value
    return empty if posted.shown is not None and key in posted.shown else value


def _files(question, posted: Posted, current):
    if posted.command != "remove" or not posted.target.startswith(f"{question.key}:"):
        return None
    gone = posted.target.partition(":")[2]
    return [file_id for file_id in current or [] if file_id != gone]


def _rows(question, post, posted: Posted):
    pattern = re.compile(rf"{re.escape(question.key)}-([0-9]{{1,4}})-")
    numbers = sorted({int(match[1]) for name in post for match in [pattern.match(name)] if match})
    if not numbers and posted.target.partition(":")[0] != question.key:
        return _absent_is_empty(question.key, None, posted, [])
    rows = [
        {
            cell.key: storable(post.get(f"{question.key}-{n}-{cell.key}", ""))
            for cell in question.cells
        }
        for n in numbers[:ROWS_KEPT]
    ]
    if posted.command == "drop" and posted.target.startswith(f"{question.key}:"):
        gone = posted.target.partition(":")[2]
        rows = [row for n, row in zip(numbers, rows, strict=False) if str(n) != gone]
    if posted.command == "add" and posted.target == question.key and len(rows) < question.max_rows:
        rows.append({cell.key: "" for cell in question.cells})
    elif posted.command not in ("add", "drop", "autosave"):
        while rows and is_blank_row(rows[-1]):
            rows.pop()
    return rows


def _uploads(fields, files) -> dict[str, list]:
    found = {}
    for question in fields:
        if question.type != "attachment" or not files:
            continue
        sent = (
            files.getlist(question.key)
            if hasattr(files, "getlist")
            else files.get(question.key, [])
        )
        sent = [one for one in (sent if isinstance(sent, list | tuple) else [sent]) if one]
        if sent:
            found[question.key] = sent
    return found


def typed(question, value):
    """An answer given as JSON, made storable; its shape is judged by the cleaner of its type."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [typed(question, item) for item in value[:ROWS_KEPT]]
    if isinstance(value, dict):
        return {
            storable(str(key))[:60]: typed(question, inner)
            for key, inner in list(value.items())[:60]
        }
    return value
