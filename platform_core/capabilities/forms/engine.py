"""Which fields are asked, which answers are right. Pure: the same form, values and facts give the
same.
"""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from platform_core.common.i18n import pick

from .cleaning import missing
from .compound import CLEANERS
from .facts import Facts
from .ruling import applies, compared, computed, holds, rule_value
from .schema import Form, Page
from .tables import clean_repeat
from .texts import Wrong


@dataclass
class Outcome:
    """`cleaned` holds only visible, right and filled answers; `errors` maps a path to its messages.

    `facts` are the cleaned answers as rules read them; `missing` are required fields left empty;
    `required` are the fields that must be answered as things stand.
    """

    cleaned: dict = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    visible: set[str] = field(default_factory=set)
    pages: list[Page] = field(default_factory=list)
    facts: dict = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    required: set[str] = field(default_factory=set)


def examine(form: Form, values: dict, facts: Facts, *, trusted: dict | None = None) -> Outcome:
    """Go through the form in order: what is shown, what is right, what is missing.

    A condition sees the right answers of the fields before it; a wrong or hidden answer is empty.
    `trusted` are stored answers that are not judged again: a date was right on the day it was sent.
    Computed fields are worked out anew, whatever was sent or stored.
    """
    outcome = Outcome()
    for page in form.pages:
        if not holds(page.show_if, outcome.facts, facts):
            continue
        before = len(outcome.visible)
        for question in page.fields:
            if not holds(question.show_if, outcome.facts, facts):
                continue
            outcome.visible.add(question.key)
            if question.type == "note":
                continue
            if question.type == "computed":
                _keep(question, computed(question, outcome.facts, facts), outcome)
            elif trusted is not None and question.key in trusted:
                _keep(question, trusted[question.key], outcome)
            else:
                _answer(question, values.get(question.key), facts, outcome)
        if len(outcome.visible) > before:
            outcome.pages.append(page)
    _check(form, facts, outcome, trusted)
    return outcome


def _answer(question, raw, facts: Facts, outcome: Outcome) -> None:
    if _is_required(question, facts, outcome):
        outcome.required.add(question.key)
    try:
        if question.type == "repeat":
            value = clean_repeat(question, raw, facts, outcome.facts)
        else:
            value = CLEANERS[question.type](question, raw, facts)
    except Wrong as wrong:
        if wrong.message:
            outcome.errors.setdefault(question.key, []).append(wrong.message)
        for inside, message in wrong.inside.items():
            outcome.errors.setdefault(f"{question.key}{inside}", []).append(message)
        return
    if value is not None:
        _keep(question, value, outcome)
    elif question.key in outcome.required:
        outcome.errors[question.key] = [missing(question)]
        outcome.missing.add(question.key)


def _is_required(question, facts: Facts, outcome: Outcome) -> bool:
    if question.required or (question.type == "repeat" and question.min_rows):
        return True
    return question.required_if is not None and holds(question.required_if, outcome.facts, facts)


def _keep(question, value, outcome: Outcome) -> None:
    if value is not None:
        outcome.cleaned[question.key] = value
        outcome.facts[question.key] = rule_value(question, value)


def _check(form: Form, facts: Facts, outcome: Outcome, trusted: dict | None) -> None:
    """The checks between answers. One that compares an answer already found wrong says nothing;
    in a correction a check speaks where somebody can act on it.
    """
    wrong = {key_of(path) for path in outcome.errors}
    for check in form.checks:
        asked = compared(check.that)
        if check.field not in outcome.visible or asked & wrong:
            continue
        at = check.field
        if trusted is not None and at in trusted:
            at = next((key for key in sorted(asked & outcome.visible) if key not in trusted), "")

        def ask(tree):
            return holds(tree, outcome.facts, facts)

        if at and applies(check, outcome.facts, ask) and not ask(check.that):
            outcome.errors.setdefault(at, []).append(pick(check.message))


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
    """The field of an error path: "staff[0].name" belongs to "staff", "home.street" to "home"."""
    return re.split(r"[\[.]", path, maxsplit=1)[0]
