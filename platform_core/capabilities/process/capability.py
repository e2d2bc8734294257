"""The manifest section "processes": a list of processes, checked against roles, forms and rules."""

from __future__ import annotations

from platform_core.napps.manifest import Section, entries, register_section

from .checks import check_processes
from .definition import Process

register_section(Section("processes", entries(Process), check=check_processes))
