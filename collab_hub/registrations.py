"""Imports whatever this platform registers: policies, sections, listeners, menus, samples."""

from . import benchmarks  # noqa: F401
from .inbox import policies, work  # noqa: F401
from .papers import registrations as papers  # noqa: F401
