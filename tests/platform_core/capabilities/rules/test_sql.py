"""Rules as filters: the database finds exactly the rows for which the evaluator says yes."""

import os
import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import TruncDate

from platform_core.capabilities.forms.models import Record
from platform_core.capabilities.rules import OPERATORS, Known, check, is_true
from platform_core.capabilities.rules.sql import NotInSQL, SqlColumn, in_json, stored, to_sql
from tests.platform_core.capabilities.forms.makers import publish

pytestmark = pytest.mark.django_db
CASES = int(os.environ.get("RULE_SQL_CASES", "400"))
TODAY = date(2020, 2, 9)
CELLS = {"c": Known("number"), "d": Known("text"), "e": Known("date")}
FIELDS = {
    "n": Known("number"),
    "m": Known("number"),
    "t": Known("text"),
    "u": Known("text"),
    "on": Known("date"),
    "to": Known("date"),
    "yes": Known("bool"),
    "list": Known("list"),
    "rows": Known("rows", cells=CELLS),
}
BY_KIND = {
    kind: [key for key, one in FIELDS.items() if one.kind == kind]
    for kind in ("number", "text", "date", "bool")
}
COLUMNS = in_json(FIELDS)
REFUSED = {"lookup", "number", "birthday", "sex", "is_working_day", "add_working_days"}
REFUSED |= {"working_days_between"}
TEXTS = [
    "a",
    "B",
    "ab",
    "Ａ",
    "张三",
    "𠮷",
    "\uffff",
    " x ",
    "\u3000",
    "é",
    "Z",
    "10",
    "9",
    "%s",
    "'",
]
TEXTS += ["{0}", "\\", '"', "2020-02-09"]
NUMBERS = [
    0,
    1,
    -1,
    2,
    3,
    -7,
    0.5,
    -2.5,
    0.1,
    0.2,
    0.000001,
    12.345678,
    10**9,
    999999999999999,
    -3.7,
]


