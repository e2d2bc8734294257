"""Waiting for one another at a roster."""

from platform_core.common.locks import one_at_a_time


def hold(roster_id) -> None:
    """Whoever changes who is on duty waits for whoever is doing so, until the transaction ends."""
    one_at_a_time(f"roster:{roster_id}")
