"""Identifiers of electronic certificates (GB/T 36904) and verification codes. Pure."""

import secrets

from security.identifiers import certificate_check_char

PREFIX = "1.2.156.3005.2"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16


def certificate_number(
    *, type_owner: str, type_code: str, issuer: str, serial: int, version: int = 1
) -> str:
    """1.2.156.3005.2.<owner's code + type>.<issuer's code>.<serial>.<version>.<check character>."""
    kind, number, edition = f"{type_owner}{type_code}", f"{serial:09d}", f"{version:03d}"
    check = certificate_check_char(f"{kind}{issuer}{number}{edition}")
    return f"{PREFIX}.{kind}.{issuer}.{number}.{edition}.{check}"


def new_verify_code() -> str:
    """Sixteen characters that cannot be guessed (about 78 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def plain_code(text: str) -> str:
    """A typed verification code without blanks and dashes, in capitals."""
    return "".join(text.split()).replace("-", "").upper()[:40]


def shown_code(code: str) -> str:
    """The code in groups of four."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
