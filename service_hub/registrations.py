"""Imports whatever this platform registers: policies, manifest sections, listeners, menus, samples."""
