"""Each operation as PostgreSQL works it out. Gives (kind, SQL) from the kinds and SQL of the parts;
"null" is the kind of what is always empty.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from ..arithmetic import whole as whole_number
from ..limits import MAX_TEXT
from ..texts import BLANKS, LOWER, UPPER
from ..values import from_raw
from .pieces import Sql, boolean, bounded, day, named, text, whole, written_day

COMPARED = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
TEXTUAL = {"text", "date"}
NULL = ("null", None)
MANY_DAYS = 4_000_000
MANY_MONTHS = 120_000
LONGEST = 2_000_000_000
COLLATED = ' COLLATE "C"'


class Refused(Exception):
    """Why the database cannot mean this."""


def _families(parts) -> set[str]:
    return {"text" if kind in TEXTUAL else kind for kind, _sql in parts}


def _collate(parts) -> str:
    return COLLATED if _families(parts) == {"text"} else ""


def _compare(op: str):
    def compare(_args, parts):
        families = _families(parts)
        if len(families) > 1 and op == "!=" and not families & {"null", "list", "rows"}:
            both = [sql for _kind, sql in parts]
            return "bool", Sql("{0} IS NOT NULL AND {1} IS NOT NULL", *both, kind="bool")
        if len(families) > 1 or families & {"null", "list", "rows"}:
            return "bool", boolean(False)
        if families == {"bool"} and op not in ("==", "!="):
            return "bool", boolean(False)
        how = _collate(parts)
        said = f"COALESCE({{0}}{how} {COMPARED[op]} {{1}}{how}, FALSE)"
        return "bool", Sql(said, *[sql for _kind, sql in parts], kind="bool")

    return compare


def _between(_args, parts):
    families = _families(parts)
    if len(families) > 1 or families & {"null", "list", "rows", "bool"}:
        return "bool", boolean(False)
    how = _collate(parts)
    said = f"COALESCE(t.a{how} >= t.b{how} AND t.a{how} <= t.c{how}, FALSE)"
    return "bool", named(said, *[sql for _kind, sql in parts], kind="bool")


def _of(*wanted: str):
    """The operation is empty unless its parts are of the wanted kinds (the last repeats)."""

    def decorate(function):
        def operation(args, parts):
            for number, (kind, _sql) in enumerate(parts):
                want = wanted[min(number, len(wanted) - 1)]
                if kind != want and not (want == "text" and kind == "date"):
                    # A part that is always empty makes the whole empty; check refused the others.
                    return ("bool", boolean(False)) if function in _CLAIMS else NULL
            return function(args, *[sql for _kind, sql in parts])

        return operation

    return decorate


_CLAIMS: set = set()


def _claim(function):
    _CLAIMS.add(function)
    return function


@_of("number")
def _add(_args, *numbers):
    names = " + ".join(f"t.{chr(ord('a') + n)}" for n in range(len(numbers)))
    if len(numbers) > 25:
        raise Refused(_("This sum has too many parts for the database."))
    return "number", bounded(names, *numbers)


@_of("number")
def _subtract(_args, *numbers):
    return "number", bounded("-t.a" if len(numbers) == 1 else "t.a - t.b", *numbers)


@_of("number")
def _multiply(_args, *numbers):
    product = numbers[0]
    for factor in numbers[1:]:
        product = bounded("round(t.a * t.b, 6)", product, factor)
    return "number", product


# div() is exact; "/" would round once more than the evaluator does.
QUOTIENT = "sign(t.a) * sign(t.b) * div(2 * abs(t.a) * 1000000 + abs(t.b), NULLIF(2 * abs(t.b), 0))"


@_of("number")
def _divide(_args, a, b):
    return "number", bounded(f"{QUOTIENT} * 0.000001", a, b)


@_of("number")
def _mod(_args, a, b):
    said = "mod(mod(t.a, NULLIF(t.b, 0)) + t.b, NULLIF(t.b, 0))"
    return "number", named(said, a, b, kind="number")


def _single(template: str):
    return _of("number")(lambda _args, a: ("number", bounded(template, a)))


@_of("number")
def _round(args, a, *places):
    if not places:
        return "number", bounded("round(t.a)", a)
    known = None if isinstance(args[1], dict | list) else whole_number(from_raw(args[1]))
    if known is None:
        raise Refused(_("The number of decimals must be given outright."))
    if not -17 <= known <= 6:
        return NULL
    return "number", bounded(f"round(t.a, {known})", a)


def _extreme(function: str):
    def extreme(_args, parts):
        families = _families(parts)
        if len(families) > 1 or families & {"null", "bool", "list", "rows"}:
            return NULL
        if len(parts) > 25:
            raise Refused(_("This sum has too many parts for the database."))
        names = [f"t.{chr(ord('a') + n)}" for n in range(len(parts))]
        how = _collate(parts)
        # LEAST and GREATEST leave NULL out; here one empty value leaves everything empty.
        all_there = " AND ".join(f"{name} IS NOT NULL" for name in names)
        listed = ", ".join(name + how for name in names)
        kinds = {kind for kind, _sql in parts}
        kind = kinds.pop() if len(kinds) == 1 else "text"
        said = f"CASE WHEN {all_there} THEN {function}({listed}) END"
        return kind, named(said, *[sql for _kind, sql in parts], kind=kind)

    return extreme


def _text(_args, parts):
    ((kind, sql),) = parts
    if kind == "number":
        return "text", Sql("trim_scale({0})::text", sql, kind="text")
    return ("text", sql) if kind in TEXTUAL else NULL


@_of("text")
def _concat(_args, *parts):
    joined = Sql(" || ".join(f"{{{n}}}" for n in range(len(parts))), *parts, kind="text")
    return "text", named(f"CASE WHEN length(t.a) <= {MAX_TEXT} THEN t.a END", joined, kind="text")


def _finds(template: str):
    @_claim
    def finds(_args, a, b):
        return "bool", named(f"COALESCE({template}, FALSE)", a, b, kind="bool")

    return _of("text")(finds)


def _letters(table: dict[int, int]):
    before, after = "".join(map(chr, table)), "".join(map(chr, table.values()))

    @_of("text")
    def letters(_args, a):
        return "text", Sql(f"translate({{0}}, '{before}', '{after}')", a, kind="text")

    return letters


@_of("text")
def _trim(_args, a):
    return "text", Sql("NULLIF(btrim({0}, {1}), '')", a, text(BLANKS), kind="text")


@_of("text", "number")
def _slice(_args, a, start, *size):
    first = _clipped(start)
    if not size:
        said = "CASE WHEN t.b >= 1 THEN NULLIF(substr(t.a, t.b), '') END"
        return "text", named(said, a, first, kind="text")
    said = "CASE WHEN t.b >= 1 AND t.c >= 0 THEN NULLIF(left(substr(t.a, t.b), t.c), '') END"
    return "text", named(said, a, first, _clipped(size[0]), kind="text")


def _clipped(value):
    """A whole number as an integer; beyond any text is beyond any text."""
    said = f"CASE WHEN t.a = trunc(t.a) THEN LEAST(GREATEST(t.a, -1), {LONGEST})::integer END"
    return named(said, value, kind="whole")


def _day_part(template: str):
    return _of("date")(
        lambda _args, a: ("number", named(f"({template})::numeric", day(a), kind="number"))
    )


@_of("date", "number")
def _add_days(_args, start, days):
    moved = named("t.a + t.b", day(start), whole(days, MANY_DAYS), kind="day")
    return "date", written_day(moved)


@_of("date", "number")
def _add_months(_args, start, months):
    said = "(t.a + make_interval(months => t.b))::date"
    return "date", written_day(named(said, day(start), whole(months, MANY_MONTHS), kind="day"))


@_of("date")
def _days_between(_args, start, end):
    return "number", named("(t.b - t.a)::numeric", day(start), day(end), kind="number")


def _full_months(start, end):
    """Full months between two days: those between their months, less one that is not yet over."""
    early = named("LEAST(t.a, t.b)", start, end, kind="day")
    late = named("GREATEST(t.a, t.b)", start, end, kind="day")
    apart = (
        "((extract(year FROM t.b) - extract(year FROM t.a)) * 12"
        " + extract(month FROM t.b) - extract(month FROM t.a))::integer"
    )
    months = named(apart, early, late, kind="whole")
    over = "t.c - (CASE WHEN (t.a + make_interval(months => t.c))::date > t.b THEN 1 ELSE 0 END)"
    full = named(over, early, late, months, kind="whole")
    # LEAST and GREATEST leave NULL out: the sign brings it back.
    sign = named("CASE WHEN t.b < t.a THEN -1 WHEN t.b >= t.a THEN 1 END", start, end, kind="whole")
    return full, sign


def _spans(divisor: int):
    @_of("date")
    def spans(_args, start, end):
        full, sign = _full_months(day(start), day(end))
        return "number", named(f"(t.a / {divisor} * t.b)::numeric", full, sign, kind="number")

    return spans


def _age(_args, parts):
    kinds = [kind for kind, _sql in parts]
    if "null" in kinds:
        return NULL
    if kinds != ["date", "date"]:
        raise Refused(_("The database works out an age only between two dates."))
    full, sign = _full_months(*[day(sql) for _kind, sql in parts])
    said = "CASE WHEN t.b = 1 THEN (t.a / 12)::numeric END"
    return "number", named(said, full, sign, kind="number")


OPERATIONS = {
    **{op: _compare(op) for op in COMPARED},
    "between": _between,
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "mod": _mod,
    "abs": _single("abs(t.a)"),
    "floor": _single("floor(t.a)"),
    "ceil": _single("ceil(t.a)"),
    "round": _round,
    "min": _extreme("LEAST"),
    "max": _extreme("GREATEST"),
    "text": _text,
    "length": _of("text")(lambda _a, a: ("number", Sql("length({0})::numeric", a, kind="number"))),
    "concat": _concat,
    "contains": _finds(f"strpos(t.a{COLLATED}, t.b{COLLATED}) > 0"),
    "starts_with": _finds(f"left(t.a, length(t.b)){COLLATED} = t.b{COLLATED}"),
    "ends_with": _finds(f"right(t.a, length(t.b)){COLLATED} = t.b{COLLATED}"),
    "upper": _letters(UPPER),
    "lower": _letters(LOWER),
    "trim": _trim,
    "slice": _slice,
    "year": _day_part("extract(year FROM t.a)"),
    "month": _day_part("extract(month FROM t.a)"),
    "day": _day_part("extract(day FROM t.a)"),
    "weekday": _day_part("extract(isodow FROM t.a)"),
    "add_days": _add_days,
    "add_months": _add_months,
    "days_between": _days_between,
    "months_between": _spans(1),
    "years_between": _spans(12),
    "age": _age,
}
