"""Random rules over untidy values, fast enough for a million of them."""

import random
import string
from datetime import date, timedelta

from security.identifiers import citizen_check_char

from ..operators import OPERATORS, OVER_ROWS

FIELDS = ["a", "b", "c", "rows", "list", "gone", "constructor", "__proto__"]
CELLS = ["c", "d"]
EDGES = [0, -1, 1, 3, 0.1, 0.2, -0.0, 1e-7, 5e-7, 1e22, 1e300, 5e-324, 2**53 - 1, 999999999999999.9]
WORDS = [
    "",
    "3",
    "x",
    "\u5f20\u4e09",
    " x ",
    "\u3000x\ufeff",
    "\U00020bb7",
    "\uffff",
    "\ud800",
    "\udfb7",
    "ßÄIıİ",
    "-12.50",
]
WORDS += ["2026-02-29", "2024-02-29", "0000-01-01", "9999-12-31", "0001-01-01", "20260101"]
WORDS += ["2026-1-1", "toString", "2020-02-09", "2020-02-10", "2020-01-31", "11010519491231002X"]
KINDS = ["number", "text", "date", "bool", "any"]
NONSENSE = ["toString", "__proto__", "exec", "AND", "=", "\uff1d\uff1d", "var ", "min_of "]
TRICKY = "ab\U00020bb7\U00020bb7 \u3000\x85\ufeff\ud842\udfb7"
COUNTING = {"round", "add_days", "add_months", "add_working_days"}
# Years without an entry are unknown; 2021 is known and has nothing special.
REFERENCE = {
    "calendar": {
        "2019": ["02-02", "02-04", "10-01", "12-31"],
        "2020": ["01-01", "01-19", "01-24", "02-01", "02-29", "05-01"],
        "2021": [],
        "1999": ["12-31"],
    },
    "lookups": {
        "regions": {"330100": {"name": "Hangzhou", "level": 2, "parent": "330000"}, "x": {}},
        "__proto__": {"toString": {"name": "odd"}},
    },
}


