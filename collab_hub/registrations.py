"""Imports whatever this platform registers: policies, sections, listeners, menus, samples."""

from . import benchmarks  # noqa: F401
from .inbox import policies, work  # noqa: F401
from .supervision import registrations as supervision  # noqa: F401
from .trace import registrations as trace  # noqa: F401
