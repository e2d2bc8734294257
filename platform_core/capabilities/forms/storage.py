"""How answers are stored: sensitive ones sealed one by one, bound to their row and field."""

import json

from security import crypto
from security.identifiers import normalise

SEALED = "sealed"
BLIND_TYPES = {"citizen_number": "citizen_number", "mobile": "mobile", "credit_code": "credit_code"}


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


def blind_indexes(form, cleaned: dict) -> dict[str, str]:
    """{field key: keyed index} of numbers that identify people and firms, for searching."""
    return {
        question.key: crypto.blind_index(
            normalise(cleaned[question.key]), BLIND_TYPES[question.type]
        )
        for question in form.questions()
        if question.type in BLIND_TYPES and cleaned.get(question.key)
    }
