"""The operators of a rule: how many parts each takes, of which kinds, and what it gives.

Evaluator, checks, notation and editors read this one table; the browser's evaluator has its own
arities, and the twin tests hold the two together.
"""

from typing import NamedTuple

MANY = 50


class Operator(NamedTuple):
    """`takes` names the kind of each part, the last one for all that follow; `alike` is text,
    number or date, the same for all. `gives` is the kind of the result, `alike` that of the parts.
    """

    family: str
    least: int
    most: int
    takes: tuple[str, ...]
    gives: str

    def kind_of_part(self, index: int) -> str:
        return self.takes[min(index, len(self.takes) - 1)] if self.takes else "any"


def _family(name: str, **operators: tuple) -> dict[str, Operator]:
    return {op: Operator(name, *rest) for op, rest in operators.items()}


def _signs(name: str, operators: dict[str, tuple]) -> dict[str, Operator]:
    return {op: Operator(name, *rest) for op, rest in operators.items()}


_NUMBER = ("number",)
_TEXT = ("text",)
_DATE = ("date",)

OPERATORS: dict[str, Operator] = {
    **_signs(
        "comparison",
        {
            op: (3 if op == "between" else 2, 3 if op == "between" else 2, ("any",), "bool")
            for op in ("==", "!=", "<", "<=", ">", ">=", "between", "in")
        },
    ),
    **_family("comparison", empty=(1, 1, ("any",), "bool"), filled=(1, 1, ("any",), "bool")),
    **_signs(
        "logic",
        {
            "and": (1, MANY, ("bool",), "bool"),
            "or": (1, MANY, ("bool",), "bool"),
            "not": (1, 1, ("bool",), "bool"),
            "if": (2, MANY, ("any",), "any"),
        },
    ),
    **_signs(
        "numbers",
        {
            "+": (1, MANY, _NUMBER, "number"),
            "-": (1, 2, _NUMBER, "number"),
            "*": (1, MANY, _NUMBER, "number"),
            "/": (2, 2, _NUMBER, "number"),
            "mod": (2, 2, _NUMBER, "number"),
            "abs": (1, 1, _NUMBER, "number"),
            "floor": (1, 1, _NUMBER, "number"),
            "ceil": (1, 1, _NUMBER, "number"),
            "round": (1, 2, _NUMBER, "number"),
            "min": (1, MANY, ("alike",), "alike"),
            "max": (1, MANY, ("alike",), "alike"),
            "number": (1, 1, ("scalar",), "number"),
        },
    ),
    **_family(
        "texts",
        length=(1, 1, _TEXT, "number"),
        concat=(1, MANY, _TEXT, "text"),
        contains=(2, 2, _TEXT, "bool"),
        starts_with=(2, 2, _TEXT, "bool"),
        ends_with=(2, 2, _TEXT, "bool"),
        upper=(1, 1, _TEXT, "text"),
        lower=(1, 1, _TEXT, "text"),
        trim=(1, 1, _TEXT, "text"),
        slice=(2, 3, ("text", "number", "number"), "text"),
        text=(1, 1, ("scalar",), "text"),
    ),
    **_family(
        "days",
        today=(0, 0, (), "date"),
        year=(1, 1, _DATE, "number"),
        month=(1, 1, _DATE, "number"),
        day=(1, 1, _DATE, "number"),
        weekday=(1, 1, _DATE, "number"),
        add_days=(2, 2, ("date", "number"), "date"),
        add_months=(2, 2, ("date", "number"), "date"),
        days_between=(2, 2, _DATE, "number"),
        months_between=(2, 2, _DATE, "number"),
        years_between=(2, 2, _DATE, "number"),
        is_working_day=(1, 1, _DATE, "bool"),
        add_working_days=(2, 2, ("date", "number"), "date"),
        working_days_between=(2, 2, _DATE, "number"),
    ),
    **_family(
        "people",
        age=(1, 2, ("text", "date"), "number"),
        birthday=(1, 1, _TEXT, "date"),
        sex=(1, 1, _TEXT, "text"),
    ),
    **_family(
        "rows",
        count=(1, 2, ("rows", "bool"), "number"),
        sum=(2, 2, ("rows", "number"), "number"),
        avg=(2, 2, ("rows", "number"), "number"),
        min_of=(2, 2, ("rows", "alike"), "alike"),
        max_of=(2, 2, ("rows", "alike"), "alike"),
        any=(2, 2, ("rows", "bool"), "bool"),
        all=(2, 2, ("rows", "bool"), "bool"),
    ),
    **_family("lookup", lookup=(3, 3, _TEXT, "any")),
}
OVER_ROWS = frozenset(op for op, known in OPERATORS.items() if known.family == "rows")
ON_CALENDAR = frozenset({"is_working_day", "add_working_days", "working_days_between"})
SEXES = ("female", "male")
