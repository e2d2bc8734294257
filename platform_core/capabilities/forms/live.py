"""What the browser is told of rules, so that questions come and go and sums follow the typing.

A rule that looks into a data set stays on the server: the page is not given the data.
"""

import json

from django.utils.translation import pgettext

from platform_core.capabilities import rules
from platform_core.capabilities.rules.reference import browser_calendar
from platform_core.common.i18n import pick

from .ruling import NUMERIC, ROW_ASKERS, about_row, kind_of


def as_json(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def operations(tree) -> set[str]:
    """The operations that occur in a rule."""
    found, stack = set(), [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            found |= node.keys() - {"var", "row"}
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)
    return found


def for_browser(tree) -> str:
    """A rule as the page carries it, or "" when the browser cannot ask it."""
    return "" if tree is None or "lookup" in operations(tree) else as_json(tree)


def formula(field, table_key: str = "") -> str:
    """How a computed field is worked out and written, for the browser."""
    tree = about_row(field.rule, table_key, ROW_ASKERS[field.result]) if table_key else field.rule
    if "lookup" in operations(tree):
        return ""
    return as_json({"rule": tree, **_written(field)})


def _written(field) -> dict:
    result = field.result if field.type == "computed" else field.type
    places = 2 if result == "money" else getattr(field, "decimals", 0)
    unit = pick(getattr(field, "unit", None))
    said = [pgettext("answer", "No"), pgettext("answer", "Yes")] if result == "yes_no" else []
    return {"result": result, "places": places, "unit": unit, "said": said}


def attach(asked, question, open_to: set[str] | None = None) -> set[str]:
    """Give a question its rules for the browser; returns the fields that they ask for.

    With `open_to` only rules over these fields are given: no other answer leaves the server.
    """
    trees = trees_of(question)
    used = set().union(*(rules.fields_used(tree) for tree in trees))
    if open_to is not None and not used <= open_to:
        return set()
    asked.rule = for_browser(question.show_if)
    asked.needed = for_browser(getattr(question, "required_if", None))
    if question.type == "computed":
        asked.formula = formula(question)
    return used


def trees_of(field) -> list:
    """All rules of a field and of its cells."""
    found = [getattr(field, name, None) for name in ("show_if", "required_if", "rule")]
    found += [tree for cell in getattr(field, "cells", ()) for tree in trees_of(cell)]
    return [tree for tree in found if tree is not None]


def columns(table) -> str:
    """The cells of a table as the browser reads and sums them."""
    return as_json({cell.key: kind_of(cell) for cell in table.cells})


def total(cell, table) -> str:
    """How the sum under a column is worked out and written."""
    tree = {"sum": [{"var": table.key}, {"row": cell.key}]}
    return as_json({"rule": tree, **_written(cell)})


def is_number(cell) -> bool:
    return cell.type in NUMERIC or getattr(cell, "result", "") in NUMERIC


def calendar_for(fields, facts) -> str:
    """The working days for the browser, when a rule of the page counts them."""
    if not any(rules.needs_calendar(tree) for field in fields for tree in trees_of(field)):
        return "{}"
    return as_json(browser_calendar(facts.today))
