"""Imports whatever this platform registers: policies, sections, listeners, menus, samples."""

from . import benchmarks  # noqa: F401
from .inbox import policies, work  # noqa: F401
from .reports import registrations as reports  # noqa: F401
