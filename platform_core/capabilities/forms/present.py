"""A bound page as what its template draws. Every question becomes one `Asked`."""

import json
from dataclasses import dataclass, field
from dataclasses import field as keep

from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.capabilities import rules
from platform_core.capabilities.rules.reference import browser_calendar
from platform_core.common.fields import Shown, from_dict
from platform_core.common.i18n import pick

from . import display, places
from .binding import BoundForm
from .capability import RULE_KINDS
from .cleaning import read_day
from .engine import key_of
from .sources import source_words

RADIOS_UP_TO = 6
INPUTS = {
    "text": {"kind": "text"},
    "textarea": {"kind": "textarea"},
    "number": {"kind": "text", "inputmode": "numeric", "autocomplete": "off", "width": "s"},
    "money": {
        "kind": "text",
        "inputmode": "decimal",
        "autocomplete": "off",
        "prefix": "¥",
        "width": "s",
    },
    "date": {"kind": "date", "width": "s"},
    "citizen_number": {"kind": "text", "autocomplete": "off", "width": "m"},
    "credit_code": {"kind": "text", "autocomplete": "off", "width": "m"},
    "mobile": {"kind": "tel", "inputmode": "tel", "autocomplete": "tel", "width": "s"},
    "email": {"kind": "email", "inputmode": "email", "autocomplete": "email"},
}
AUTOCOMPLETE = {
    "profile.name": "name",
    "profile.mobile": "tel",
    "profile.email": "email",
    "profile.firm_name": "organization",
}
TEMPLATES = {
    "note": "forms/note.html",
    "region": "forms/region.html",
    "attachment": "forms/attachment.html",
    "repeat": "forms/repeat.html",
}


@dataclass
class Row:
    number: int
    title: str
    cells: list[Shown]


@dataclass
class Asked:
    """One question as drawn. `rule` is its condition as JSON for the browser; `hidden` its state
    now.
    """

    key: str
    type: str
    template: str
    shown: Shown
    hidden: bool = False
    rule: str = ""
    rows: list[Row] = keep(default_factory=list)
    files: list = keep(default_factory=list)
    groups: list = keep(default_factory=list)
    towns: list = keep(default_factory=list)
    county: str = ""
    limits: dict = keep(default_factory=dict)
    blank: Row | None = None
    # What another window holds for this question, in words; sealed answers stay out of the browser.
    rivals: list[str] = keep(default_factory=list)
    is_private: bool = False
    locked_value: str = ""


@dataclass
class Drawn:
    """A whole page as drawn: its questions, the error summary and what the browser needs for
    conditions.
    """

    bound: BoundForm
    page: object
    questions: list[Asked] = field(default_factory=list)
    summary: list[dict] = field(default_factory=list)
    facts: str = "{}"
    today: str = ""
    calendar: str = "{}"
    pen: str = ""


def element_id(path: str) -> str:
    """The id of the control at an error path: "staff[0].name" is drawn as id_staff-0-name."""
    key, _bracket, rest = path.partition("[")
    return f"id_{key}" if not rest else f"id_{key}-{rest.replace('].', '-')}"


def draw(bound: BoundForm, page=None, contest: str = "") -> Drawn:
    """The page of `bound` (or another one of its form) ready for `forms/page.html`.

    `contest` is the address where one contests a filled-in answer, with `__field__` in it.
    """
    page = page or bound.page
    fields = [
        q for q in page.fields if bound.only is None or q.type == "note" or q.key in bound.only
    ]
    drawn = Drawn(bound, page, today=bound.facts.today.isoformat(), pen=get_random_string(12))
    needed: set[str] = set()
    for question in fields:
        asked = _asked(bound, question, contest)
        asked.hidden = question.key not in bound.visible
        asked.is_private = getattr(question, "is_sealed", False)
        asked.rivals = [
            display.typed_text(question, one) for one in bound.rivals.get(question.key, [])
        ]
        if question.show_if is not None and not _is_foreign(bound, page, question):
            asked.rule = json.dumps(question.show_if, ensure_ascii=False)
            needed |= rules.fields_used(question.show_if)
            if rules.needs_calendar(question.show_if):
                drawn.calendar = json.dumps(browser_calendar(bound.facts.today))
        drawn.questions.append(asked)
    here = {question.key for question in fields}
    elsewhere = {key: value for key, value in bound.outcome.facts.items() if key in needed - here}
    drawn.facts = json.dumps(elsewhere, ensure_ascii=False)
    drawn.summary = summary(bound, drawn.questions)
    return drawn


