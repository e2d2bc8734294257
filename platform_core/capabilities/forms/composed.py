"""Drawing questions that are more than one control: places, parts of an answer, tables."""

from django.utils.translation import gettext as _

from platform_core.common.fields import from_dict
from platform_core.common.i18n import pick

from . import display, live, places
from .asked import Asked, Cell, Row, described
from .engine import key_of
from .ruling import kind_of, total_of
from .tables import row_state


def place(asked: Asked, question, today) -> None:
    """The divisions that a question offers; towns are chosen after their county."""
    code = asked.shown.value if isinstance(asked.shown.value, str) else ""
    if question.level != "town":
        asked.groups = places.groups(question.level, question.root, today)
        return
    asked.groups = places.groups("county", question.root, today)
    asked.county = code[:6]
    asked.towns = places.towns(asked.county, today) if asked.county else []
    asked.limits = {"two_steps": True}


def add_parts(asked: Asked, question, bound) -> None:
    """One control for each part of an address, a place on the map or a signature."""
    value = bound.values.get(question.key)
    value = value if isinstance(value, dict) else {}
    errors = {
        path.partition(".")[2]: said
        for path, said in bound.errors.items()
        if key_of(path) == question.key and "." in path
    }
    for described_part in PART_MAKERS[question.type](question):
        name = described_part["name"]
        typed = value.get(name)
        shown = from_dict(
            {
                "required": False,
                **described_part,
                "name": f"{question.key}-{name}",
                "value": typed if isinstance(typed, str | int | float) else "",
                "errors": errors.get(name, []),
            }
        )
        if described_part["kind"] == "checkbox":
            shown.value = typed in (True, "1", "yes", "true")
        part = Asked(name, "text", "ui/field.html", shown)
        if name == "region":
            part.template = "forms/region.html"
            place(part, question, bound.facts.today)
        asked.parts.append(part)
    asked.limits = {"no_pad": bound.part is not None}
    if question.type == "signature" and str(value.get("file") or "") in bound.facts.files:
        asked.files = [bound.facts.files[str(value["file"])]]


def _address(question) -> list[dict]:
    return [
        {"name": "region", "label": _("City and county"), "kind": "select"},
        {
            "name": "street",
            "label": _("Street, number, building"),
            "kind": "text",
            "maxlength": question.max_length,
            "autocomplete": question.autocomplete or "street-address",
        },
    ]


def _location(question) -> list[dict]:
    degrees = {"kind": "text", "inputmode": "decimal", "autocomplete": "off", "width": "s"}
    return [
        {"name": "text", "label": _("Describe the place"), "kind": "text",
         "maxlength": question.max_length, "autocomplete": "off"},
        {"name": "lng", "label": _("Longitude (degrees east, WGS-84)"), **degrees},
        {"name": "lat", "label": _("Latitude (degrees north, WGS-84)"), **degrees},
    ]  # fmt: skip


def _signature(question) -> list[dict]:
    return [
        {"name": "name", "label": _("Your name"), "kind": "text", "maxlength": 50, "width": "m",
         "autocomplete": "name"},
        {"name": "agreed", "kind": "checkbox",
         "label": _("I sign with my name and declare that my answers are true.")},
    ]  # fmt: skip


PART_MAKERS = {"address": _address, "location": _location, "signature": _signature}


def add_rows(asked: Asked, question, bound) -> None:
    """The rows of a table as typed, with their computed cells, and the totals."""
    value = bound.values.get(question.key)
    typed = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    typed = typed or [{}]
    lists = {
        cell.key: [one for group in places.groups(cell.level, cell.root, bound.facts.today)
                   for one in group.options]
        for cell in question.cells if cell.type == "region"
    }  # fmt: skip
    states = [row_state(question, row, bound.facts, bound.outcome.facts) for row in typed]
    asked.rows = [
        _row(question, row, number, bound.errors, lists, states[number])
        for number, row in enumerate(typed)
    ]
    blank = row_state(question, {}, bound.facts, bound.outcome.facts)
    asked.blank = _row(question, {}, "__n__", {}, lists, blank)
    asked.limits = {
        "most": question.max_rows,
        "full": len(asked.rows) >= question.max_rows,
        "word": pick(question.row_label) or _("Row"),
        "cells": live.columns(question),
        "totals": _totals(question, [state.cleaned for state in states]),
    }


def _totals(question, rows: list[dict]) -> list[dict]:
    reading = display.Reading(unmask=True)
    return [
        {
            "label": pick(cell.label),
            "text": display.in_words(cell, total_of(cell, rows), reading),
            "formula": live.total(cell, question),
        }
        for cell in question.cells
        if cell.key in question.totals
    ]


def _row(question, row: dict, number, errors: dict, lists: dict, state) -> Row:
    cells = [
        _cell(question, cell, row, number, errors.get(f"{question.key}[{number}].{cell.key}", []),
              lists, state)
        for cell in question.cells
    ]  # fmt: skip
    position = number + 1 if isinstance(number, int) else number
    title = _("%(word)s %(n)s") % {"word": pick(question.row_label) or _("Row"), "n": position}
    return Row(number, title, cells)


def _cell(question, cell, row: dict, number, errors: list, lists: dict, state) -> Cell:
    name = f"{question.key}-{number}-{cell.key}"
    found = described(cell, row.get(cell.key), name, errors) | {"autocomplete": "off"}
    found["required"] = cell.key in state.required or cell.required
    found["optional"] = not found["required"]
    drawn = Cell(None, cell.key, hidden=cell.key not in state.visible)
    drawn.rule = live.for_browser(cell.show_if)
    if cell.type == "computed":
        reading = display.Reading(unmask=True)
        value = display.in_words(cell, state.cleaned.get(cell.key), reading)
        found |= {"kind": "static", "value": value, "optional": False}
        drawn.formula = live.formula(cell, question.key)
    elif cell.type == "region":
        found |= {"kind": "select", "options": [("", _("Choose…")), *lists[cell.key]]}
    elif found["kind"] == "radio" and cell.type != "yes_no":
        found["kind"] = "select"
        found["options"] = [{"value": "", "label": _("Choose…")}, *found["options"]]
    drawn.shown = from_dict(found)
    drawn.kind = kind_of(cell)
    return drawn