class Rules:
    """Random checked rules and tidy rows."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.giving = {
            kind: sorted(
                op
                for op, known in OPERATORS.items()
                if known.gives in (kind, "alike") or op == "if"
                if op not in REFUSED and known.family != "rows"
            )
            for kind in BY_KIND
        }

    def day(self):
        if self.random.random() < 0.1:
            return self.random.choice(["0001-01-01", "9999-12-31", "2020-02-29", "2020-01-31"])
        return (date(2019, 11, 25) + timedelta(days=self.random.randrange(130))).isoformat()

    def value(self, kind):
        if kind == "number":
            return self.random.choice(NUMBERS)
        if kind == "text":
            return self.random.choice(TEXTS)
        return self.day() if kind == "date" else self.random.random() < 0.5

    def row(self):
        row = {}
        for kind, keys in BY_KIND.items():
            for key in keys:
                roll = self.random.random()
                if roll < 0.75:
                    row[key] = self.value(kind)
                elif roll < 0.9:
                    row[key] = None if kind in ("number", "bool") else ""
        size = self.random.randrange(4)
        row["list"] = [self.random.choice(TEXTS) for _n in range(size)]
        row["rows"] = [
            {key: self.value(one.kind) for key, one in CELLS.items() if self.random.random() < 0.7}
            for _n in range(self.random.randrange(4))
        ]
        return row

    def tree(self, kind, depth, cells=False):
        if depth == 0 or self.random.random() < 0.15:
            return self.leaf(kind, cells)
        roll = self.random.random()
        if roll < 0.15 and not cells and kind != "text":
            return self.over_rows(kind, depth)
        op = self.random.choice(self.giving[kind])
        if op == "if":
            condition = self.tree("bool", depth - 1, cells)
            return {"if": [condition, *[self.tree(kind, depth - 1, cells) for _n in range(2)]]}
        if op == "in":
            return self.membership(depth, cells)
        known = OPERATORS[op]
        alike = kind if known.gives == "alike" else self.random.choice(sorted(BY_KIND))
        size = self.random.randrange(known.least, min(known.most, known.least + 2) + 1)
        return {op: [self.part(op, n, alike, depth, cells) for n in range(size)]}

    def part(self, op, index, alike, depth, cells):
        if op == "round" and index:
            return self.random.randrange(-3, 7)
        if index and op in ("slice", "add_days", "add_months"):
            if self.random.random() < 0.7:
                return self.random.randrange(-1, 4)
        if op == "age":
            return self.tree("date", depth - 1, cells)
        kind = OPERATORS[op].kind_of_part(index)
        kind = alike if kind in ("any", "alike") else "text" if kind == "scalar" else kind
        if op in ("<", "<=", ">", ">=", "between") and kind == "bool":
            kind = "number"
        return self.tree(kind, depth - 1, cells)

    def membership(self, depth, cells):
        kind = self.random.choice(["text", "number", "date"])
        if kind == "text" and self.random.random() < 0.4:
            return {"in": [self.tree("text", depth - 1, cells), {"var": "list"}]}
        many = [self.value(kind) for _n in range(self.random.randrange(1, 4))]
        return {"in": [self.tree(kind, depth - 1, cells), many]}

    def over_rows(self, kind, depth):
        ops = {"bool": ["any", "all"], "date": ["min_of", "max_of"]}
        op = self.random.choice(ops.get(kind, ["count", "sum", "avg", "min_of", "max_of"]))
        inner = {"count": "bool", "any": "bool", "all": "bool"}.get(op, kind)
        if op == "count" and self.random.random() < 0.3:
            return {"count": [{"var": self.random.choice(["rows", "list"])}]}
        return {op: [{"var": "rows"}, self.tree(inner, depth - 1, cells=True)]}

    def leaf(self, kind, cells):
        roll = self.random.random()
        if cells and kind != "bool" and roll < 0.5:
            fitting = [key for key, one in CELLS.items() if one.kind == kind]
            return {"row": self.random.choice(fitting)}
        if roll < 0.8:
            return {"var": self.random.choice(BY_KIND[kind])}
        if kind == "date" and roll < 0.85:
            return {"today": []}
        return None if roll > 0.97 else self.value(kind)


@pytest.fixture
def keep(db):
    version = publish()

    def keep(rows):
        shared = {"napp": version.napp, "napp_version": version, "form_key": "f"}
        made = [Record(**shared, data=row) for row in rows]
        return Record.objects.bulk_create(made)

    return keep


@pytest.fixture(autouse=True)
def patience(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '5s'")


def found(tree, columns=COLUMNS):
    condition = to_sql(tree, columns, today=TODAY)
    return set(Record.objects.filter(condition).values_list("pk", flat=True))


def test_the_database_finds_what_the_evaluator_says(keep):
    source = Rules(seed=int(os.environ.get("RULE_SEED", "20")))
    records = keep([source.row() for _n in range(40)] + [{}])
    some = asked = 0
    used = set()
    while asked < CASES:
        tree = source.tree("bool", source.random.randrange(1, 5))
        if check(tree, FIELDS):
            continue
        asked += 1
        wanted = {one.pk for one in records if is_true(tree, one.data, today=TODAY)}
        assert found(tree) == wanted, tree
        some += 0 < len(wanted) < len(records)
        used |= {op for op in OPERATORS if f"'{op}':" in str(tree)}
    assert some > CASES // 4
    assert used == set(OPERATORS) - REFUSED


def test_the_three_valued_trap(keep):
    empty, three = keep([{}, {"n": 3}])
    less = {"<": [{"var": "n"}, 5]}
    assert found(less) == {three.pk}
    assert found({"not": [less]}) == {empty.pk}
    assert found({"!=": [{"var": "n"}, 5]}) == {three.pk}
    assert found({"or": [{"var": "yes"}, {"not": [{"var": "yes"}]}]}) == {empty.pk, three.pk}


def test_values_of_another_kind_are_empty(keep):
    kept = keep([{"n": "x"}, {"n": "12.50"}, {"n": [1]}, {"n": 1e300}, {"on": "2020-02-30"}])
    assert found({"filled": [{"var": "n"}]}) == {kept[1].pk}
    assert found({"==": [{"var": "n"}, 12.5]}) == {kept[1].pk}
    assert found({"filled": [{"add_days": [{"var": "on"}, 1]}]}) == set()


def test_ordinary_columns_can_be_asked(keep):
    (one,) = keep([{"n": 3}])
    columns = {
        **COLUMNS,
        "version": stored("number", "version"),
        "form": stored("text", F("form_key")),
        "made_on": stored("date", TruncDate("created_at")),
    }
    made_on = one.created_at.date().isoformat()
    near = {"<=": [{"days_between": [{"var": "made_on"}, made_on]}, 1]}
    both = {"and": [{"==": [{"var": "version"}, 1]}, {"==": [{"var": "form"}, "f"]}, near]}
    assert found(both, columns) == {one.pk}
    assert found({">": [{"var": "version"}, {"var": "n"}]}, columns) == set()


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        ({"==": [{"var": "secret"}, "x"]}, "sealed"),
        ({"is_working_day": [{"var": "on"}]}, "cannot work out"),
        ({"==": [{"lookup": ["regions", {"var": "t"}, "name"]}, "x"]}, "cannot work out"),
        ({"==": [{"if": [{"var": "yes"}, 1, "x"]}, 1]}, "different kinds"),
        ({"==": [{"round": [{"var": "n"}, {"var": "m"}]}, 1]}, "outright"),
        ({"==": [{"var": "vague"}, 1]}, "what kind"),
        ({">": [{"age": [{"var": "t"}]}, 18]}, "between two dates"),
        ({">": [{"var": "nobody"}, 18]}, "no field"),
        ({"exec": [1]}, "no operation"),
    ],
)
def test_what_the_database_cannot_mean_is_refused_with_its_reason(tree, words):
    known = {**FIELDS, "secret": Known("text"), "vague": Known()}
    with pytest.raises(NotInSQL, match=words):
        to_sql(tree, in_json(known, sealed={"secret"}), today=TODAY)


def test_texts_of_a_rule_are_parameters_and_never_sql(keep):
    (one,) = keep([{"t": "x'); DROP TABLE platform_core_record; --"}])
    assert found({"==": [{"var": "t"}, "x'); DROP TABLE platform_core_record; --"]}) == {one.pk}
    columns = {"a') --": SqlColumn("text", COLUMNS["t"].expression)}
    assert found({"contains": [{"var": "a') --"}, "{0} %s ' \" \\"]}, columns) == set()
    odd = in_json({"it's %s {0}": Known("text")})
    assert found({"filled": [{"var": "it's %s {0}"}]}, odd) == set()


def test_nesting_does_not_multiply_the_statement():
    tree = {"var": "n"}
    for _level in range(20):
        tree = {"/": [tree, 3]} if _level % 2 else {"max": [tree, {"var": "m"}]}
    query = Record.objects.filter(to_sql({">": [tree, 1]}, COLUMNS, today=TODAY))
    assert len(str(query.query)) < 20_000
    assert query.count() == 0
