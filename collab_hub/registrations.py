"""Imports whatever this platform registers: policies, sections, listeners, menus, samples."""
