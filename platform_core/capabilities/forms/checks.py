"""What may be wrong with one field of an author's form, as (path, message)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from platform_core.capabilities import rules
from platform_core.capabilities.rules import Known

from .cleaning import SCALARS
from .facts import Facts
from .moments import default_day, is_real_bound
from .patterns import pattern_problem
from .privacy import declaration_of
from .ruling import NUMERIC, ROW_ASKERS, about_row, kind_of
from .schema import Form, bound_day
from .texts import Wrong

Problems = Iterator[tuple[tuple, str]]
WITH_DAYS = ("date", "datetime", "working_day")
SOME_DAY = date(2026, 1, 1)


@dataclass(frozen=True)
class Names:
    """What a rule may name: the fields before it, and the data sets open to its manifest."""

    fields: dict[str, Known]
    manifest: object = None

    def with_table(self, table, cells: dict[str, Known]) -> "Names":
        """With the cells of a table as far as they are known."""
        return Names({**self.fields, table.key: Known("rows", (), cells)}, self.manifest)

    def problems(self, tree) -> list:
        return rules.check(tree, self.fields, manifest=self.manifest)


def check_rule(tree, known: Names, place: tuple, wrapped: str = "") -> Problems:
    """Problems of one rule; those of a rule that was `wrapped` lie one step further in."""
    if tree is None:
        return
    for problem in known.problems(tree):
        path = problem.path.removeprefix(wrapped).lstrip(".") if wrapped else problem.path
        yield place, f"{path}: {problem.message}" if path else problem.message


def check_field(field, place: tuple, earlier: Names) -> Problems:
    """Problems of a field; `earlier` are the fields that its rules may ask."""
    yield from check_rule(field.required_if, earlier, (*place, "required_if"))
    if field.type == "computed":
        yield from _check_computed(field, place, earlier)
    if field.type == "repeat":
        yield from _check_table(field, place, earlier)
    yield from _check_plain(field, place)


def _check_plain(field, place: tuple) -> Problems:
    if hasattr(field, "options"):
        yield from _check_options(field, place)
    for low, high in (("min_length", "max_length"), ("min_rows", "max_rows")):
        if hasattr(field, low) and getattr(field, low) > getattr(field, high):
            yield (*place, low), _("The lower bound is above the upper one.")
    if field.type in ("number", "money"):
        yield from _check_amounts(field, place)
    if field.type in WITH_DAYS:
        yield from _check_days(field, place)
    if field.type == "time" and field.earliest and field.latest and field.earliest > field.latest:
        yield (*place, "earliest"), _("The lower bound is above the upper one.")
    if field.type == "text":
        yield from _check_pattern(field, place)
    yield from _check_default(field, place)


def _check_computed(field, place: tuple, earlier: Names) -> Problems:
    found = list(check_rule(field.rule, earlier, (*place, "rule")))
    yield from found or _check_result(field.rule, field.result, earlier, place)


def _check_result(tree, result: str, known: Names, place: tuple) -> Problems:
    """Whether a rule gives what the field promises: it is asked where only that kind fits."""
    kind = {"number": "number", "money": "number", "date": "date", "yes_no": "bool"}.get(
        result, "text"
    )
    tests = {
        "number": {">=": [{"abs": [tree]}, 0]},
        "date": {">=": [{"year": [tree]}, 1]},
        "bool": {"not": [tree]},
        "text": {">=": [{"length": [tree]}, 0]},
    }
    if known.problems(tests[kind]):
        yield (*place, "result"), _("The rule does not give a value of this kind.")


def _check_table(table, place: tuple, earlier: Names) -> Problems:
    cells: dict[str, Known] = {}
    for index, cell in enumerate(table.cells):
        inner = (*place, "cells", index)
        if cell.key in cells:
            yield (*inner, "key"), _("The key “%(key)s” is given twice.") % {"key": cell.key}
        known = earlier.with_table(table, dict(cells))
        for name in ("show_if", "required_if"):
            yield from _check_row_rule(getattr(cell, name), table, known, (*inner, name))
        if cell.type == "computed":
            yield from _check_computed_cell(cell, table, known, inner)
        if (
            cell.prefill
            or cell.locked
            or cell.default is not None
            or (cell.type != "computed" and cell.read_only)
        ):
            yield inner, _("A cell of a table has no source, no default and is never fixed.")
        if cell.type == "region" and (cell.level == "town" or not cell.within):
            yield inner, _("In a table a place is a city or county within a named division.")
        yield from _check_plain(cell, inner)
        cells[cell.key] = Known(kind_of(cell), tuple(o.value for o in getattr(cell, "options", ())))
    yield from _check_totals(table, place)
    known = earlier.with_table(table, cells)
    for index, check in enumerate(table.checks):
        here = (*place, "checks", index)
        yield from _check_row_rule(check.that, table, known, (*here, "that"))
        yield from _check_row_rule(check.when, table, known, (*here, "when"))
        if check.field not in cells:
            yield (*here, "field"), _("There is no field “%(key)s”.") % {"key": check.field}


def _check_row_rule(tree, table, known: Names, place: tuple) -> Problems:
    if tree is not None:
        yield from check_rule(about_row(tree, table.key), known, place, "any[1]")


def _check_computed_cell(cell, table, known: Names, place: tuple) -> Problems:
    asker = ROW_ASKERS.get(cell.result)
    if asker is None:
        yield (*place, "result"), _("A cell of a table computes a number, an amount, a day or yes.")
        return
    tree = about_row(cell.rule, table.key, asker)
    yield from check_rule(tree, known, (*place, "rule"), f"{asker}[1]")
    if cell.result == "date" and known.problems({"year": [tree]}):
        yield (*place, "result"), _("The rule does not give a value of this kind.")


def _check_totals(table, place: tuple) -> Problems:
    numbers = {
        cell.key
        for cell in table.cells
        if cell.type in NUMERIC or getattr(cell, "result", "") in NUMERIC
    }
    for index, key in enumerate(table.totals):
        if key not in numbers:
            yield (
                (*place, "totals", index),
                _("“%(key)s” is not a column of numbers.") % {"key": key},
            )


def check_checks(checks, known: Names, place: tuple) -> Problems:
    """The checks between the answers of a form."""
    for index, check in enumerate(checks):
        here = (*place, index)
        yield from check_rule(check.that, known, (*here, "that"))
        yield from check_rule(check.when, known, (*here, "when"))
        if check.field not in known.fields:
            yield (*here, "field"), _("There is no field “%(key)s”.") % {"key": check.field}


def check_circles(form: Form) -> Problems:
    """Computed fields that wait for one another, with the circle named."""
    trees = {field.key: field.rule for field in form.questions() if field.type == "computed"}
    try:
        rules.order_of(trees)
    except rules.Circle as circle:
        places = {
            field.key: ("pages", number, "fields", position, "rule")
            for number, page in enumerate(form.pages)
            for position, field in enumerate(page.fields)
        }
        said = _("These values wait for one another: %(circle)s.") % {
            "circle": " → ".join(circle.keys)
        }
        yield places[circle.keys[0]], said


def check_declared(form: Form, field, place: tuple) -> Problems:
    """A field that its author calls sensitive says for what, on what ground and for how long."""
    named = [(place, field)] + [
        ((*place, "cells", n), cell) for n, cell in enumerate(getattr(field, "cells", ()))
    ]
    for where, one in named:
        if one.sensitive is True and declaration_of(form, one) is None:
            yield (
                (*where, "sensitive"),
                _(
                    "Say for what purpose, on what legal ground and for how long this is kept:"
                    " here, or once for the form under “privacy”."
                ),
            )


def _check_options(field, place: tuple) -> Problems:
    values = set()
    for index, option in enumerate(field.options):
        if option.value in values:
            yield (*place, "options", index, "value"), _("This answer is given twice.")
        values.add(option.value)
    if field.type == "multi_choice":
        most = field.max_choices or len(field.options)
        if field.min_choices > min(most, len(field.options)):
            yield (*place, "min_choices"), _("The lower bound is above the upper one.")


def _check_amounts(field, place: tuple) -> Problems:
    if field.min is not None and field.max is not None and Decimal(field.min) > Decimal(field.max):
        yield (*place, "min"), _("The lower bound is above the upper one.")


def _check_days(field, place: tuple) -> Problems:
    for name in ("earliest", "latest"):
        bound = getattr(field, name)
        if bound is not None and not is_real_bound(bound):
            yield (*place, name), _("This is not a real day.")
    days = [bound_day(bound or "", SOME_DAY) for bound in (field.earliest, field.latest)]
    if all(days) and days[0] > days[1]:
        yield (*place, "earliest"), _("The lower bound is above the upper one.")


def _check_pattern(field, place: tuple) -> Problems:
    if field.pattern is None:
        return
    problem = pattern_problem(field.pattern)
    if problem:
        yield (
            (*place, "pattern"),
            _("This pattern cannot be used: %(problem)s") % {"problem": problem},
        )
    if field.pattern_message is None:
        yield (*place, "pattern_message"), _("Say in words what the pattern asks for.")


def _check_default(field, place: tuple) -> Problems:
    if field.type == "computed":
        return
    if field.read_only and field.default is None and field.prefill is None:
        yield (*place, "read_only"), _("A fixed answer needs a default or a source.")
    if field.default is None:
        return
    if field.type not in SCALARS or field.type == "working_day":
        yield (*place, "default"), _("A field of this type has no default.")
        return
    given = field.default
    if field.type in ("date", "datetime") and isinstance(given, str):
        given = default_day(given, SOME_DAY)
    try:
        value = SCALARS[field.type](field, given, Facts(SOME_DAY))
        problem = "" if value is not None else _("This answer does not have the right form.")
    except Wrong as wrong:
        problem = wrong.message
    if problem and not str(field.default).startswith("today"):
        yield (*place, "default"), problem
