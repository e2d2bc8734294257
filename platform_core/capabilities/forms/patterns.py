"""Patterns of authors. RE2 runs in linear time, so no pattern can hold a request up; what it
cannot do that way (looking around, going back) it refuses.
"""

import re
from functools import lru_cache

import re2

MOST_MEMORY = 1 << 18
# What RE2 and the dialect of JSON Schema write and mean alike.
ALIKE = re.compile(
    r"(?:[^\\(\[]|\\[.\\^$|?*+()\[\]{}/-]|\((?!\?)|\(\?:|\[\^?[A-Za-z0-9 _.-]+\])*\Z"
)


@lru_cache(maxsize=500)
def _compiled(pattern: str):
    options = re2.Options()
    options.max_mem = MOST_MEMORY
    options.log_errors = False
    return re2.compile(pattern, options)


def pattern_problem(pattern: str) -> str:
    """Why RE2 does not take a pattern, in its own words; "" when it does."""
    try:
        _compiled(pattern)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        return (said.decode(errors="replace") if isinstance(said, bytes) else str(said)) or "?"
    return ""


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text is what the pattern describes."""
    return _compiled(pattern).fullmatch(text) is not None


def for_schema(pattern: str) -> str | None:
    """The pattern as JSON Schema reads it, or None when the dialects might differ."""
    return f"^(?:{pattern})$" if ALIKE.match(pattern) else None
