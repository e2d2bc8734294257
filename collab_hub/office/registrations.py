"""Imports whatever the office registers: its menu."""

from . import menu  # noqa: F401
