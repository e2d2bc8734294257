"""What a document says, frozen at issue in both languages; afterwards nobody needs the template,
the form or the case to print it again.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from platform_core.capabilities.forms.display import answer_of, display_texts, reading_of
from platform_core.capabilities.forms.schema import answered as answers_in
from platform_core.common.errors import Conflict

from . import placeholders
from .definition import Template
from .languages import days, in_both

# About a hundred pages: whatever is longer is no document but a mistake.
MOST_WEIGHT = 60_000
LINE = 28
DAYS = {"date", "working_day"}


@dataclass(frozen=True)
class Answered:
    """A form with what was answered in it."""

    form: object
    values: dict = field(default_factory=dict)


def frozen(
    template: Template, facts: dict, answered: Answered | None, *, issued_on: date, valid_until
) -> dict:
    """The content of a document. Raises Conflict when it would be far too long."""
    unmask = template.purpose is not None
    values = dict(facts)
    if answered is not None:
        values |= {
            f"{placeholders.ANSWERS}{question.key}": _text(question, answered, unmask)
            for question in answered.form.questions()
            if question.key in _named(template)
        }
    blocks = [_block(block, values, answered, unmask) for block in template.blocks]
    content = {
        "kind": template.kind,
        "language": template.language,
        "title": placeholders.filled(template.title, values),
        "organ": values["organ"],
        "issued_on": issued_on.isoformat(),
        "valid_until": valid_until.isoformat() if valid_until else "",
        "blocks": [block for block in blocks if block is not None],
    }
    if weight(content) > MOST_WEIGHT:
        raise Conflict(_("The document would be longer than a hundred pages. Shorten the texts."))
    return content


def _named(template: Template) -> set[str]:
    return {name.removeprefix(placeholders.ANSWERS) for name in template.names()}


def _text(question, answered: Answered, unmask: bool) -> dict[str, str]:
    value = answered.values.get(question.key)
    if value in (None, "", []) or question.type == "attachment":
        return {"zh": "", "en": ""}
    kind = question.result if question.type == "computed" else question.type
    if kind in DAYS and (unmask or not question.is_sealed):
        return days(date.fromisoformat(value))
    return display_texts(question, value, unmask=unmask)


def _block(block, values: dict, answered: Answered | None, unmask: bool) -> dict | None:
    if block.kind in ("signature", "qr"):
        return {"kind": block.kind}
    if block.kind in ("heading", "paragraph"):
        if placeholders.is_empty(block.text, values):
            return None
        made = {"kind": block.kind, "text": placeholders.filled(block.text, values)}
        if block.kind == "paragraph":
            made |= {"align": block.align, "indent": block.indent}
        return made
    if block.kind == "list":
        items = [one for one in block.items if not placeholders.is_empty(one, values)]
        items = [placeholders.filled(one, values) for one in items]
        return {"kind": "list", "items": items, "ordered": block.ordered} if items else None
    if block.kind == "table":
        return _table(block, answered, unmask)
    rows = _rows(block, values, answered, unmask)
    return {"kind": "fields", "rows": rows} if rows else None


def _rows(block, values: dict, answered: Answered | None, unmask: bool) -> list[dict]:
    if block.kind == "fields":
        return [
            {
                "label": placeholders.filled(row.label, values),
                "value": placeholders.filled(row.value, values),
            }
            for row in block.rows
            if not placeholders.is_empty(row.value, values)
        ]
    asked = [answered.form.question(key) for key in block.fields] if answered else []
    found = [
        {"label": question.label.model_dump(), "value": _text(question, answered, unmask)}
        for question in asked
        if question is not None
    ]
    return [row for row in found if row["value"]["zh"]]


def _table(block, answered: Answered | None, unmask: bool) -> dict | None:
    question = answered.form.question(block.field) if answered else None
    rows = answered.values.get(block.field) if question else None
    if not rows:
        return None
    return {
        "kind": "table",
        "head": [cell.label.model_dump() for cell in question.cells],
        "rows": _cells(question, rows, unmask),
    }


def _cells(question, rows, unmask: bool) -> list[list[dict]]:
    """The cells of a table in both languages."""

    def drawn() -> list[list[str]]:
        reading = reading_of(answers_in(question, rows), unmask=unmask)
        return answer_of(question, rows, reading).rows

    both = in_both(drawn)
    return [
        [{"zh": zh, "en": en} for zh, en in zip(one, other, strict=True)]
        for one, other in zip(both["zh"], both["en"], strict=True)
    ]


def weight(content) -> int:
    """How much room a content takes, in characters: a line break costs a line."""
    if isinstance(content, str):
        return len(content) + LINE * content.count("\n")
    if isinstance(content, list):
        return sum(weight(one) for one in content) + LINE * len(content)
    if isinstance(content, dict):
        if set(content) == {"zh", "en"}:
            return max(weight(content["zh"]), weight(content["en"]))
        return sum(weight(one) for one in content.values())
    return 0


def digest(content: dict, *, number: str, code: str) -> str:
    """SHA-256 over what the document says, independent of spacing and of the order of keys."""
    whole = {"number": number, "code": code, "content": content}
    text = json.dumps(whole, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
