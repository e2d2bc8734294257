"""Follow-up codes: what somebody who did not sign in needs, beside the number, to see a case
again.
"""

import hmac
import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10


def new_follow_code() -> str:
    """Ten characters that are hard to confuse: about 49 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown_code(code: str) -> str:
    """The code as people read it: K7QM2-XW9P4."""
    return f"{code[:5]}-{code[5:]}" if code else ""


def plain_code(typed: str) -> str:
    """A typed code without blanks and dashes, in capitals."""
    return re.sub(r"[\s-]", "", typed).upper()


def same_code(typed: str, kept: str) -> bool:
    """Whether a typed code is the kept one; blanks, dashes and case do not matter."""
    return bool(kept) and hmac.compare_digest(plain_code(typed).encode(), kept.encode())
