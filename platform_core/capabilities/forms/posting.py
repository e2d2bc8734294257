"""From a browser's POST to typed values. Names of inputs, hidden marks and buttons are decided
here.

A field's input is named by its key; a cell of a table `key-row-cell`; a part of an address, place
or signature `key-part`; the county beside a town `key-in`. Buttons are `_next`, `_back`, `_later`,
`_add=key`, `_drop=key:row`, `_remove=key:file id`, `_upload=key`, `_earlier=key:file id`,
`_instead=key:file id`, `_join=key`, `_towns=key`, `_take=key:number`, `_keep=key`; `_shown` lists
the fields that were visible when the page was sent.
"""

import re
from dataclasses import dataclass, field

from .compound import PARTS
from .pages import moved_earlier
from .schema import MAX_ROWS
from .tables import is_blank_row
from .texts import storable

COMMANDS = (
    "add", "drop", "remove", "upload", "earlier", "instead", "join", "towns", "take", "keep",
    "back", "later", "autosave", "next",
)  # fmt: skip
ROWS_KEPT = MAX_ROWS + 20


@dataclass
class Posted:
    """What a page sent. `shown` is None when the sender did not say which fields were visible."""

    values: dict = field(default_factory=dict)
    command: str = "next"
    target: str = ""
    shown: set[str] | None = None
    uploads: dict[str, list] = field(default_factory=dict)


def writable(fields) -> list:
    """The fields that the person may answer: neither computed nor fixed by the author."""
    return [one for one in fields if one.type == "note" or not one.read_only]


def read(fields, post, files=None, current: dict | None = None) -> Posted:
    """Typed values of `fields` from a QueryDict, or from a plain dict of answers by key.

    `current` are the typed values so far: a browser does not send files again.
    """
    if not hasattr(post, "getlist"):
        known = {one.key: one for one in fields if one.type not in ("note", "computed")}
        given = {
            key: typed(known[key], value) for key, value in (post or {}).items() if key in known
        }
        return Posted(given, uploads=_uploads(fields, files))
    posted = Posted(uploads=_uploads(fields, files))
    posted.command, posted.target = _command(post)
    posted.shown = set(post.getlist("_shown")) if "_shown" in post else None
    for question in fields:
        if question.type in ("note", "computed"):
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
    if question.type in PARTS:
        return _composed(question, post, posted, current)
    if question.type == "region" and f"{key}-in" in post:
        return _town(key, post)
    if key in post:
        return storable(post.get(key, ""))
    return _absent_is_empty(key, None, posted, "")


def _town(name: str, post) -> str:
    county, town = post.get(f"{name}-in", "")[:12], post.get(name, "")[:12]
    return storable(town if town.startswith(county) and county else county)


def _composed(question, post, posted: Posted, current):
    """The parts of an answer, each with an input of its own. A drawn signature came as a file."""
    key, found = question.key, {}
    for part in PARTS[question.type]:
        name = f"{key}-{part}"
        if part == "region" and f"{name}-in" in post:
            found[part] = _town(name, post)
        elif name in post:
            found[part] = storable(post.get(name, ""))
    before = current if isinstance(current, dict) else {}
    if question.type == "signature" and before.get("file"):
        gone = posted.command == "remove" and posted.target == f"{key}:{before['file']}"
        found |= {} if gone else {"file": before["file"]}
    if not found:
        return _absent_is_empty(key, None, posted, {})
    return found


def _absent_is_empty(key: str, value, posted: Posted, empty):
    """Browsers send nothing for radios and boxes without a mark; only a shown field was emptied."""
    if value:
        return value
    return empty if posted.shown is not None and key in posted.shown else value


def _files(question, posted: Posted, current):
    key, _colon, file_id = posted.target.partition(":")
    if key != question.key:
        return None
    if posted.command == "remove":
        return [one for one in current or [] if one != file_id]
    return moved_earlier(current or [], file_id) if posted.command == "earlier" else None


def _rows(question, post, posted: Posted):
    pattern = re.compile(rf"{re.escape(question.key)}-([0-9]{{1,4}})-")
    numbers = sorted({int(match[1]) for name in post for match in [pattern.match(name)] if match})
    if not numbers and posted.target.partition(":")[0] != question.key:
        return _absent_is_empty(question.key, None, posted, [])
    rows = [
        {
            cell.key: _cell(cell, f"{question.key}-{n}-{cell.key}", post)
            for cell in question.cells
            if cell.type != "computed"
        }
        for n in numbers[:ROWS_KEPT]
    ]
    if posted.command == "drop" and posted.target.startswith(f"{question.key}:"):
        gone = posted.target.partition(":")[2]
        rows = [row for n, row in zip(numbers, rows, strict=False) if str(n) != gone]
    if posted.command == "add" and posted.target == question.key and len(rows) < question.max_rows:
        rows.append({cell.key: "" for cell in question.cells if cell.type != "computed"})
    elif posted.command not in ("add", "drop", "autosave"):
        while rows and is_blank_row(rows[-1]):
            rows.pop()
    return rows


def _cell(cell, name: str, post):
    if cell.type == "multi_choice":
        return [storable(value)[:100] for value in post.getlist(name)][:200]
    return storable(post.get(name, ""))


def _uploads(fields, files) -> dict[str, list]:
    found = {}
    for question in fields:
        if question.type not in ("attachment", "signature") or not files:
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
