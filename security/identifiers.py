"""Numbers that identify people, firms and certificates in China: checks, masks, check characters.
Pure.

Sources: GB 11643 (citizen number), GB 32100 (unified social credit code), GB 11714 (organisation
code inside it), ISO 7064 MOD 11-2 and MOD 37,36, GB/T 36904 (certificate identifier). The
functions named `…_problem` return the reason in the reader's language, or None when the number is
right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN_CHECKS = "10X98765432"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
ORGAN_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
CERTIFICATE_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OLDEST_AGE = 150
# First two digits of GB/T 2260; 83 is given to residents of Taiwan who hold a residence permit.
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 "
    "61 62 63 64 65 71 81 82 83".split()
)
MOBILE = re.compile(r"1[3-9][0-9]{9}")
MASK = "*"
CITIZEN_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
MOBILE_IN_TEXT = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")


def normalise(text: str) -> str:
    """Full-width to half-width, upper case, without blanks and hyphens: the form numbers are
    compared in.
    """
    folded = unicodedata.normalize("NFKC", str(text or "")).upper()
    return "".join(char for char in folded if not char.isspace() and char not in "-‐–—")


def citizen_check_char(first17: str) -> str:
    """The 18th character for the first 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, CITIZEN_WEIGHTS, strict=True))
    return CITIZEN_CHECKS[total % 11]


def citizen_number_problem(
    text: str, today: date | None = None, *, region_exists: Callable[[str], bool] | None = None
) -> str | None:
    """Why `text` is no citizen number, or None.

    `today` bounds the date of birth (default: today in the platform's time zone). `region_exists`
    is asked with the six digits of the area; leave it out to check the province only, because
    numbers issued long ago carry areas that have ended since.
    """
    number = normalise(text)
    if not number:
        return _("Enter the citizen identity number.")
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return _("A citizen identity number has 18 characters: 17 digits and a last digit or X.")
    if number[:2] not in PROVINCES or (region_exists and not region_exists(number[:6])):
        return _("The first six digits name no administrative division.")
    born = birth_on(number)
    today = today or timezone.localdate()
    if born is None:
        return _("Digits 7 to 14 are not a date.")
    if born > today:
        return _("The date of birth in the number is in the future.")
    if born < today - timedelta(days=366 * OLDEST_AGE):
        return _("The date of birth in the number is too long ago.")
    if citizen_check_char(number[:17]) != number[17]:
        return _("The last character does not match. Compare the number with the card.")
    return None


def is_citizen_number(text: str, today: date | None = None) -> bool:
    """Whether `text` is a well-formed citizen number with a right check character."""
    return citizen_number_problem(text, today) is None


def birth_on(number: str) -> date | None:
    """The date of birth in a citizen number, None when those digits are no date."""
    digits = normalise(number)[6:14]
    if not re.fullmatch(r"[0-9]{8}", digits):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def sex(number: str) -> str:
    """ "male" or "female" by the 17th digit of a valid citizen number."""
    return "male" if int(normalise(number)[16]) % 2 else "female"


def credit_check_char(first17: str) -> str:
    """The 18th character of a unified social credit code."""
    total = sum(
        CREDIT_ALPHABET.index(char) * weight
        for char, weight in zip(first17, CREDIT_WEIGHTS, strict=True)
    )
    return CREDIT_ALPHABET[-total % 31]


def organ_check_char(first8: str) -> str:
    """The 9th character of an organisation code (GB 11714), the middle part of a credit code."""
    total = sum(
        CERTIFICATE_ALPHABET.index(char) * weight
        for char, weight in zip(first8, ORGAN_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def made_up_credit_code(first8: str, organ8: str) -> str:
    """A complete code from its first 8 characters and 8 of the organisation code, both checks
    computed.
    """
    first17 = first8 + organ8 + organ_check_char(organ8)
    return first17 + credit_check_char(first17)


def credit_code_problem(text: str) -> str | None:
    """Why `text` is no unified social credit code, or None.

    The inner organisation code is not checked: codes given to sole traders do not keep its rule.
    """
    code = normalise(text)
    if not code:
        return _("Enter the unified social credit code.")
    if len(code) != 18:
        return _("A unified social credit code has 18 characters.")
    if any(char not in CREDIT_ALPHABET for char in code):
        return _(
            "A unified social credit code has digits and capital letters other than I, O, S, V, Z."
        )
    if not re.fullmatch(r"[0-9]{6}", code[2:8]) or code[2:4] not in PROVINCES | {"10"}:
        return _("Characters 3 to 8 name no administrative division.")
    if credit_check_char(code[:17]) != code[17]:
        return _("The last character does not match. Compare the code with the licence.")
    return None


def is_credit_code(text: str) -> bool:
    """Whether `text` is a well-formed unified social credit code with a right check character."""
    return credit_code_problem(text) is None


def mobile_problem(text: str) -> str | None:
    """Why `text` is no mobile number of the mainland, or None. A leading +86 or 0086 is allowed."""
    if not normalise(text):
        return _("Enter the mobile number.")
    if not MOBILE.fullmatch(plain_mobile(text)):
        return _("A mobile number has 11 digits and begins with 1, for example 138 0000 0000.")
    return None


def plain_mobile(text: str) -> str:
    """The 11 digits of a mobile number without blanks, hyphens and country code."""
    return re.sub(r"^(\+|00)86(?=1)", "", normalise(text))


def certificate_check_char(text: str) -> str:
    """ISO 7064 MOD 37,36 over type code, issuer, serial and version without dots (GB/T 36904)."""
    product = 36
    for char in text:
        product = ((product + CERTIFICATE_ALPHABET.index(char)) % 36 or 36) * 2 % 37
    return CERTIFICATE_ALPHABET[(37 - product) % 36]


def _masked(text: str, first: int, last: int) -> str:
    """`text` with all but the first and last characters hidden; a short text is hidden whole."""
    if len(text) <= first + last:
        return MASK * len(text)
    return text[:first] + MASK * (len(text) - first - last) + (text[-last:] if last else "")


def mask_citizen_number(number: str) -> str:
    """3301**********1234"""
    return _masked(normalise(number), 4, 4)


def mask_mobile(number: str) -> str:
    """138****5678"""
    return _masked(plain_mobile(number), 3, 4)


def mask_credit_code(code: str) -> str:
    """9133**********Y43J: area and the last four stay."""
    return _masked(normalise(code), 4, 4)


def mask_name(name: str) -> str:
    """陈宁 → 陈*, 陈小宁 → 陈*宁, 欧阳小宁 → 欧**宁; in Latin letters each word keeps its first."""
    name = " ".join(str(name or "").split())
    if name.isascii():
        return " ".join(word[:1] + MASK * (len(word) - 1) for word in name.split())
    if len(name) <= 1:
        return MASK * len(name)
    return name[0] + MASK if len(name) == 2 else name[0] + MASK * (len(name) - 2) + name[-1]


def mask_numbers(text: str) -> str:
    """`text` with every citizen number and mobile number that slipped into it masked."""
    text = CITIZEN_IN_TEXT.sub(lambda found: mask_citizen_number(found[0]), text)
    return MOBILE_IN_TEXT.sub(lambda found: mask_mobile(found[0]), text)
