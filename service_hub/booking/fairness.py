"""Who is called next, and how long it takes. Pure.

Appointments are merged with walk-ins: whoever came in time for an appointment is called from its
time on before walk-ins, but after two of them in a row a walk-in has its turn. So nobody waits for
ever, and an appointment costs a walk-in at most two places at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

HOLDERS_IN_A_ROW = 2
EARLY = timedelta(minutes=5)
GRACE = timedelta(minutes=10)
FEWEST_SERVED = 3
HOLDER, WALK_IN = "holder", "walk_in"


def place_of(taken_at: datetime, appointment_at: datetime | None) -> tuple[bool, datetime]:
    """(counts as an appointment, rank) of a new ticket; who comes too late waits like a walk-in."""
    if appointment_at is not None and taken_at <= appointment_at + GRACE:
        return True, appointment_at
    return False, taken_at


def turns(has_due_holder: bool, has_walk_in: bool, recent: Sequence[bool]) -> list[str]:
    """The order in which to look for the next one.

    `recent` says of the tickets called last, newest first, whether they were appointments.
    """
    row = list(recent[:HOLDERS_IN_A_ROW])
    walk_ins_turn = len(row) == HOLDERS_IN_A_ROW and all(row)
    if has_due_holder and not (walk_ins_turn and has_walk_in):
        return [HOLDER, WALK_IN]
    return [WALK_IN, HOLDER]


def minutes_to_wait(ahead: int, served_seconds: Sequence[float], windows: int) -> int | None:
    """The minutes until one is called, from how long the last ones took; None while nobody knows.

    `ahead` is how many wait before, `windows` how many windows work on the queue.
    """
    if len(served_seconds) < FEWEST_SERVED:
        return None
    each = sum(served_seconds) / len(served_seconds)
    return max(round(ahead * each / max(windows, 1) / 60), 1 if ahead else 0)
