"""Cleaning of tables: row by row, with the conditions, computed cells and checks of each row.
Pure.
"""

from dataclasses import dataclass
from dataclasses import field as keep

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platform_core.common.i18n import pick

from .cleaning import missing
from .compound import CELL_CLEANERS
from .facts import Facts
from .ruling import applies, computed_cell, holds_in_row, rule_value
from .texts import Wrong


def clean_repeat(field, raw, facts: Facts, known: dict) -> list[dict] | None:
    """The stored rows; `known` are the earlier answers of the form as rules read them."""
    if raw in (None, ""):
        raw = []
    if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
        raise Wrong(_("This answer does not have the right form."))
    rows, inside = [], {}
    for number, row in enumerate(raw):
        if is_blank_row(row):
            continue
        state = row_state(field, row, facts, known)
        inside |= {f"[{number}].{key}": message for key, message in state.wrong.items()}
        rows.append(state.cleaned)
    if inside:
        raise Wrong(inside=inside)
    _count(field, len(rows))
    return rows or None


def _count(field, number: int) -> None:
    if number and number < field.min_rows:
        raise Wrong(
            ngettext("Fill in at least %(n)s row.", "Fill in at least %(n)s rows.", field.min_rows)
            % {"n": field.min_rows}
        )
    if number > field.max_rows:
        raise Wrong(
            ngettext("At most %(n)s row fits here.", "At most %(n)s rows fit here.", field.max_rows)
            % {"n": field.max_rows}
        )


@dataclass
class RowState:
    """One row: stored cells, what is wrong by cell, the cells as rules read them, which are asked
    and which must be answered.
    """

    cleaned: dict = keep(default_factory=dict)
    wrong: dict = keep(default_factory=dict)
    read: dict = keep(default_factory=dict)
    visible: set = keep(default_factory=set)
    required: set = keep(default_factory=set)


def row_state(table, row: dict, facts: Facts, known: dict) -> RowState:
    """Go through the cells of a row in order; a condition sees the cells before it."""
    state = RowState()
    for cell in table.cells:
        if not holds_in_row(cell.show_if, table, state.read, known, facts):
            continue
        state.visible.add(cell.key)
        if _is_required(cell, table, state.read, known, facts):
            state.required.add(cell.key)
        if cell.type == "computed":
            value, message = computed_cell(cell, table, state.read, known, facts), ""
        else:
            value, message = _cell(cell, row.get(cell.key), facts)
        if message:
            state.wrong[cell.key] = message
        elif value is not None:
            state.cleaned[cell.key] = value
            state.read[cell.key] = rule_value(cell, value)
        elif cell.key in state.required:
            state.wrong[cell.key] = missing(cell)
    for key in set(row) - {cell.key for cell in table.cells}:
        state.wrong[str(key)[:60]] = _("This is not asked here.")
    state.wrong = state.wrong or _checked(table, state, known, facts)
    return state


def _is_required(cell, table, read: dict, known: dict, facts: Facts) -> bool:
    if cell.required or cell.required_if is None:
        return cell.required
    return holds_in_row(cell.required_if, table, read, known, facts)


def _checked(table, state: RowState, known: dict, facts: Facts) -> dict[str, str]:
    def ask(tree):
        return holds_in_row(tree, table, state.read, known, facts)

    wrong = {}
    for check in table.checks:
        shown = check.field in state.visible
        if shown and applies(check, {**known, **state.read}, ask) and not ask(check.that):
            wrong.setdefault(check.field, pick(check.message))
    return wrong


def _cell(cell, raw, facts: Facts):
    try:
        return CELL_CLEANERS[cell.type](cell, raw, facts), ""
    except Wrong as wrong:
        return None, wrong.message


def is_blank_row(row: dict) -> bool:
    """Whether nothing was typed into a row: such rows are not stored."""
    return all(
        value in (None, "", []) or (isinstance(value, str) and not value.strip())
        for value in row.values()
    )
