"""Imports whatever the office registers: its menu."""
