"""Which fields are asked, which answers are right. Pure: the same form, values and facts give the
same.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from platform_core.capabilities import rules

from .cleaning import Facts, Wrong, missing
from .compound import CLEANERS
from .schema import Form, Page


@dataclass
class Outcome:
    """`cleaned` holds only visible, right and filled answers; `errors` maps a path to its messages.

    `facts` are the cleaned answers as rules read them; `missing` are required fields left empty.
    """

    cleaned: dict = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    visible: set[str] = field(default_factory=set)
    pages: list[Page] = field(default_factory=list)
    facts: dict = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)


def rule_value(question, value):
    """A stored answer as JSON that both rule evaluators understand: amounts become numbers."""
    if value is None:
        return None
    if question.type in ("number", "money"):
        return rules.as_rule_number(Decimal(str(value)))
    if question.type == "repeat":
        return [
            {cell.key: rule_value(cell, row.get(cell.key)) for cell in question.cells}
            for row in value
        ]
    return value


def _shown(tree, known: dict, facts: Facts) -> bool:
    try:
        return rules.is_true(tree, known, today=facts.today, reference=facts.reference)
    except rules.RuleError:
        return False


def examine(form: Form, values: dict, facts: Facts, *, trusted: dict | None = None) -> Outcome:
    """Go through the form in order: what is shown, what is right, what is missing.

    A condition sees the right answers of the fields before it; a wrong or hidden answer is empty.
    `trusted` are stored answers that are not judged again: a date was right on the day it was sent.
    """
    outcome = Outcome()
    for page in form.pages:
        if not _shown(page.show_if, outcome.facts, facts):
            continue
        before = len(outcome.visible)
        for question in page.fields:
            if not _shown(question.show_if, outcome.facts, facts):
                continue
            outcome.visible.add(question.key)
            if question.type == "note":
                continue
            if trusted is not None and question.key in trusted:
                _keep(question, trusted[question.key], outcome)
            else:
                _answer(question, values.get(question.key), facts, outcome)
        if len(outcome.visible) > before:
            outcome.pages.append(page)
    return outcome


def _answer(question, raw, facts: Facts, outcome: Outcome) -> None:
    try:
        value = CLEANERS[question.type](question, raw, facts)
    except Wrong as wrong:
        if wrong.message:
            outcome.errors.setdefault(question.key, []).append(wrong.message)
        for inside, message in wrong.inside.items():
            outcome.errors.setdefault(f"{question.key}{inside}", []).append(message)
        return
    if value is None:
        if question.required or (question.type == "repeat" and question.min_rows):
            outcome.errors[question.key] = [missing(question)]
            outcome.missing.add(question.key)
        return
    _keep(question, value, outcome)


def _keep(question, value, outcome: Outcome) -> None:
    if value is not None:
        outcome.cleaned[question.key] = value
        outcome.facts[question.key] = rule_value(question, value)


def examine_correction(form: Form, values: dict, facts: Facts, only: set[str], stored: dict):
    """As `examine`, with only some fields open. Gives the outcome and all fields that are open.

    A field that a corrected answer brings to light was never asked before, so it is open too.
    """
    before = examine(form, stored, facts, trusted=stored).visible
    allowed = set(only)
    for _round in range(len(form.pages) + len(form.questions())):
        trusted = {key: value for key, value in stored.items() if key not in allowed}
        trusted |= {q.key: None for q in form.questions() if q.key not in allowed | set(trusted)}
        outcome = examine(form, values, facts, trusted=trusted)
        opened = outcome.visible - before - allowed
        if not opened:
            break
        allowed |= opened
    return outcome, allowed


def strangers(form: Form, values: dict) -> dict[str, list[str]]:
    """Keys that the form does not ask, each with a message: answers through the API name only
    fields.
    """
    known = {question.key for question in form.questions()}
    return {str(key)[:60]: [_("This is not asked here.")] for key in values if key not in known}


def key_of(path: str) -> str:
    """The field of an error path: "staff[0].name" belongs to "staff"."""
    return path.partition("[")[0]
