"""Imports whatever this platform registers: policies, manifest sections, listeners, menus,
samples.
"""

from .access import policies  # noqa: F401
from .accounts import receivers  # noqa: F401
