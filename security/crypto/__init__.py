"""Sealing of single values (AES-256-GCM) and keyed indexes for equality search.

See `box` and `fields`.
"""

from .box import Unreadable, blind_index, key_id_of, seal, unseal

__all__ = ["Unreadable", "blind_index", "key_id_of", "seal", "unseal"]
