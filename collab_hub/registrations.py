"""Imports whatever this platform registers: policies, sections, listeners, menus, samples."""

from .inbox import policies  # noqa: F401
