"""Random rules over untidy values, fast enough for a million of them."""

import random
import string
from datetime import date, timedelta

FIELDS = ["a", "b", "c", "rows", "list", "gone", "constructor", "__proto__"]
CELLS = ["c", "d"]
EDGES = [0, -1, 1, 3, 0.1, 0.2, -0.0, 1e-7, 5e-7, 1e22, 1e300, 5e-324, 2**53 - 1, 999999999999999.9]
WORDS = ["", "3", "x", "张三", "𠮷", "\uffff", "\ud800", "2026-02-29", "2024-02-29", "0000-01-01"]
WORDS += [
    "9999-12-31",
    "0001-01-01",
    "20260101",
    "2026-1-1",
    "toString",
    "2020-02-09",
    "2020-02-10",
]
BINARY = ["==", "!=", "<", "<=", ">", ">=", "in", "/", "add_days", "days_between"]
UNARY = ["empty", "filled", "not"]
MANY = ["and", "or", "if", "+", "*", "-"]
ROWS = ["count", "sum", "any", "all"]


class Cases:
    """An endless source of (tree, values, day); the same seed gives the same cases."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def one(self):
        values = {key: self.value() for key in FIELDS if self.random.random() < 0.6}
        day = date(1999, 1, 1) + timedelta(days=self.random.randrange(12_000))
        return self.tree(self.random.randrange(1, 5)), values, day

    def number(self):
        kind = self.random.randrange(5)
        if kind == 0:
            return self.random.choice(EDGES)
        if kind == 1:
            return self.random.randrange(-(2**53) + 1, 2**53)
        if kind == 2:
            return self.random.randrange(-20, 20)
        if kind == 3:
            return self.random.randrange(-(10**9), 10**9) / 1000
        return self.random.uniform(-1, 1) * 10 ** self.random.randrange(-9, 25)

    def exact(self):
        digits = "".join(self.random.choices(string.digits, k=self.random.randrange(1, 20)))
        fraction = "".join(self.random.choices(string.digits, k=self.random.randrange(0, 9)))
        sign = self.random.choice(["", "-"])
        return {"$number": f"{sign}{digits}.{fraction}" if fraction else f"{sign}{digits}"}

    def text(self):
        if self.random.random() < 0.7:
            return self.random.choice(WORDS)
        if self.random.random() < 0.5:
            return date.fromordinal(self.random.randrange(1, 3_652_060)).isoformat()
        return "".join(chr(self.random.randrange(1, 0x10FFFF)) for _n in range(3))

    def scalar(self):
        kind = self.random.randrange(10)
        if kind == 0:
            return None
        if kind == 1:
            return self.random.random() < 0.5
        return self.number() if kind < 6 else self.text()

    def value(self):
        kind = self.random.randrange(10)
        if kind < 5:
            return self.scalar()
        if kind == 5:
            return self.exact()
        size = self.random.randrange(4)
        if kind < 8:
            return [
                {cell: self.scalar() for cell in CELLS if self.random.random() < 0.8}
                for _n in range(size)
            ]
        return [self.scalar() for _n in range(size)]

    def tree(self, depth: int):
        kind = self.random.randrange(12)
        if depth == 0 or kind == 0:
            return self.leaf()
        if kind < 5:
            return {self.random.choice(BINARY): [self.tree(depth - 1), self.tree(depth - 1)]}
        if kind == 5:
            return {self.random.choice(UNARY): self.tree(depth - 1)}
        if kind == 6:
            over = {"var": self.random.choice(["rows", "list", "a"])}
            return {self.random.choice(ROWS): [over, self.tree(depth - 1)]}
        if kind == 7:
            return {"between": [self.tree(depth - 1) for _n in range(3)]}
        if kind == 8:
            return [self.tree(depth - 1) for _n in range(self.random.randrange(3))]
        size = self.random.randrange(1, 4)
        return {self.random.choice(MANY): [self.tree(depth - 1) for _n in range(size)]}

    def leaf(self):
        kind = self.random.randrange(8)
        if kind < 4:
            return {"var": self.random.choice(FIELDS)}
        if kind == 4:
            return {"row": self.random.choice(CELLS)}
        return {"today": []} if kind == 5 else self.scalar()
