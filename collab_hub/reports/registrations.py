"""Imports whatever reports register: policies, section, kinds of work, effects, menu, samples."""

from . import capability, listeners, menus, policies, samples, tasks, traced, work  # noqa: F401
