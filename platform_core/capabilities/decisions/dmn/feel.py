"""The part of FEEL that cells use: literals, comparisons, intervals, lists, not, null.

Written and read as data: a text outside this part is refused, never evaluated.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from platform_core.capabilities.rules import as_rule_number, shown_number
from platform_core.capabilities.rules.values import day_number, from_raw, scaled_from_text, to_raw

MAX_TEXT = 100_000
TOKEN = re.compile(
    r"""\s*(?:
    (?P<date>date\s*\(\s*"(?P<day>[0-9-]{10})"\s*\)|@"(?P<at>[0-9-]{10})")
    |(?P<text>"(?:[^"\\]|\\.)*")
    |(?P<number>-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+))(?![0-9A-Za-z_]|\.[0-9])
    |(?P<word>true|false|null|not)(?![0-9A-Za-z_])
    |(?P<sign><=|>=|<|>|\.\.|[\[\](),-])
    )""",
    re.X | re.S,
)
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "'": "'"}
ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.S)


class NotMeant(ValueError):
    """The text is outside the subset; `str(error)` says why in the reader's language."""


def write_literal(raw, kind: str) -> str:
    """A value of a column as FEEL."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        if kind == "date":
            return f'date("{raw}")'
        escaped = raw.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'
    return shown_number(from_raw(raw))


def write_cell(cell, kind: str) -> str:
    """A cell (None: anything) as a unary test."""
    if cell is None:
        return "-"
    if cell.is_ in ("empty", "filled"):
        return "null" if cell.is_ == "empty" else "not(null)"
    said = [write_literal(raw, kind) for raw in cell.named()]
    if cell.is_ == "compare":
        return f"{cell.op} {said[0]}"
    if cell.is_ == "between":
        opening, closing = "(" if cell.from_open else "[", ")" if cell.to_open else "]"
        return f"{opening}{said[0]}..{said[1]}{closing}"
    # FEEL's not("a") holds for null, ours does not.
    return f"not({','.join(said)},null)" if cell.is_ == "not_one_of" else ",".join(said)


def read_literals(text: str, kind: str) -> list:
    """The values of a comma-separated list, such as the allowed values of a column."""
    reader = _Reader(text, kind)
    found = reader.listed()
    reader.end()
    return found


def read_literal(text: str, kind: str):
    """The one value that `text` is."""
    found = read_literals(text, kind)
    if len(found) != 1 or found[0] is None:
        raise NotMeant(_("one value is needed here"))
    return found[0]


def read_cell(text: str, kind: str, *, required: bool) -> dict | None:
    """The cell that a unary test means, as a manifest writes it; None for "-".

    `required`: the column is never empty, so that not("a") means the same as here.
    """
    if text.strip() in ("-", ""):
        return None
    reader = _Reader(text, kind)
    cell = reader.cell(required)
    reader.end()
    return cell


class _Reader:
    """Walks the tokens of one text, from left to right, once."""

    def __init__(self, text: str, kind: str):
        if len(text) > MAX_TEXT:
            raise NotMeant(_("the text is too long"))
        self.kind = kind
        self.tokens = self._split(text)
        self.at = 0

    def _split(self, text: str) -> list[tuple[str, str]]:
        found, at = [], 0
        text = text.rstrip()
        while at < len(text):
            match = TOKEN.match(text, at)
            if match is None:
                raise NotMeant(_("“%(text)s” is not understood") % {"text": text[at : at + 40]})
            kind = match.lastgroup if match.lastgroup not in ("day", "at") else "date"
            value = match["day"] or match["at"] if kind == "date" else match[kind]
            found.append((kind, value))
            at = match.end()
        return found

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self, *wanted: str) -> str:
        """The next token when it is one of the wanted signs or words."""
        kind, value = self.peek()
        if kind in ("sign", "word") and value in wanted:
            self.at += 1
            return value
        return ""

    def end(self) -> None:
        if self.at < len(self.tokens):
            values = {"text": self.peek()[1][:40]}
            raise NotMeant(_("“%(text)s” is not expected here") % values)

    def literal(self):
        """A value, None for null."""
        kind, value = self.peek()
        self.at += 1
        if kind == "date" and day_number(value):
            self._must_be("date")
            return value
        if kind == "number" and scaled_from_text(_whole(value)) is not None:
            self._must_be("number", "money")
            if len(value.partition(".")[2].rstrip("0")) > 6:
                raise NotMeant(_("a number has at most six decimals"))
            return as_rule_number(to_raw(scaled_from_text(_whole(value))))
        if kind == "text":
            self._must_be("text", "choice")
            return _unescaped(value[1:-1])
        if kind == "word" and value in ("true", "false"):
            self._must_be("yes_no")
            return value == "true"
        if kind == "word" and value == "null":
            return None
        raise NotMeant(_("a value is needed here"))

    def _must_be(self, *kinds: str) -> None:
        if self.kind not in kinds:
            raise NotMeant(_("the value does not fit the type of the column"))

    def listed(self) -> list:
        found = [self.literal()]
        while self.take(","):
            found.append(self.literal())
        return found

    def cell(self, required: bool) -> dict:
        sign = self.take("<", "<=", ">", ">=")
        if sign:
            return {"is": "compare", "op": sign, "value": self._filled(self.literal())}
        opening = self.take("[", "(", "]")
        if opening:
            return self.interval(opening)
        if self.take("not"):
            return self.negated(required)
        values = self.listed()
        if values == [None]:
            return {"is": "empty"}
        if None in values:
            raise NotMeant(_("null among other values: write a row of its own for it"))
        if len(values) == 1:
            return {"is": "equal", "value": values[0]}
        return {"is": "one_of", "values": values}

    def interval(self, opening: str) -> dict:
        low = self._filled(self.literal())
        if not self.take(".."):
            raise NotMeant(_("an interval has two ends with .. between them"))
        high = self._filled(self.literal())
        closing = self.take("]", ")", "[")
        if not closing:
            raise NotMeant(_("the end of the interval is missing"))
        ends = {"from_open": opening != "[", "to_open": closing != "]"}
        return {"is": "between", "from": low, "to": high} | ends

    def negated(self, required: bool) -> dict:
        if not self.take("("):
            raise NotMeant(_("not needs parentheses"))
        values = self.listed()
        if not self.take(")"):
            raise NotMeant(_("not of anything but a list of values"))
        filled = [value for value in values if value is not None]
        if not filled:
            return {"is": "filled"}
        if None not in values and not required:
            raise NotMeant(_("not(…) would hold for an empty value too; add null to its list"))
        return {"is": "not_one_of", "values": filled}

    def _filled(self, value):
        if value is None:
            raise NotMeant(_("null has no order"))
        return value


def _whole(value: str) -> str:
    """ ".5" as "0.5"."""
    return value.replace(".", "0.", 1) if value.lstrip("-").startswith(".") else value


def _unescaped(text: str) -> str:
    def one(match: re.Match) -> str:
        said = match[1]
        if said[0] == "u" and len(said) == 5:
            return chr(int(said[1:], 16))
        if said not in ESCAPES:
            raise NotMeant(_("“%(text)s” is not understood") % {"text": f"\\{said}"})
        return ESCAPES[said]

    return ESCAPE.sub(one, text)
