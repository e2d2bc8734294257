"""Imports whatever the office registers: its menu, where pages of N-apps live, its web app."""

from . import addresses, menu, webapp  # noqa: F401
