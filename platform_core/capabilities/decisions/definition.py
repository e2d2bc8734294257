"""What a decision table is: typed columns, and cells that are data, never text to be parsed."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from platform_core.common.i18n import Text
from platform_core.napps.manifest import Key, Strict

from .literals import day, literal

MAX_INPUTS, MAX_OUTPUTS, MAX_ROWS, MAX_TESTS, MAX_VALUES = 20, 10, 500, 200, 200
MAX_NAMED = 2_000  # each cuts an axis, and every piece is compared with every row
Value = Annotated[Any, BeforeValidator(literal)]
Day = Annotated[str, BeforeValidator(day)]
Values = Annotated[list[Value], Field(min_length=1, max_length=MAX_VALUES)]
Type = Literal["number", "money", "text", "choice", "yes_no", "date"]
ORDERED = ("number", "money", "date")
NUMERIC = ("number", "money")


class Condition(Strict):
    def named(self) -> list:
        """The values that the cell names, as written."""
        return []


class Compare(Condition):
    is_: Literal["compare"] = Field(alias="is")
    op: Literal["<", "<=", ">", ">="]
    value: Value

    def named(self) -> list:
        return [self.value]


class Between(Condition):
    """From one end to the other; an open end does not belong to it."""

    is_: Literal["between"] = Field(alias="is")
    from_: Value = Field(alias="from")
    to: Value
    from_open: bool = False
    to_open: bool = False

    def named(self) -> list:
        return [self.from_, self.to]


class Equal(Condition):
    is_: Literal["equal"] = Field(alias="is")
    value: Value

    def named(self) -> list:
        return [self.value]


class OneOf(Condition):
    is_: Literal["one_of"] = Field(alias="is")
    values: Values

    def named(self) -> list:
        return self.values


class NotOneOf(Condition):
    """Filled in, and with something else."""

    is_: Literal["not_one_of"] = Field(alias="is")
    values: Values

    def named(self) -> list:
        return self.values


class Empty(Condition):
    is_: Literal["empty"] = Field(alias="is")


class Filled(Condition):
    is_: Literal["filled"] = Field(alias="is")


Cell = Annotated[
    Compare | Between | Equal | OneOf | NotOneOf | Empty | Filled, Field(discriminator="is_")
]


class Option(Strict):
    """An answer of a choice. `value` is what a form stores."""

    value: Annotated[str, BeforeValidator(literal)]
    label: Text


class Column(Strict):
    key: Key
    label: Text
    type: Type
    options: list[Option] = Field(default=[], max_length=500)

    @cached_property
    def option_values(self) -> tuple[str, ...]:
        return tuple(option.value for option in self.options)


class Input(Column):
    """What is asked: the answer under `key`, or what `expression` (a rule) makes of the answers.

    What may come is said here, so that gaps are real ones: `required` is never empty, numbers lie
    between `min` and `max` and have at most `decimals` decimals (6, of money 2). Anything else is
    not decided but reported.
    """

    required: bool = False
    min: Value | None = None
    max: Value | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    expression: dict[str, Any] | None = None

    @property
    def precision(self) -> int:
        if self.decimals is not None:
            return self.decimals
        return 2 if self.type == "money" else 6


class Output(Column):
    """What is answered."""


def simplest(cell):
    """A list of one value is that value: one meaning has one spelling."""
    if isinstance(cell, dict) and cell.get("is") == "one_of":
        values = cell.get("values")
        if isinstance(values, list) and len(values) == 1:
            return {**{key: cell[key] for key in cell if key != "values"},
                    "is": "equal", "value": values[0]}  # fmt: skip
    return cell


class Row(Strict):
    """A cell for each input that matters; an input without one may be anything."""

    cells: dict[Key, Annotated[Cell, BeforeValidator(simplest)]] = {}
    results: dict[Key, Value]
    note: Text | None = None


class Test(Strict):
    """Answers and what the table must say of them. `expect` None: no row fires, nothing is said."""

    __test__ = False
    inputs: dict[Key, Any] = Field(max_length=100)
    expect: dict[Key, Any] | None = None
    today: Day = "2026-01-01"


class Decision(Strict):
    """A table. `hit`: exactly one row fires, the first that does counts, or all are collected.

    `default` is what is said when no row fires; `incomplete` admits that then nothing is said.
    """

    key: Key
    title: Text
    inputs: list[Input] = Field(min_length=1, max_length=MAX_INPUTS)
    outputs: list[Output] = Field(min_length=1, max_length=MAX_OUTPUTS)
    hit: Literal["unique", "first", "collect"]
    aggregate: Literal["sum", "min", "max", "list"] | None = None
    rows: list[Row] = Field(min_length=1, max_length=MAX_ROWS)
    default: dict[Key, Value] | None = None
    incomplete: bool = False
    tests: list[Test] = Field(default=[], max_length=MAX_TESTS)

    @model_validator(mode="after")
    def _says_how_to_collect(self):
        if (self.hit == "collect") != (self.aggregate is not None):
            raise ValueError("aggregate goes with hit collect, and only with it")
        if self.aggregate in ("sum", "min", "max") and len(self.outputs) != 1:
            raise ValueError("sum, min and max need exactly one output")
        return self

    @model_validator(mode="after")
    def _can_be_proven(self):
        cells = [cell for row in self.rows for cell in row.cells.values()]
        if sum(len(cell.named()) for cell in cells) > MAX_NAMED:
            raise ValueError(f"names more than {MAX_NAMED} values in its cells")
        return self

    @cached_property
    def table(self):
        """The table made ready to be asked; see engine.Table."""
        from .engine import Table

        return Table(self)

    def output(self, key: str) -> Output | None:
        return next((column for column in self.outputs if column.key == key), None)
