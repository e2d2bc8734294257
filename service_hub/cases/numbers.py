"""Case numbers: 31 characters implementing code, eight of the day, four of the serial."""

import re
from datetime import date

LAST_SERIAL = 9999
CASE_NUMBER = re.compile(r"^[0-9A-HJ-NPQRTUWXY]{18}[1-9][0-9]{4}[0-9A-Z]{8}[0-9]{12}$")


def implementing_code(credit_code: str, digit: str, basic_code: str) -> str:
    """实施编码: the organ's credit code (18), one digit, the basic code of the item (12)."""
    code = f"{credit_code}{digit}{basic_code}"
    if len(code) != 31:
        raise ValueError("an implementing code has 31 characters")
    return code


def case_number(code: str, on: date, serial: int) -> str:
    """办件编号: 43 characters; `serial` counts the cases of `code` on day `on` from 1."""
    if not 1 <= serial <= LAST_SERIAL:
        raise ValueError("a serial has four digits")
    return f"{code}{on:%Y%m%d}{serial:04d}"


def looks_like_number(text: str) -> bool:
    """Whether somebody typed a case number."""
    return bool(CASE_NUMBER.match(plain_number(text)))


def plain_number(text: str) -> str:
    """A typed case number without blanks and dashes, in capitals."""
    return re.sub(r"[\s-]", "", text).upper()


def grouped(number: str) -> str:
    """A case number in groups that people can read out."""
    return " ".join((number[:18], number[18:31], number[31:39], number[39:]))
