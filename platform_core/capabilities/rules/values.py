"""What a rule works on: nothing, yes/no, a number scaled by 10^6, a text, a list, or rows of a
table.

Nothing is coerced: "3" is a text and stays one. Numbers are whole multiples of 10^-6 below 10^18,
kept as Python integers (BigInt in the browser), so that money agrees to the last digit on both
sides.
"""

import re
from datetime import date, datetime
from decimal import Decimal

from .limits import LIMIT, SAFE_INTEGER, SCALE

Value = None | bool | int | str | list
TAG = "$number"  # marks a number that JSON itself could not carry to the browser exactly
NUMBER = re.compile(r"([+-]?)([0-9]{1,60})(?:\.([0-9]{1,400}))?(?:[eE]([+-]?[0-9]{1,4}))?\Z")
DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")


def divide(numerator: int, denominator: int) -> int:
    """Integer division rounded half away from zero."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    numerator, denominator = abs(numerator), abs(denominator)
    return sign * ((2 * numerator + denominator) // (2 * denominator))


def bounded(scaled: int) -> int | None:
    """`scaled` itself, or nothing when it is 10^18 or more."""
    return scaled if -LIMIT < scaled < LIMIT else None


def scaled_from_text(text: str) -> int | None:
    """The scaled number that a decimal notation such as "-12.5" or "1e-7" means, else None."""
    match = NUMBER.match(text)
    if not match:
        return None
    sign, whole, fraction, exponent = match.groups()
    fraction = fraction or ""
    digits = int(whole + fraction)
    power = int(exponent or 0) - len(fraction) + 6
    if digits == 0:
        return 0
    if power > 60:
        return None
    scaled = digits * 10**power if power >= 0 else divide(digits, 10 ** min(-power, 600))
    return bounded(-scaled if sign == "-" else scaled)


def from_raw(raw) -> Value:
    """A rule value from a plain Python or JSON value; what has no meaning for rules is empty."""
    if raw is None or raw is True or raw is False:
        return raw
    if isinstance(raw, str):
        return raw or None
    if isinstance(raw, int):
        return bounded(raw * SCALE)
    if isinstance(raw, float | Decimal):
        return scaled_from_text(repr(raw) if isinstance(raw, float) else str(raw))
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, dict) and set(raw) == {TAG} and isinstance(raw[TAG], str):
        return scaled_from_text(raw[TAG])
    if isinstance(raw, list | tuple):
        return [item if _is_row(item) else _single(item) for item in raw] or None
    return None


def _single(item) -> Value:
    """A list holds rows or single values; a list inside it is empty: nothing nests without end."""
    return None if isinstance(item, list | tuple) else from_raw(item)


def _is_row(item) -> bool:
    return isinstance(item, dict) and set(item) != {TAG}


def to_raw(value: Value):
    """A rule value as a Python value; numbers become Decimal."""
    if type(value) is int:
        return Decimal(value).scaleb(-6)
    if isinstance(value, list):
        return [item if isinstance(item, dict) else to_raw(item) for item in value]
    return value


def as_rule_number(amount: Decimal) -> int | float | dict:
    """`amount` as JSON that both twins read as exactly this number."""
    if amount == amount.to_integral_value() and abs(amount) <= SAFE_INTEGER:
        return int(amount)
    near = float(amount)
    if Decimal(repr(near)) == amount:
        return near
    return {TAG: format(amount, "f")}


def shown_number(scaled: int) -> str:
    """A scaled number as people write it: "12.5", "-3"."""
    sign, scaled = ("-", -scaled) if scaled < 0 else ("", scaled)
    whole, rest = divmod(scaled, SCALE)
    fraction = f"{rest:06d}".rstrip("0")
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def day_number(text: Value) -> int | None:
    """Days since 0001-01-01 (which is 1) of a real day written YYYY-MM-DD, else None."""
    if not isinstance(text, str):
        return None
    match = DAY.match(text)
    if not match:
        return None
    try:
        return date(*map(int, match.groups())).toordinal()
    except ValueError:
        return None


def day_text(number: int) -> str | None:
    """The day `number` days after the last of the year 0, between the years 1 and 9999."""
    if not 1 <= number <= date.max.toordinal():
        return None
    return date.fromordinal(number).isoformat()
