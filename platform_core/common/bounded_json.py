"""Reading JSON that somebody else wrote: limits are checked before a recursive parser sees it."""

import json
import math
import re

from django.utils.translation import gettext as _

MAX_DEPTH = 40
# A NUL or half a surrogate pair is legal JSON, but no Postgres text or jsonb can hold it.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class JSONRefused(ValueError):
    """The text cannot be used; `str(error)` says why in the reader's language."""


def depth_is_bounded(text: str, limit: int = MAX_DEPTH) -> bool:
    """Whether brackets nest at most `limit` deep, without parsing (a parser would recurse)."""
    depth, in_string, escaped = 0, False, False
    for char in text:
        if in_string:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == '"':
                in_string = False
        elif char == '"':
            in_string = True
        elif char in "[{":
            depth += 1
            if depth > limit:
                return False
        elif char in "]}":
            depth -= 1
    return True


def load_bounded(raw: bytes | str, *, max_bytes: int, max_depth: int = MAX_DEPTH):
    """The value of JSON text of at most `max_bytes` bytes and `max_depth` levels.

    Raises JSONRefused for anything larger, deeper, not UTF-8, not JSON, with a key given twice,
    with NaN or an endless number, or with characters that the database cannot store.
    """
    if isinstance(raw, str):
        try:
            raw = raw.encode()
        except UnicodeEncodeError:
            raise JSONRefused(_("The text is not UTF-8.")) from None
    if len(raw) > max_bytes:
        size = max_bytes // (1024 * 1024)
        raise JSONRefused(_("The text is larger than %(size)d MB.") % {"size": size})
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise JSONRefused(_("The text is not UTF-8.")) from None
    if not depth_is_bounded(text, max_depth):
        raise JSONRefused(
            _("The text nests more than %(levels)d levels deep.") % {"levels": max_depth}
        )
    try:
        value = json.loads(
            text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_no_twins
        )
    except JSONRefused:
        raise
    except json.JSONDecodeError as error:
        raise JSONRefused(
            _("This is not valid JSON: see line %(line)d, column %(column)d.")
            % {"line": error.lineno, "column": error.colno}
        ) from None
    except ValueError:
        raise JSONRefused(_("A number is too long.")) from None
    if not is_storable(value):
        raise JSONRefused(_("The text contains characters that cannot be stored."))
    return value


def is_storable(value) -> bool:
    """Whether every string inside `value` can be stored by the database."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if _UNSTORABLE.search(item):
                return False
        elif isinstance(item, dict):
            waiting.extend(item)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return True


def _no_constant(name):
    raise JSONRefused(_("%(name)s is not a JSON number.") % {"name": name})


def _finite(digits):
    number = float(digits)
    if not math.isfinite(number):
        raise JSONRefused(_("A number is too large."))
    return number


def _no_twins(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        seen = set()
        twin = next(key for key, _value in pairs if key in seen or seen.add(key))
        raise JSONRefused(_("The key “%(key)s” is given twice.") % {"key": str(twin)[:60]})
    return found
