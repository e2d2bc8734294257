"""From what was typed to what is stored, one function for each field type. Pure.

Each function takes the field, the typed value and a `Facts`; it gives the value to store, or None
for an empty answer, or raises Wrong with the message to show at the field.
"""

import re
import unicodedata
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platform_core.common.i18n import pick
from security import identifiers

from .facts import Facts
from .moments import clean_date, clean_datetime, clean_time, clean_working_day
from .patterns import fits
from .texts import Wrong, as_text, checked, tidy_line, tidy_lines

NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,20})?\Z|[+-]?\.[0-9]{1,20}\Z")
MONEY_MARKS = str.maketrans("", "", "\u00a5\uffe5\u5143, ")
YES = {"yes", "true", "1"}
NO = {"no", "false", "0"}


def _length(field, text: str) -> str:
    if len(text) > field.max_length:
        raise Wrong(
            ngettext(
                "Shorten this to %(most)s character; it has %(n)s.",
                "Shorten this to %(most)s characters; it has %(n)s.",
                field.max_length,
            )
            % {"most": field.max_length, "n": len(text)}
        )
    if text and len(text) < field.min_length:
        raise Wrong(
            ngettext(
                "Write at least %(least)s character.",
                "Write at least %(least)s characters.",
                field.min_length,
            )
            % {"least": field.min_length}
        )
    return text


def clean_text(field, raw, facts: Facts) -> str | None:
    text = _length(field, checked(tidy_line(as_text(raw))))
    if text and field.pattern and not fits(field.pattern, text):
        raise Wrong(pick(field.pattern_message) or _("This answer does not have the right form."))
    return text or None


def clean_qr(field, raw, facts: Facts) -> str | None:
    text = checked(tidy_line(as_text(raw)))
    if len(text) > field.max_length or (text and not text.startswith(field.prefix or "")):
        raise Wrong(_("This is not the code that is asked for. Scan or type it again."))
    return text or None


def clean_textarea(field, raw, facts: Facts) -> str | None:
    return _length(field, checked(tidy_lines(as_text(raw)))) or None


def _amount(raw) -> Decimal | None:
    text = unicodedata.normalize("NFKC", checked(tidy_line(as_text(raw))[:60])).translate(
        MONEY_MARKS
    )
    if not text:
        return None
    if not NUMBER.match(text):
        raise Wrong(_("Write a number in digits, for example 3200."))
    return Decimal(text)


def _within(field, amount: Decimal, shown) -> None:
    if field.min is not None and amount < Decimal(field.min):
        raise Wrong(_("This must be at least %(least)s.") % {"least": shown(Decimal(field.min))})
    if field.max is not None and amount > Decimal(field.max):
        raise Wrong(_("This must be at most %(most)s.") % {"most": shown(Decimal(field.max))})


def _decimals(amount: Decimal) -> int:
    return max(0, -amount.normalize().as_tuple().exponent)


def plain(amount: Decimal) -> str:
    """An amount without needless zeros and never in powers of ten."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def clean_number(field, raw, facts: Facts) -> int | str | None:
    amount = _amount(raw)
    if amount is None:
        return None
    if _decimals(amount) > field.decimals:
        if not field.decimals:
            raise Wrong(_("Write a whole number."))
        raise Wrong(
            ngettext(
                "Write at most %(n)s decimal.", "Write at most %(n)s decimals.", field.decimals
            )
            % {"n": field.decimals}
        )
    _within(field, amount, plain)
    return plain(amount + 0) if field.decimals else int(amount)


def shown_money(amount: Decimal) -> str:
    """¥1,800.00"""
    return f"¥{amount:,.2f}"


def clean_money(field, raw, facts: Facts) -> str | None:
    amount = _amount(raw)
    if amount is None:
        return None
    if _decimals(amount) > 2:
        raise Wrong(_("Write an amount in yuan with at most two decimals, for example 1800.50."))
    _within(field, amount, shown_money)
    return f"{amount + 0:.2f}"


def clean_choice(field, raw, facts: Facts) -> str | None:
    value = as_text(raw).strip()
    if value and value not in {option.value for option in field.options}:
        raise Wrong(_("Choose one of the answers offered."))
    return value or None


def as_list(raw) -> list:
    if raw in (None, ""):
        return []
    raw = [raw] if isinstance(raw, str) else raw
    if not isinstance(raw, list | tuple) or not all(isinstance(item, str) for item in raw):
        raise Wrong(_("This answer does not have the right form."))
    return list(dict.fromkeys(item for item in raw if item))


def clean_multi_choice(field, raw, facts: Facts) -> list[str] | None:
    chosen = set(as_list(raw))
    offered = [option.value for option in field.options]
    if chosen - set(offered):
        raise Wrong(_("Choose from the answers offered."))
    if chosen and len(chosen) < field.min_choices:
        raise Wrong(
            ngettext(
                "Choose at least %(n)s answer.", "Choose at least %(n)s answers.", field.min_choices
            )
            % {"n": field.min_choices}
        )
    if field.max_choices and len(chosen) > field.max_choices:
        raise Wrong(
            ngettext(
                "Choose at most %(n)s answer.", "Choose at most %(n)s answers.", field.max_choices
            )
            % {"n": field.max_choices}
        )
    return [value for value in offered if value in chosen] or None


def clean_yes_no(field, raw, facts: Facts) -> bool | None:
    if isinstance(raw, bool):
        return raw
    text = as_text(raw).strip().lower()
    if not text:
        return None
    if text not in YES | NO:
        raise Wrong(_("Choose yes or no."))
    return text in YES


def _identifier(raw, problem, normal) -> str | None:
    text = checked(tidy_line(as_text(raw))[:100])
    if not text:
        return None
    message = problem(text)
    if message:
        raise Wrong(message)
    return normal(text)


def clean_citizen_number(field, raw, facts: Facts) -> str | None:
    return _identifier(
        raw,
        lambda text: identifiers.citizen_number_problem(text, facts.today),
        identifiers.normalise,
    )


def clean_credit_code(field, raw, facts: Facts) -> str | None:
    return _identifier(raw, identifiers.credit_code_problem, identifiers.normalise)


def clean_mobile(field, raw, facts: Facts) -> str | None:
    return _identifier(raw, identifiers.mobile_problem, identifiers.plain_mobile)


def clean_email(field, raw, facts: Facts) -> str | None:
    text = checked(tidy_line(as_text(raw)))
    if not text:
        return None
    try:
        validate_email(text)
    except ValidationError:
        text = ""
    if not text or len(text) > 254:
        raise Wrong(_("Write an e-mail address like name@example.com."))
    return text


CHOOSING = {"choice", "multi_choice", "yes_no", "region", "department", "person"}


def missing(field) -> str:
    """What to say at a required field that was left empty."""
    label = pick(field.label)
    if field.type in CHOOSING:
        return _("Choose an answer: %(label)s") % {"label": label}
    if field.type == "attachment":
        return _("Add a file: %(label)s") % {"label": label}
    if field.type == "signature":
        return _("Sign here: %(label)s") % {"label": label}
    return _("Fill in: %(label)s") % {"label": label}


SCALARS = {
    "text": clean_text,
    "textarea": clean_textarea,
    "number": clean_number,
    "money": clean_money,
    "date": clean_date,
    "working_day": clean_working_day,
    "time": clean_time,
    "datetime": clean_datetime,
    "choice": clean_choice,
    "multi_choice": clean_multi_choice,
    "yes_no": clean_yes_no,
    "citizen_number": clean_citizen_number,
    "credit_code": clean_credit_code,
    "mobile": clean_mobile,
    "email": clean_email,
    "qr": clean_qr,
}
