"""Imports whatever the office registers: its menu, where pages of N-apps live."""

from . import addresses, menu  # noqa: F401
