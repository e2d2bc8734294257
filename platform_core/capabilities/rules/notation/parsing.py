"""From a formula to the tree. A Pratt parser: its depth is bounded before it goes deeper."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from ..checks import parts
from ..limits import MAX_DEPTH, MAX_NODES
from ..operators import MANY, OPERATORS, OVER_ROWS
from .names import Names, NoSuchName
from .tokens import FormulaError, Token, tokens
from .words import BEFORE, BETWEEN, CALLED, COMPARING, FLATTENED, LEVELS, UNARY, VALUES


def parse(text: str, labels: Mapping, *, cells: Mapping[str, Mapping] | None = None):
    """The tree that `text` means. `labels` maps the key of a field to its label, `cells` the key of
    a table to the labels of its columns. Raises FormulaError with the place.

    What the tree means is not judged here: `check` does that.
    """
    parser = _Parser(tokens(text), Names(labels, cells))
    tree = parser.expression(0)
    if parser.here.kind != "end":
        raise parser.unexpected()
    for count, part in enumerate(parts(tree), start=1):
        if part.depth > MAX_DEPTH:
            raise FormulaError(_("The rule nests more than %(n)s levels deep.") % {"n": MAX_DEPTH})
        if count > MAX_NODES:
            raise FormulaError(_("The rule has more than %(n)s parts.") % {"n": MAX_NODES})
    return tree


class _Parser:
    """`chain` is the operation that the loop of `expression` has just built: `a + b + c` is one
    sum, `(a + b) + c` is not.
    """

    def __init__(self, found: list[Token], names: Names):
        self.tokens = found
        self.names = names
        self.at = 0
        self.nested = 0
        self.table: str | None = None
        self.in_rows = False

    @property
    def here(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.here
        self.at += 1
        return token

    def is_sign(self, sign: str) -> bool:
        return self.here.kind == "sign" and self.here.value == sign

    def unexpected(self) -> FormulaError:
        if self.here.kind == "end":
            return FormulaError(_("The formula ends too early."), self.here.at)
        if self.here.kind == "word" and self.here.value not in {*CALLED, *BETWEEN, *VALUES}:
            return FormulaError(
                _("There is no function “%(name)s”.") % {"name": self.here.value[:40]},
                self.here.at,
            )
        return FormulaError(_("This cannot stand here."), self.here.at)

    def expect(self, sign: str) -> None:
        if not self.is_sign(sign):
            if self.here.kind == "end":
                raise FormulaError(_("“%(sign)s” is missing.") % {"sign": sign}, self.here.at)
            raise self.unexpected()
        self.at += 1

    def infix(self) -> str | None:
        if self.here.kind == "sign" and self.here.value in LEVELS:
            return self.here.value
        return BETWEEN.get(self.here.value) if self.here.kind == "word" else None

    def expression(self, above: int):
        """What stands here and binds more tightly than `above`."""
        left, chain = self.operand(), None
        while (op := self.infix()) is not None and LEVELS[op] > above:
            token = self.take()
            if LEVELS[op] == COMPARING and chain is not None and LEVELS[chain] == COMPARING:
                raise FormulaError(
                    _("Comparisons do not follow one another; join them with “and”."), token.at
                )
            right = self.expression(LEVELS[op])
            if op == chain and op in FLATTENED and len(left[op]) < MANY:
                left[op].append(right)
            else:
                left = {op: [left, right]}
            chain = op
        return left

    def operand(self):
        token = self.here
        if token.kind in ("number", "text"):
            return self.take().value
        if token.kind == "name":
            return self.name(self.take())
        if token.kind == "word":
            return self.word(token)
        if self.is_sign("-"):
            return self.minus()
        if self.is_sign("("):
            return self.inside(")", lambda: self.expression(0))
        if self.is_sign("{"):
            return self.inside("}", lambda: self.several("}"))
        raise self.unexpected()

    def name(self, token: Token):
        try:
            return self.names.tree(token.value, self.table, self.in_rows)
        except NoSuchName as problem:
            raise FormulaError(str(problem), token.at) from None

    def minus(self):
        self.at += 1
        if self.here.kind == "number":
            return -self.take().value
        return {"-": [self.deeper(lambda: self.expression(UNARY))]}

    def deeper(self, read):
        self.nested += 1
        if self.nested > MAX_DEPTH:
            raise FormulaError(
                _("The rule nests more than %(n)s levels deep.") % {"n": MAX_DEPTH}, self.here.at
            )
        found = read()
        self.nested -= 1
        return found

    def inside(self, close: str, read):
        self.at += 1
        found = self.deeper(read)
        self.expect(close)
        return found

    def several(self, close: str) -> list:
        found: list = []
        while not self.is_sign(close):
            if found:
                self.expect(",")
            found.append(self.expression(0))
        return found

    def word(self, token: Token):
        following = self.tokens[self.at + 1]
        called = following.kind == "sign" and following.value == "("
        if token.value in BEFORE:
            self.at += 1
            return {"not": [self.deeper(lambda: self.expression(LEVELS["not"] - 1))]}
        if token.value in CALLED and called:
            self.at += 1
            return self.call(CALLED[token.value], token)
        if token.value in VALUES:
            self.at += 1
            return VALUES[token.value]
        if token.value in CALLED and CALLED[token.value] == "today":
            self.at += 1
            return {"today": []}
        if token.value in CALLED and token.value not in BETWEEN:
            raise FormulaError(
                _("“%(name)s” is a function: write its parts in brackets.") % {"name": token.value},
                token.at,
            )
        raise self.unexpected()

    def call(self, op: str, token: Token):
        if op in OVER_ROWS:
            args = self.inside(")", lambda: self.over_rows(token))
        else:
            args = self.inside(")", lambda: self.several(")"))
        known = OPERATORS[op]
        if not known.least <= len(args) <= known.most:
            raise FormulaError(
                _("“%(op)s” has the wrong number of parts.") % {"op": token.value}, token.at
            )
        return {op: args}

    def over_rows(self, token: Token) -> list:
        """The table, then what is asked of each of its rows."""
        if self.in_rows:
            raise FormulaError(
                _("A question about rows cannot stand inside another one."), token.at
            )
        args: list = []
        while not self.is_sign(")"):
            if args:
                self.expect(",")
                self.in_rows, self.table = True, table_key(args[0])
            args.append(self.expression(0))
        self.in_rows, self.table = False, None
        return args


def table_key(node) -> str | None:
    """The key of the table that `node` names outright."""
    key = node.get("var") if isinstance(node, dict) else None
    return key if isinstance(key, str) else None
