"""The key ring: master keys from the settings, and the keys derived from them with HKDF-SHA-256.

`FIELD_KEY` seals. `FIELD_KEYS_RETIRED` (comma-separated) still opens what was sealed before a
change of key. `BLIND_KEY` makes the indexes; changing it means recomputing them.
"""

import hashlib
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from django.conf import settings

SALT = b"govplatform field sealing 1"


@lru_cache(maxsize=16)
def _root(master: str, purpose: bytes) -> bytes:
    """A 256-bit root key for one purpose, from a master secret of any length."""
    return HKDF(hashes.SHA256(), 32, SALT, purpose).derive(master.encode())


@lru_cache(maxsize=16)
def key_id(master: str) -> str:
    """A short name for a key that says nothing about it."""
    return hashlib.sha256(_root(master, b"key id")).hexdigest()[:8]


def sealing_masters() -> list[str]:
    """Master keys that may open, the one that seals first."""
    return [settings.FIELD_KEY, *getattr(settings, "FIELD_KEYS_RETIRED", [])]


def master_named(identifier: str) -> str | None:
    """The master key with this key id, None when it is not in the ring."""
    return next((key for key in sealing_masters() if key_id(key) == identifier), None)


def sealing_key(master: str, context: str) -> bytes:
    """The key for one context (a table, column and row): no two rows share one, so nonces cannot
    meet.
    """
    root = _root(master, b"AES-256-GCM")
    return HKDFExpand(hashes.SHA256(), 32, b"seal\0" + context.encode()).derive(root)


def index_key(context: str) -> bytes:
    """The HMAC key of one kind of number."""
    return _index_key(settings.BLIND_KEY, context)


@lru_cache(maxsize=64)
def _index_key(master: str, context: str) -> bytes:
    return HKDFExpand(hashes.SHA256(), 32, b"index\0" + context.encode()).derive(
        _root(master, b"HMAC-SHA-256")
    )
