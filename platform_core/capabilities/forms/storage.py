"""How answers are stored: sensitive ones sealed one by one, bound to their row and field."""

import json

from security import crypto

SEALED = "sealed"
BLIND_KINDS = ("citizen_number", "mobile", "credit_code")


def context(kind: str, row_id, key: str) -> str:
    """Where a sealed answer may be opened: in this row, in this field."""
    return f"{kind}:{row_id}/{key}"


def pack(form, values: dict, kind: str, row_id) -> dict:
    """`values` for the JSON column of the row; `kind` is "draft" or "record"."""
    sealed = {question.key for question in form.questions() if question.is_sealed}
    return {
        key: {
            SEALED: crypto.seal(json.dumps(value, ensure_ascii=False), context(kind, row_id, key))
        }
        if key in sealed and value not in (None, "", [])
        else value
        for key, value in values.items()
    }


def unpack(data: dict, kind: str, row_id) -> dict:
    """The values in a JSON column, opened. Raises security.crypto.Unreadable for a moved token."""
    return {
        key: json.loads(crypto.unseal(value[SEALED], context(kind, row_id, key)))
        if isinstance(value, dict) and SEALED in value
        else value
        for key, value in data.items()
    }


def blind_indexes(form, cleaned: dict) -> dict[str, list[str]]:
    """{kind: keyed indexes} of the numbers of people and firms in the answers, tables included.

    Kinds are citizen_number, mobile and credit_code: what `selectors.records_with` searches.
    """
    found: dict[str, set[str]] = {}
    for question in form.questions():
        value = cleaned.get(question.key)
        if question.type == "repeat":
            cells = [(cell, row.get(cell.key)) for row in value or [] for cell in question.cells]
        else:
            cells = [(question, value)]
        for one, number in cells:
            if number and one.type in BLIND_KINDS:
                found.setdefault(one.type, set()).add(crypto.blind_index(number, one.type))
    return {kind: sorted(indexes) for kind, indexes in found.items()}
