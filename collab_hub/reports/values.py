"""What may stand in a field: texts of people read as values, and shown again. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from platform_core.common.i18n import pick

MOST_TEXT = 500
MOST_DIGITS = 15
_WIDE = str.maketrans("０１２３４５６７８９．，－", "0123456789.,-")


def plain(text) -> str:
    """The text without what the database cannot keep."""
    return str(text).replace("\x00", "").strip()


class NoValue(ValueError):
    """The text is no value of the field; `str` says why."""


def read_value(version, raw: str) -> dict:
    """{"amount", "text"} for what a person typed; NoValue says what is wrong. Numbers may carry
    commas between thousands and full-width digits.
    """
    raw = plain(raw)
    if version.is_amount:
        return {"amount": _amount(version, raw), "text": ""}
    if version.kind == "date":
        try:
            return {"amount": None, "text": date.fromisoformat(raw).isoformat()}
        except ValueError:
            raise NoValue(_("Write the day as 2026-11-27.")) from None
    if version.kind == "choice":
        return {"amount": None, "text": _choice(version, raw)}
    if len(raw) > MOST_TEXT:
        raise NoValue(_("At most %(n)d characters.") % {"n": MOST_TEXT})
    return {"amount": None, "text": raw}


def _amount(version, raw: str) -> Decimal:
    try:
        found = Decimal(raw.translate(_WIDE).replace(",", ""))
    except InvalidOperation:
        raise NoValue(_("This is not a number.")) from None
    # By its exponent: taking apart a number such as 1e1000000 would overflow.
    if not found.is_finite() or found.adjusted() >= MOST_DIGITS:
        raise NoValue(_("This number is too large."))
    places = 2 if version.kind == "money" else 6
    if found != round(found, places):
        raise NoValue(_("At most %(n)d digits after the point.") % {"n": places})
    return found


def _choice(version, raw: str) -> str:
    """The Chinese words of a choice stand for it; either language may be typed."""
    for one in version.choices:
        if raw in (one["zh"], one["en"]):
            return one["zh"]
    raise NoValue(_("Choose one of: %(names)s.") % {"names": _names(version)})


def _names(version) -> str:
    return ", ".join(pick(one) for one in version.choices)


def shown(version, value) -> str:
    """A value in the reader's language, without its unit; "" for none."""
    if value is None:
        return ""
    if version.is_amount:
        return shown_amount(value.amount)
    if version.kind == "choice":
        words = next((one for one in version.choices if one["zh"] == value.text), value.text)
        return pick(words)
    return value.text


def shown_amount(amount: Decimal | None) -> str:
    """A number with commas between thousands and no needless zeros."""
    if amount is None:
        return ""
    text = f"{amount:,.6f}"
    return text.rstrip("0").rstrip(".")
