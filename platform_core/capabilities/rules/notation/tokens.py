"""A formula cut into tokens. Linear in its length, which is bounded."""

from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from ..limits import SAFE_INTEGER
from .words import KNOWN_WORDS, LONGEST, SYMBOLS

MAX_FORMULA = 2_000
# Punctuation as a Chinese keyboard gives it, one character for one, so that places stay right.
HALF = str.maketrans("（），＋－＊／＝＞＜｛｝％！［］　【】．", "(),+-*/=><{}%![] [].")
OPENERS = {'"': '"', "“": "”"}
PUNCTUATION = "(),{}%"


class FormulaError(Exception):
    """What is wrong with a formula, in the reader's language, and the place (from 0) where."""

    def __init__(self, message: str, position: int = 0):
        self.message = message
        self.position = position
        super().__init__(_("Character %(at)d: %(what)s") % {"at": position + 1, "what": message})


class Token(NamedTuple):
    """`kind` is number, text, name, word, sign or end."""

    kind: str
    value: object
    at: int


def tokens(text: str) -> list[Token]:
    """The tokens of `text`, the last one being its end. Raises FormulaError."""
    if len(text) > MAX_FORMULA:
        raise FormulaError(
            _("A formula has at most %(n)s characters.") % {"n": MAX_FORMULA}, MAX_FORMULA
        )
    plain = text.translate(HALF)
    found, at = [], 0
    while at < len(text):
        if plain[at].isspace():
            at += 1
            continue
        token, at = _next(text, plain, at)
        found.append(token)
    return [*found, Token("end", None, len(text))]


def _next(text: str, plain: str, at: int) -> tuple[Token, int]:
    char = plain[at]
    if char in "0123456789":
        return _number(plain, at)
    if text[at] in OPENERS:
        return _quoted(text, at)
    if char == "[":
        end = plain.find("]", at)
        if end < 0:
            raise FormulaError(_("The bracket is never closed."), at)
        return Token("name", text[at + 1 : end].strip(), at), end + 1
    for size in (2, 1):
        sign = plain[at : at + size]
        if sign in SYMBOLS:
            return Token("sign", SYMBOLS[sign], at), at + size
    if char in PUNCTUATION:
        return Token("sign", char, at), at + 1
    if char.isalpha() or char == "_":
        return _word(plain, at)
    raise FormulaError(_("“%(char)s” means nothing here.") % {"char": char}, at)


def _number(plain: str, at: int) -> tuple[Token, int]:
    end = at
    while end < len(plain) and plain[end] in "0123456789":
        end += 1
    if plain[end : end + 1] == ".":
        end += 1
        while end < len(plain) and plain[end] in "0123456789":
            end += 1
    if plain[end - 1] == ".":
        raise FormulaError(_("Digits are missing after the point."), end - 1)
    value = Decimal(plain[at:end])
    if plain[end : end + 1] == "%":
        value, end = value.scaleb(-2), end + 1
    return Token("number", as_json(value, at), at), end


def as_json(value: Decimal, at: int = 0) -> int | float:
    """The JSON number that is exactly `value`. Raises FormulaError when there is none."""
    if abs(value) > SAFE_INTEGER:
        raise FormulaError(_("This number is too large for a rule."), at)
    if value == value.to_integral_value():
        return int(value)
    near = float(value)
    if value.normalize().as_tuple().exponent < -6:
        raise FormulaError(_("A number in a rule has at most six decimals."), at)
    if Decimal(repr(near)) != value:
        raise FormulaError(_("This number has too many digits."), at)
    return near


def _quoted(text: str, at: int) -> tuple[Token, int]:
    """A text up to its closing mark; the mark doubled stands for itself."""
    close = OPENERS[text[at]]
    parts, start = [], at + 1
    while True:
        end = text.find(close, start)
        if end < 0:
            raise FormulaError(_("The text is never closed."), at)
        parts.append(text[start:end])
        if text[end + 1 : end + 2] != close:
            return Token("text", close.join(parts), at), end + 1
        start = end + 2


def _word(plain: str, at: int) -> tuple[Token, int]:
    """A Latin word whole; Chinese words stand without blanks between them, the longest known one
    is taken.
    """
    if plain[at].isascii():
        end = at
        while (
            end < len(plain)
            and plain[end].isascii()
            and (plain[end].isalnum() or plain[end] == "_")
        ):
            end += 1
        return Token("word", plain[at:end].lower(), at), end
    for size in range(LONGEST, 0, -1):
        word = plain[at : at + size]
        if word in KNOWN_WORDS:
            return Token("word", word, at), at + len(word)
    end = at
    while end < len(plain) and plain[end].isalpha() and not plain[end].isascii():
        end += 1
    return Token("word", plain[at:end], at), end