def _is_foreign(bound: BoundForm, page, question) -> bool:
    """Whether an invited person's browser would need answers of others to judge a condition: then
    the server alone does.
    """
    here = {one.key for one in page.fields}
    return bound.part is not None and not rules.fields_used(question.show_if) <= here


def summary(bound: BoundForm, questions: list[Asked]) -> list[dict]:
    """The errors in the order of the questions, each with the id that its link leads to."""
    order = {asked.key: number for number, asked in enumerate(questions)}
    focus = {asked.key: asked.shown.focus_id for asked in questions if asked.shown}
    found = []
    for path, messages in bound.errors.items():
        key = key_of(path)
        if key not in order:
            continue
        target = focus.get(key, "") if path == key else element_id(path)
        for message in messages:
            found.append(
                (order[key], len(found), {"id": target, "message": _told(bound, path, message)})
            )
    return [entry for _order, _number, entry in sorted(found, key=lambda one: one[:2])]


def _told(bound: BoundForm, path: str, message: str) -> str:
    """A message with the name of its question, since the summary stands far from it."""
    key, _bracket, rest = path.partition("[")
    question = bound.form.question(key)
    label = pick(question.label) if question else ""
    if rest and question.type == "repeat":
        number, _dot, cell_key = rest.partition("].")
        cell = next((cell for cell in question.cells if cell.key == cell_key), None)
        place = _("%(table)s, row %(n)s") % {"table": label, "n": int(number) + 1}
        said = cell is None or pick(cell.label) in message
        label = (
            place if said else _("%(place)s, %(cell)s") % {"place": place, "cell": pick(cell.label)}
        )
    if label and label in message:
        return message
    return _("%(label)s: %(message)s") % {"label": label, "message": message} if label else message


def _asked(bound: BoundForm, question, contest: str = "") -> Asked:
    if question.type == "note":
        shown = Shown(f"id_{question.key}", question.key, pick(question.label), "static")
        shown.hint = pick(question.help)
        return Asked(question.key, "note", TEMPLATES["note"], shown)
    value = bound.values.get(question.key)
    errors = bound.errors.get(question.key, [])
    described = _description(question, value, question.key, errors)
    _say_source(described, bound, question, contest)
    if question.key in bound.locked:
        described |= {"kind": "static", "value": display.typed_text(question, value)}
        shown = from_dict(described)
        typed = _typed(question, value)
        return Asked(
            question.key, RULE_KINDS[question.type], "forms/locked.html", shown, locked_value=typed
        )
    shown = from_dict(described)
    asked = Asked(
        question.key,
        RULE_KINDS[question.type],
        TEMPLATES.get(question.type, "ui/field.html"),
        shown,
    )
    if question.type == "region":
        _place(asked, question, bound)
    elif question.type == "attachment":
        ids = [file_id for file_id in value or [] if isinstance(file_id, str)]
        asked.files = [bound.facts.files[one] for one in ids if one in bound.facts.files]
        asked.limits = {"most": question.max_files, "full": len(asked.files) >= question.max_files}
    elif question.type == "repeat":
        _rows(asked, question, bound)
    return asked


def _say_source(described: dict, bound: BoundForm, question, contest: str) -> None:
    """Where a filled-in answer comes from, and the way to say that it is wrong."""
    facts = bound.sources.get(question.key)
    if facts is None:
        return
    described["source"] = source_words(facts)
    if facts.get("contested"):
        described["source"] += " " + _("You said that this is wrong.")
    if contest and (facts.get("source") != "profile" or facts.get("locked")):
        words = _("Change what I said") if facts.get("contested") else _("This is wrong")
        described["action"] = {"url": contest.replace("__field__", question.key), "label": words}


