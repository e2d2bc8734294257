"""The template and the results as spreadsheets."""

from django.utils.translation import gettext as _

from platform_core.capabilities.forms.sheets import columns_of
from platform_core.common.i18n import pick
from platform_core.common.spreadsheets import write_xlsx
from service_hub.cases.numbers import grouped

from . import selectors
from .models import Batch, BatchRow


def template_file(item) -> bytes:
    """An empty sheet with one column per question, and a second one that says what goes where."""
    columns = columns_of(selectors.form_of(item))
    hints = [(column.title, column.hint) for column in columns]
    return write_xlsx(
        pick(item.title),
        [column.title for column in columns],
        [],
        more=[(_("What goes where"), [_("Column"), _("What to write")], hints)],
    )


def result_file(batch: Batch) -> bytes:
    """Every row with its number or what is wrong; rows not filed keep their answers, so that the
    file can be corrected and sent again.
    """
    columns = columns_of(selectors.form_of(batch.item))
    rows = batch.rows.select_related("case").order_by("number").iterator(1000)
    return write_xlsx(
        batch.name,
        [column.title for column in columns] + selectors.result_titles(),
        (_line(row, columns) for row in rows),
    )


def _line(row: BatchRow, columns) -> list:
    answers = selectors.answers_of(row)
    cells = [_shown(column.question, answers.get(column.key)) for column in columns]
    said = "; ".join(message for messages in row.errors.values() for message in messages)
    number = grouped(row.case.number) if row.case else ""
    return [*cells, str(row.number), row.get_state_display(), number, said]


def _shown(question, value) -> str:
    """An answer as it can be typed again."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "; ".join(_label(question, one) for one in value)
    return _label(question, value) if question.type == "choice" else str(value or "")


def _label(question, value) -> str:
    return next((pick(one.label) for one in question.options if one.value == value), str(value))
