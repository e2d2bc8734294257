"""Numbers of documents: identifiers of electronic certificates (GB/T 36904), official-document
numbers (GB/T 9704), verification codes. Pure.
"""

import re
import secrets

from security.identifiers import certificate_check_char

PREFIX = "1.2.156.3005.2"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
LAST_CERTIFICATE = 999_999_999
OPEN, CLOSE, ORDINAL = "\u3014", "\u3015", "\u53f7"
# Two to twelve Chinese characters: the organ's short name and the kind of document.
WORD = re.compile(r"^[\u4e00-\u9fff]{2,12}$")
OFFICIAL = re.compile(rf"^[\u4e00-\u9fff]{{2,12}}{OPEN}[0-9]{{4}}{CLOSE}[1-9][0-9]*{ORDINAL}$")


def certificate_number(
    *, type_owner: str, type_code: str, issuer: str, serial: int, version: int = 1
) -> str:
    """1.2.156.3005.2.<owner's code + type>.<issuer's code>.<serial>.<version>.<check character>."""
    if not 1 <= serial <= LAST_CERTIFICATE:
        raise ValueError("a certificate's serial has nine digits")
    kind, number, edition = f"{type_owner}{type_code}", f"{serial:09d}", f"{version:03d}"
    check = certificate_check_char(f"{kind}{issuer}{number}{edition}")
    return f"{PREFIX}.{kind}.{issuer}.{number}.{edition}.{check}"


def is_certificate_number(text: str) -> bool:
    """Whether `text` is an identifier whose check character fits."""
    parts = text.split(".")
    if len(parts) != 10 or ".".join(parts[:5]) != PREFIX:
        return False
    body = "".join(parts[5:9])
    is_plain = body.isascii() and body.isalnum() and body == body.upper()
    return is_plain and certificate_check_char(body) == parts[9]


def official_number(*, word: str, year: int, serial: int) -> str:
    """Word, year in turtle-shell brackets, serial without leading zero."""
    number = f"{word}{OPEN}{year:04d}{CLOSE}{serial}{ORDINAL}"
    if not OFFICIAL.match(number):
        raise ValueError(f"no official-document number: {number}")
    return number


def word_for(pattern: str, region: str) -> str:
    """The word of a number with {region} filled in: the division's name without its last
    character, which only says of which level it is.
    """
    short = region[:-1] if len(region) > 2 else region
    return pattern.replace("{region}", short)


def new_verify_code() -> str:
    """Sixteen characters that cannot be guessed (about 78 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def plain_code(text: str) -> str:
    """A typed verification code without blanks and dashes, in capitals."""
    return "".join(text.split()).replace("-", "").upper()[:40]


def shown_code(code: str) -> str:
    """The code in groups of four."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