class Cases:
    """An endless source of (tree, values, day); the same seed gives the same cases."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self.operators = sorted(set(OPERATORS) - OVER_ROWS)
        self.over_rows = sorted(OVER_ROWS)
        self.giving = {
            kind: [op for op in self.operators if OPERATORS[op].gives in (kind, "alike", "any")]
            for kind in KINDS[:-1]
        }
        self.giving["any"] = self.operators

    def one(self):
        values = {key: self.value() for key in FIELDS if self.random.random() < 0.6}
        return self.tree(self.random.randrange(1, 5), "any"), values, self.day()

    def day(self) -> date:
        return date(1999, 1, 1) + timedelta(days=self.random.randrange(12_000))

    def number(self):
        kind = self.random.randrange(6)
        if kind == 0:
            return self.random.choice(EDGES)
        if kind == 1:
            return self.random.randrange(-(2**53) + 1, 2**53)
        if kind < 4:
            return self.random.randrange(-20, 20)
        if kind == 4:
            return self.random.randrange(-(10**9), 10**9) / 1000
        return self.random.uniform(-1, 1) * 10 ** self.random.randrange(-9, 25)

    def exact(self):
        digits = "".join(self.random.choices(string.digits, k=self.random.randrange(1, 20)))
        fraction = "".join(self.random.choices(string.digits, k=self.random.randrange(0, 9)))
        sign = self.random.choice(["", "-"])
        return {"$number": f"{sign}{digits}.{fraction}" if fraction else f"{sign}{digits}"}

    def text(self):
        kind = self.random.randrange(10)
        if kind < 4:
            return self.random.choice(WORDS)
        if kind < 6:
            return self.date()
        if kind == 6:
            return self.citizen()
        if kind < 9:
            return self.tricky()
        return "".join(chr(self.random.randrange(1, 0x10FFFF)) for _n in range(3))

    def tricky(self):
        few = "".join(self.random.choices(TRICKY, k=self.random.randrange(6)))
        # Halves of a pair that meet are one character, as JSON reads them.
        return few.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")

    def date(self, *, near: bool = False):
        if not near and self.random.random() < 0.5:
            return date.fromordinal(self.random.randrange(1, 3_652_060)).isoformat()
        return (date(2018, 11, 1) + timedelta(days=self.random.randrange(1200))).isoformat()

    def citizen(self):
        born = date(1900, 1, 1) + timedelta(days=self.random.randrange(46_000))
        digits = f"330102{born:%Y%m%d}{self.random.randrange(1000):03d}"
        right = self.random.random() < 0.9
        return digits + (citizen_check_char(digits) if right else self.random.choice("0123X"))

    def scalar(self, kind: str = "any"):
        if kind == "any" or self.random.random() < 0.15:
            kind = self.random.choice(["number", "number", "text", "text", "bool", "empty"])
        if kind == "empty":
            return None
        if kind == "bool":
            return self.random.random() < 0.5
        if kind == "number":
            return self.number()
        return self.date() if kind == "date" and self.random.random() < 0.8 else self.text()

    def value(self):
        kind = self.random.randrange(10)
        if kind < 5:
            return self.scalar()
        if kind == 5:
            return self.exact()
        size = self.random.randrange(4)
        if kind < 8:
            shape = self.random.choice(KINDS)
            return [
                {cell: self.scalar(shape) for cell in CELLS if self.random.random() < 0.8}
                for _n in range(size)
            ]
        return [self.scalar() if self.random.random() < 0.95 else [1] for _n in range(size)]

    def tree(self, depth: int, kind: str):
        """A tree that mostly gives `kind`: parts that never fit would leave everything empty."""
        roll = self.random.random()
        if depth == 0 or roll < 0.1:
            return self.leaf(kind)
        if roll < 0.22:
            return self.rows(depth)
        if roll < 0.25:
            return [self.tree(depth - 1, "any") for _n in range(self.random.randrange(3))]
        if roll < 0.252:
            return {self.random.choice(NONSENSE): [self.leaf("any")]}
        op = self.random.choice(self.giving.get(kind, self.operators) or self.operators)
        if op == "lookup" and self.random.random() < 0.7:
            return self.lookup()
        known = OPERATORS[op]
        size = self.random.randrange(known.least, min(known.most, known.least + 2) + 1)
        if self.random.random() < 0.004:
            size = known.least - 1 if known.least else 1
        alike = self.random.choice(KINDS)
        parts = [self.part(op, index, alike, depth) for index in range(size)]
        return {op: parts[0] if size == 1 and self.random.random() < 0.3 else parts}

    def part(self, op: str, index: int, alike: str, depth: int):
        known = OPERATORS[op]
        if self.random.random() < 0.6:
            if known.family == "people" and index == 0:
                return self.citizen()
            if known.family == "texts" and known.kind_of_part(index) == "text":
                return self.tricky()
            if "working" in op and known.takes[index % len(known.takes)] == "date":
                return self.date(near=True)
            if op == "slice" and index:
                return self.random.randrange(1, 4)
            if index and op in COUNTING:
                return self.random.randrange(-3, 8) * self.random.choice([1, 1, 30])
        kind = known.kind_of_part(index)
        if kind in ("any", "alike", "scalar"):
            kind = alike
        return self.tree(depth - 1, kind)

    def rows(self, depth: int):
        over = {"var": self.random.choice(["rows", "list", "a"])}
        op = self.random.choice(self.over_rows)
        if op == "count" and self.random.random() < 0.3:
            return {"count": [over]}
        kind = OPERATORS[op].takes[1]
        asked = self.tree(depth - 1, self.random.choice(KINDS) if kind == "alike" else kind)
        return {op: [over, {"row": "c"} if self.random.random() < 0.3 else asked]}

    def lookup(self):
        source = self.random.choice(["regions", "regions", "none", "__proto__"])
        key = self.random.choice(["330100", "x", "toString", {"var": "a"}])
        return {"lookup": [source, key, self.random.choice(["name", "level", "constructor"])]}

    def leaf(self, kind: str):
        roll = self.random.randrange(10)
        if roll < 3:
            return {"var": self.random.choice(FIELDS)}
        if roll == 3:
            return {"row": self.random.choice(CELLS)}
        return {"today": []} if roll == 4 and kind in ("date", "any") else self.scalar(kind)
