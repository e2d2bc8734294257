"""Comparisons and numbers. Every function takes the run and the values of the parts."""

import re

from .limits import SCALE
from .values import Value, bounded, divide, scaled_from_text, shown_number

PLAIN = re.compile(r"[+-]?[0-9]{1,60}(?:\.[0-9]{1,400})?\Z")


def are_numbers(values) -> bool:
    return all(type(value) is int for value in values)


def whole(value: Value) -> int | None:
    """The whole number that `value` is, else None."""
    return value // SCALE if type(value) is int and value % SCALE == 0 else None


def same(a: Value, b: Value) -> bool:
    return a is not None and type(a) is type(b) and not isinstance(a, list) and a == b


def _ordered(a: Value, b: Value) -> bool:
    return type(a) is type(b) and type(a) in (int, str)


def _unequal(run, a, b):
    return (
        a is not None
        and b is not None
        and not isinstance(a, list | dict)
        and (not isinstance(b, list | dict) and not same(a, b))
    )


def _in(run, one, many):
    return isinstance(many, list) and any(
        same(one, item) for item in many if not isinstance(item, dict)
    )


def _add(run, *numbers):
    return bounded(sum(numbers)) if are_numbers(numbers) else None


def _subtract(run, *numbers):
    if not are_numbers(numbers):
        return None
    return bounded(-numbers[0] if len(numbers) == 1 else numbers[0] - numbers[1])


def _multiply(run, *numbers):
    if not are_numbers(numbers):
        return None
    product = SCALE
    for number in numbers:
        product = bounded(divide(product * number, SCALE))
        if product is None:
            return None
    return product


def _divide(run, a, b):
    return bounded(divide(a * SCALE, b)) if are_numbers((a, b)) and b else None


def _mod(run, a, b):
    """The rest has the sign of the divisor, so that a day count modulo 7 is a weekday."""
    return a % b if are_numbers((a, b)) and b else None


def _floor(run, a):
    return bounded(a // SCALE * SCALE) if type(a) is int else None


def _ceil(run, a):
    return bounded(-(-a // SCALE) * SCALE) if type(a) is int else None


def _round(run, a, places=0):
    """To -17 … 6 decimal places, half away from zero."""
    places = whole(places)
    if type(a) is not int or places is None or not -17 <= places <= 6:
        return None
    unit = 10 ** (6 - places)
    return bounded(divide(a, unit) * unit)


def smallest(values: list) -> Value:
    return min(values) if _comparable(values) else None


def largest(values: list) -> Value:
    return max(values) if _comparable(values) else None


def _comparable(values: list) -> bool:
    return bool(values) and all(_ordered(values[0], value) for value in values)


def _number(run, a):
    if isinstance(a, str):
        return scaled_from_text(a) if PLAIN.match(a) else None
    return a if type(a) is int else None


def _text(run, a):
    if type(a) is int:
        return shown_number(a)
    return a if isinstance(a, str) else None


ARITHMETIC = {
    "==": lambda run, a, b: same(a, b),
    "!=": _unequal,
    "<": lambda run, a, b: _ordered(a, b) and a < b,
    "<=": lambda run, a, b: _ordered(a, b) and a <= b,
    ">": lambda run, a, b: _ordered(a, b) and a > b,
    ">=": lambda run, a, b: _ordered(a, b) and a >= b,
    "between": lambda run, x, a, b: _ordered(x, a) and _ordered(x, b) and a <= x <= b,
    "in": _in,
    "empty": lambda run, a: a is None,
    "filled": lambda run, a: a is not None,
    "not": lambda run, a: a is not True,
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "mod": _mod,
    "abs": lambda run, a: abs(a) if type(a) is int else None,
    "floor": _floor,
    "ceil": _ceil,
    "round": _round,
    "min": lambda run, *values: smallest(list(values)),
    "max": lambda run, *values: largest(list(values)),
    "number": _number,
    "text": _text,
}
