"""Values in tables: what a manifest may write, and the exact form in which they are compared."""

from __future__ import annotations

import re
from decimal import Decimal

from platform_core.capabilities.rules import as_rule_number
from platform_core.capabilities.rules.limits import SCALE
from platform_core.capabilities.rules.values import day_number, day_text, from_raw, to_raw

MAX_TEXT = 400
# XML cannot carry the others, and nobody types them.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def literal(raw):
    """A value of a manifest in its one spelling: a number, text or yes/no. Raises ValueError."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str):
        if not raw or len(raw) > MAX_TEXT or CONTROL.search(raw):
            raise ValueError(f"must be a text of 1 to {MAX_TEXT} plain characters")
        return raw
    if isinstance(raw, int | float | Decimal | dict):
        scaled = from_raw(raw)
        if type(scaled) is not int or not _is_exact(raw):
            raise ValueError("must be a number below 10^18 with at most six decimals")
        return as_rule_number(to_raw(scaled))
    raise ValueError("must be a number, a text, or yes or no")


def _is_exact(raw) -> bool:
    text = raw["$number"] if isinstance(raw, dict) else repr(raw)
    if isinstance(raw, Decimal):
        text = str(raw)
    return Decimal(text).normalize().as_tuple().exponent >= -6


def day(raw) -> str:
    """A real day YYYY-MM-DD. Raises ValueError."""
    if day_number(raw) is None:
        raise ValueError("must be a real day, YYYY-MM-DD")
    return raw


def compared(raw, kind: str) -> int | str | bool | None:
    """`raw` as a table of type `kind` compares it, None when it is no such value.

    Numbers are whole multiples of 0.000001, days are counted.
    """
    value = from_raw(raw)
    if kind in ("number", "money"):
        return value if type(value) is int else None
    if kind == "date":
        return day_number(value)
    if kind == "yes_no":
        return value if isinstance(value, bool) else None
    return value if isinstance(value, str) else None


def shown(value, kind: str):
    """The Python value of what `compared` made: Decimal, text or yes/no; a day is text."""
    if value is None:
        return None
    return day_text(value) if kind == "date" else to_raw(value)


def step_of(kind: str, decimals: int) -> int:
    """How far two neighbouring values lie apart in the form in which they are compared."""
    return 1 if kind == "date" else SCALE // 10**decimals
