"""The manifest section "decisions": tables that are checked, proven and tried when registered."""

from __future__ import annotations

from platform_core.napps.manifest import Section, entries, register_section
from platform_core.napps.selectors import version_manifest

from .checks import check_decisions
from .definition import Decision


def decisions_of(napp_version) -> dict[str, Decision]:
    """The tables of a manifest version by key."""
    section = version_manifest(napp_version).section("decisions")
    return {decision.key: decision for decision in section}


register_section(Section("decisions", entries(Decision), check=check_decisions))
