"""What a decision table said in a case, and which of its rows said so, for those who handle it."""

from __future__ import annotations

from platform_core.capabilities.decisions import Decision, decisions_of, sentence, shown_outputs
from platform_core.capabilities.decisions.wording import language_now
from platform_core.capabilities.process.models import ProcessEvent


def reasons(event: ProcessEvent, napp_version, hidden: set[str]) -> str:
    """The outputs, then the sentence of each row that fired; "" when the table is not there any
    more. Rows that tell an answer which is `hidden` from the step are left out.
    """
    table = decisions_of(napp_version).get(event.data.get("decision"))
    if table is None:
        return ""
    said = [shown_outputs(table, event.data.get("outputs") or None)]
    return "\n".join(said + _fired(table, event.data.get("rows") or (), hidden))


def _fired(table: Decision, numbers, hidden: set[str]) -> list[str]:
    """Sentences of the rows with these numbers; a later version of the table may have fewer."""
    rows = [table.rows[number - 1] for number in numbers if number <= len(table.rows)]
    return [sentence(table, row, language_now()) for row in rows if not hidden & set(row.cells)]