def _description(question, value, name: str, errors: list) -> dict:
    """The question as a dict for `common.fields.from_dict`."""
    described = {
        "name": name,
        "label": pick(question.label),
        "hint": pick(question.help),
        "errors": errors,
        "required": question.required,
        "optional": not question.required,
        "value": _typed(question, value),
        **INPUTS.get(question.type, {"kind": "text"}),
    }
    described["autocomplete"] = (
        question.autocomplete or AUTOCOMPLETE.get(question.prefill) or described.get("autocomplete")
    )
    if question.type == "textarea":
        described["rows"] = question.rows
    if question.type == "number":
        described["suffix"] = pick(question.unit)
        described["inputmode"] = "decimal" if question.decimals else "numeric"
    if question.type == "date" and described["value"] and not _is_iso(described["value"]):
        # A date input would hide what was typed; as text it stays readable and can be put right.
        described["kind"] = "text"
    if question.type in ("citizen_number", "credit_code"):
        described["attrs"] = {"spellcheck": "false", "autocapitalize": "characters"}
    if question.type in ("choice", "multi_choice", "yes_no"):
        described |= _choice(question)
    if question.type == "attachment":
        described |= {"kind": "file", "accept": ",".join(f".{kind}" for kind in question.accept)}
        described["multiple"] = question.max_files > 1
    return described


def _is_iso(text: str) -> bool:
    day = read_day(text)
    return day is not None and day.isoformat() == text


def _typed(question, value):
    """A typed or stored value as a control holds it."""
    if question.type == "yes_no" and isinstance(value, bool):
        return "yes" if value else "no"
    if question.type == "multi_choice":
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
    if value is None or isinstance(value, list | dict | bool):
        return ""
    return str(value)


def _choice(question) -> dict:
    if question.type == "yes_no":
        return {
            "kind": "radio",
            "options": [("yes", pgettext("answer", "Yes")), ("no", pgettext("answer", "No"))],
        }
    options = [
        {"value": option.value, "label": pick(option.label), "hint": pick(option.help)}
        for option in question.options
    ]
    if question.type == "multi_choice":
        return {"kind": "checkboxes", "options": options}
    if len(options) <= RADIOS_UP_TO:
        return {"kind": "radio", "options": options}
    return {"kind": "select", "options": [{"value": "", "label": _("Choose…")}, *options]}


def _place(asked: Asked, question, bound: BoundForm) -> None:
    today = bound.facts.today
    code = asked.shown.value
    if question.level != "town":
        asked.groups = places.groups(question.level, question.root, today)
        return
    asked.groups = places.groups("county", question.root, today)
    asked.county = code[:6]
    asked.towns = places.towns(asked.county, today) if asked.county else []
    asked.limits = {"two_steps": True}


def _rows(asked: Asked, question, bound: BoundForm) -> None:
    value = bound.values.get(question.key)
    typed = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    typed = typed or [{}]
    asked.rows = [_row(question, row, number, bound) for number, row in enumerate(typed)]
    asked.blank = _row(question, {}, "__n__", None)
    asked.limits = {
        "most": question.max_rows,
        "full": len(asked.rows) >= question.max_rows,
        "word": pick(question.row_label) or _("Row"),
        "cells": json.dumps({cell.key: RULE_KINDS[cell.type] for cell in question.cells}),
    }


def _row(question, row: dict, number, bound: BoundForm | None) -> Row:
    cells = []
    for cell in question.cells:
        path = f"{question.key}[{number}].{cell.key}"
        errors = bound.errors.get(path, []) if bound else []
        described = _description(
            cell, row.get(cell.key), f"{question.key}-{number}-{cell.key}", errors
        )
        if described["kind"] == "radio" and cell.type != "yes_no":
            described["kind"] = "select"
            described["options"] = [{"value": "", "label": _("Choose…")}, *described["options"]]
        described["autocomplete"] = "off"
        cells.append(from_dict(described))
    position = number + 1 if isinstance(number, int) else number
    title = _("%(word)s %(n)s") % {"word": pick(question.row_label) or _("Row"), "n": position}
    return Row(number, title, cells)
