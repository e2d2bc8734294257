"""A table as a grid, its proof and its tests as sentences: words for a page, not markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from platform_core.capabilities import rules
from platform_core.common.i18n import pick

from .analysis import SHOWN, Analysis, analyse
from .checks import passes
from .definition import Decision
from .engine import evaluate
from .wording import (
    cell_words,
    language_now,
    sentence,
    shown_inputs,
    shown_outputs,
    shown_value,
    why_silent,
)


@dataclass(frozen=True)
class GridRow:
    number: int
    cells: list[str]
    results: list[str]
    note: str
    sentence: str


@dataclass(frozen=True)
class Head:
    label: str
    hint: str


@dataclass(frozen=True)
class Grid:
    """The table for people: heads of inputs and outputs, rows, what is said otherwise."""

    title: str
    policy: str
    inputs: list[Head]
    outputs: list[Head]
    rows: list[GridRow]
    otherwise: list[str]
    has_notes: bool

    @property
    def width(self) -> int:
        return len(self.inputs)


def policy_words(decision: Decision) -> str:
    """How the rows that fire become one answer."""
    if decision.hit == "unique":
        return _("Exactly one row fires.")
    if decision.hit == "first":
        return _("The first row that fires counts.")
    return {
        "sum": _("The results of all rows that fire are added up."),
        "min": _("The smallest result of the rows that fire counts."),
        "max": _("The largest result of the rows that fire counts."),
        "list": _("The results of all rows that fire are listed."),
    }[decision.aggregate]


def _hint(decision: Decision, column) -> str:
    """What may come under an input, or how it is computed."""
    language = language_now()
    said = []
    if column.expression is not None:
        said.append(rules.sentence(column.expression, {}, language))
    if column.min is not None:
        said.append(f"≥ {shown_value(column, column.min, language)}")
    if column.max is not None:
        said.append(f"≤ {shown_value(column, column.max, language)}")
    said.append(_("required") if column.required else pgettext("input of a table", "may be empty"))
    return " · ".join(said)


def grid(decision: Decision) -> Grid:
    """The table in the reader's language."""
    language = language_now()
    rows = [
        GridRow(
            number,
            [cell_words(column, row.cells.get(column.key), language) for column in decision.inputs],
            [
                shown_value(column, row.results.get(column.key), language)
                for column in decision.outputs
            ],
            pick(row.note),
            sentence(decision, row, language),
        )
        for number, row in enumerate(decision.rows, start=1)
    ]
    default = decision.default or {}
    return Grid(
        pick(decision.title),
        policy_words(decision),
        [Head(pick(column.label), _hint(decision, column)) for column in decision.inputs],
        [Head(pick(column.label), "") for column in decision.outputs],
        rows,
        [shown_value(one, default.get(one.key), language) for one in decision.outputs if default],
        any(row.note for row in rows),
    )


def proof_lines(decision: Decision, proof: Analysis | None = None) -> list[str]:
    """What the analysis has shown, with examples, one sentence each."""
    proof = proof or analyse(decision)
    lines = [*_about_gaps(decision, proof)]
    if decision.hit == "unique":
        if not proof.overlaps:
            lines.append(_("No two rows fire together."))
        for example in proof.overlaps:
            values = {"one": example.rows[0], "other": example.rows[1],
                      "example": shown_inputs(decision, example.inputs)}  # fmt: skip
            lines.append(
                _("Rows %(one)s and %(other)s fire together, for example for %(example)s.") % values
            )
    if decision.hit == "first" and not (proof.unreachable or "unreachable" in proof.unproven):
        lines.append(_("Every row can be reached."))
    for row in proof.unreachable:
        lines.append(_("Row %(n)s: the rows above it leave nothing for it.") % {"n": row})
    for row in proof.idle:
        lines.append(_("Row %(n)s: no answer satisfies it.") % {"n": row})
    if "unreachable" in proof.unproven:
        lines.append(_("The table is too large to prove that every row can be reached. Divide it."))
    if proof.more:
        lines.append(_("There are more; the first %(n)s are shown.") % {"n": SHOWN})
    return lines


def _about_gaps(decision: Decision, proof: Analysis) -> list[str]:
    if "gaps" in proof.unproven:
        lines = [_("The table is too large to prove that some row always fires.")]
    elif not proof.gaps:
        return [_("Some row fires for every answer that may come.")]
    else:
        lines = []
    for example in proof.gaps:
        told = shown_inputs(decision, example.inputs, free=example.free)
        lines.append(_("No row fires for %(example)s.") % {"example": told})
    if lines and decision.default is not None:
        lines.append(_("Then the default is said."))
    return lines


def test_lines(decision: Decision) -> list[str]:
    """How the tests of the table come out."""
    if not decision.tests:
        return [_("The table has no tests.")]
    failed = []
    for number, test in enumerate(decision.tests, start=1):
        got = evaluate(decision, test.inputs, today=date.fromisoformat(test.today))
        if not passes(decision, test.expect, got):
            said = got.outputs if got.problem is None else None
            failed.append(
                _("Test %(number)s: expected %(expected)s, got %(got)s.")
                % {
                    "number": number,
                    "expected": shown_outputs(decision, test.expect),
                    "got": shown_outputs(decision, said) if said else why_silent(decision, got),
                }
            )
    count = len(decision.tests)
    words = ngettext("%(count)d test passes.", "All %(count)d tests pass.", count) % {
        "count": count
    }
    return failed or [words]
