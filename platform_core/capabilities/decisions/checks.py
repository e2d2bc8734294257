"""What a table may not be, found when its manifest is registered. Yields (path, message)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from platform_core.capabilities import rules
from platform_core.capabilities.rules import Known

from .analysis import Analysis, Example, analyse
from .definition import NUMERIC, ORDERED, Column, Decision
from .engine import Result, evaluate, fields_asked
from .literals import compared, step_of
from .wording import shown_inputs, shown_outputs, why_silent

Found = Iterator[tuple[tuple, str]]
KINDS = {
    "number": "number",
    "money": "number",
    "date": "date",
    "yes_no": "bool",
    "text": "text",
    "choice": "text",
}
TOLD = 5


def check_decisions(manifest, decisions: list[Decision]) -> Found:
    """Everything wrong with the tables of a manifest that pydantic cannot see."""
    for number, decision in enumerate(decisions):
        for path, message in check_decision(decision, manifest):
            yield (number, *path), message


def check_decision(decision: Decision, manifest=None) -> Found:
    """What is wrong with one table: its parts first; only a sound one is analysed and tried."""
    found = [*_check_columns(decision, manifest), *_check_rows(decision)]
    if not found:
        found = [*_check_proof(decision, analyse(decision)), *_check_tests(decision)]
    yield from found


def unfit_fields(decision: Decision, fields: dict[str, Known], manifest=None) -> Found:
    """What the answers `fields` do not give the table: fields that are missing or of another kind,
    answers that the table does not know. For whoever asks a table, such as a process."""
    for number, column in enumerate(decision.inputs):
        where = ("inputs", number)
        if column.expression is not None:
            for problem in rules.check(column.expression, fields, manifest=manifest):
                words = f"{problem.path}: {problem.message}" if problem.path else problem.message
                yield (*where, "expression"), words
            continue
        known = fields.get(column.key)
        if known is None:
            yield (*where, "key"), _("There is no field “%(key)s”.") % {"key": column.key}
        elif known.kind not in (KINDS[column.type], "any"):
            words = _("The field “%(key)s” is of another kind.") % {"key": column.key}
            yield (*where, "type"), words
        elif column.type == "choice":
            for value in sorted(set(known.options) - set(column.option_values)):
                words = _("The answer “%(value)s” of the field is missing here.")
                yield (*where, "options"), words % {"value": value}


def _check_columns(decision: Decision, manifest) -> Found:
    for name in ("inputs", "outputs"):
        seen: set[str] = set()
        for number, column in enumerate(getattr(decision, name)):
            where = (name, number)
            if column.key in seen:
                yield (*where, "key"), _("The key “%(key)s” is given twice.") % {"key": column.key}
            seen.add(column.key)
            yield from _check_options(column, where)
    for number, column in enumerate(decision.inputs):
        yield from _check_input(column, ("inputs", number), manifest)
    for number, column in enumerate(decision.outputs):
        wanted = {"sum": NUMERIC, "min": ORDERED, "max": ORDERED}.get(decision.aggregate)
        if wanted and column.type not in wanted:
            words = _("Results of this kind cannot be collected in this way.")
            yield ("outputs", number, "type"), words


def _check_options(column: Column, where: tuple) -> Found:
    if (column.type == "choice") != bool(column.options):
        yield (*where, "options"), _("A choice offers answers; other columns have none.")
    seen = set()
    for number, option in enumerate(column.options):
        if option.value in seen:
            yield (*where, "options", number, "value"), _("This answer is given twice.")
        seen.add(option.value)


def _check_input(column, where: tuple, manifest) -> Found:
    if column.expression is not None:
        asked = {key: Known() for key in rules.fields_used(column.expression)}
        for problem in rules.check(column.expression, asked, manifest=manifest):
            words = f"{problem.path}: {problem.message}" if problem.path else problem.message
            yield (*where, "expression"), words
    bounds = [name for name in ("min", "max") if getattr(column, name) is not None]
    if column.decimals is not None and column.type not in NUMERIC:
        yield (*where, "decimals"), _("Only a number has decimals.")
    for name in bounds:
        if column.type not in ORDERED:
            yield (*where, name), _("Only numbers and days have bounds.")
        else:
            yield from _check_value(column, getattr(column, name), (*where, name))
    if len(bounds) == 2 and column.type in ORDERED:
        low, high = compared(column.min, column.type), compared(column.max, column.type)
        if low is not None and high is not None and low > high:
            yield (*where, "min"), _("The lower bound is above the upper one.")


def _check_value(column: Column, raw, where: tuple) -> Found:
    value = compared(raw, column.type)
    if value is None:
        yield where, _("This value does not fit a column of this kind.")
    elif column.type == "choice" and value not in column.option_values:
        words = _("“%(value)s” is not an answer of “%(key)s”.")
        yield where, words % {"value": value, "key": column.key}


def _check_rows(decision: Decision) -> Found:
    inputs = {column.key: column for column in decision.inputs}
    for number, row in enumerate(decision.rows):
        here = ("rows", number)
        for key, cell in row.cells.items():
            where = (*here, "cells", key)
            if key not in inputs:
                yield where, _("There is no input “%(key)s”.") % {"key": key}
            else:
                yield from _check_cell(inputs[key], cell, where)
        yield from _check_results(decision, row.results, (*here, "results"))
    if decision.default is not None:
        yield from _check_results(decision, decision.default, ("default",))


def _check_cell(column, cell, where: tuple) -> Found:
    if cell.is_ in ("compare", "between") and column.type not in ORDERED:
        yield where, _("Only numbers and days can be compared by size.")
        return
    sound = True
    for raw in cell.named():
        for found in _check_value(column, raw, where):
            sound = False
            yield found
    if sound and cell.is_ == "between":
        low, high = compared(cell.from_, column.type), compared(cell.to, column.type)
        if low > high or (low == high and (cell.from_open or cell.to_open)):
            yield where, _("The lower bound is above the upper one.")
    if sound and column.type in ORDERED and cell.is_ in ("equal", "one_of"):
        step = step_of(column.type, column.precision)
        if any(compared(raw, column.type) % step for raw in cell.named()):
            yield where, _("This value has more decimals than the column.")
    if cell.is_ == "empty" and column.required:
        yield where, _("The column is never empty.")


def _check_results(decision: Decision, results: dict, where: tuple) -> Found:
    outputs = {column.key: column for column in decision.outputs}
    for key, raw in results.items():
        if key not in outputs:
            yield (*where, key), _("There is no output “%(key)s”.") % {"key": key}
        else:
            yield from _check_value(outputs[key], raw, (*where, key))
    for key in outputs.keys() - results.keys():
        yield where, _("Say what “%(key)s” is.") % {"key": key}


def _check_proof(decision: Decision, proof: Analysis) -> Found:
    for row in proof.idle:
        yield ("rows", row - 1), _("No answer satisfies this row: it can never fire.")
    for row in proof.unreachable:
        yield ("rows", row - 1), _("The rows above it leave nothing for this row.")
    for example in proof.overlaps[:TOLD]:
        words = _("Rows %(one)s and %(other)s fire together, for example for %(example)s.")
        one, other = example.rows
        values = {"one": one, "other": other, "example": shown_inputs(decision, example.inputs)}
        yield ("rows", other - 1), words % values
    if "unreachable" in proof.unproven:
        words = _("The table is too large to prove that every row can be reached. Divide it.")
        yield ("rows",), words
    if decision.hit == "collect" or decision.default is not None or decision.incomplete:
        return
    for example in proof.gaps[:TOLD]:
        yield ("rows",), _("No row fires for %(example)s.") % {"example": _told(decision, example)}
    if "gaps" in proof.unproven:
        words = _(
            "The table is too large to prove that some row always fires. Divide it, or say what "
            "holds otherwise."
        )
        yield ("rows",), words


def _told(decision: Decision, example: Example) -> str:
    return shown_inputs(decision, example.inputs, free=example.free)


def _check_tests(decision: Decision) -> Found:
    asked = fields_asked(decision)
    for number, test in enumerate(decision.tests):
        here = ("tests", number)
        strange = sorted(set(test.inputs) - asked)
        if strange:
            yield (
                (*here, "inputs"),
                _("The table does not ask for “%(key)s”.") % {"key": strange[0]},
            )
            continue
        got = evaluate(decision, test.inputs, today=date.fromisoformat(test.today))
        if not passes(decision, test.expect, got):
            yield here, _("Test %(number)s: expected %(expected)s, got %(got)s.") % {
                "number": number + 1,
                "expected": shown_outputs(decision, test.expect),
                "got": shown_outputs(decision, got.outputs) if got.problem is None
                else why_silent(decision, got),
            }  # fmt: skip


def passes(decision: Decision, expect: dict | None, got: Result) -> bool:
    """Whether a table said what a test row expects; a list is expected as a list, in order."""
    if expect is None:
        return got.problem == "nothing"
    if got.problem is not None or set(expect) != set(got.outputs):
        return False
    for key, wanted in expect.items():
        kind = decision.output(key).type
        said = got.outputs[key]
        if isinstance(said, tuple):
            same = isinstance(wanted, list) and len(wanted) == len(said)
            if not same or any(
                compared(one, kind) != compared(other, kind)
                for one, other in zip(wanted, said, strict=True)
            ):
                return False
        elif compared(wanted, kind) is None or compared(wanted, kind) != compared(said, kind):
            return False
    return True
