"""Seal and open single values.

A token reads `g1.A256GCM.<key id>.<base64url of nonce and ciphertext>`. Algorithm and key id are
in the header so that both can be changed while old tokens stay readable (crypto agility), and the
header together with the context is the associated data: a token that is moved to another row,
column or purpose, or whose header is edited, does not open.
"""

import base64
import binascii
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from security.identifiers import normalise

from . import keys

VERSION, ALGORITHM = "g1", "A256GCM"
NONCE_BYTES = 12


class Unreadable(ValueError):
    """The token is not from here, was moved or changed, or its key is gone.

    Never says what was inside.
    """


def seal(value: str, context: str) -> str:
    """Encrypt `value` for `context`, a name of the one place it may be read from.

    Examples of a context: "security_firm.credit_code:6f1…", "record:812/applicant.citizen_number".
    The empty string stays empty.
    """
    if value == "":
        return ""
    master = keys.sealing_masters()[0]
    header = f"{VERSION}.{ALGORITHM}.{keys.key_id(master)}"
    nonce = secrets.token_bytes(NONCE_BYTES)
    box = AESGCM(keys.sealing_key(master, context))
    sealed = box.encrypt(nonce, value.encode(), _bound(header, context))
    return f"{header}.{base64.urlsafe_b64encode(nonce + sealed).decode().rstrip('=')}"


def unseal(token: str, context: str) -> str:
    """The value sealed in `token`; raises Unreadable unless it was sealed for this very context."""
    if token == "":
        return ""
    header, _dot, body = token.rpartition(".")
    master = _master_of(header)
    try:
        raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        box = AESGCM(keys.sealing_key(master, context))
        opened = box.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(header, context))
    except (InvalidTag, binascii.Error, ValueError):
        raise Unreadable("sealed value does not belong here or was changed") from None
    return opened.decode()


def is_sealed(text: str) -> bool:
    """Whether `text` looks like a token of `seal`."""
    return isinstance(text, str) and text.startswith(f"{VERSION}.{ALGORITHM}.")


def key_id_of(token: str) -> str:
    """The id of the key that sealed `token`, for the job that moves tokens to a new key."""
    parts = token.split(".")
    return parts[2] if len(parts) == 4 else ""


def blind_index(value: str, context: str) -> str:
    """HMAC-SHA-256 of the normalised value as 64 hex digits: equality search without the plaintext.

    `context` is the kind of number ("citizen_number", "mobile", "credit_code"), so equal numbers of
    different kinds have different indexes. Without BLIND_KEY nobody can try numbers out.
    """
    text = normalise(value)
    return hmac.new(keys.index_key(context), text.encode(), hashlib.sha256).hexdigest()


def _bound(header: str, context: str) -> bytes:
    return f"{header}\0{context}".encode()


def _master_of(header: str) -> str:
    parts = header.split(".")
    if len(parts) != 3 or parts[:2] != [VERSION, ALGORITHM]:
        raise Unreadable("not a sealed value")
    master = keys.master_named(parts[2])
    if master is None:
        raise Unreadable(f"key {parts[2][:8]} is not in the ring")
    return master
