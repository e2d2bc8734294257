"""What a life event stands at, from the cases in it. Pure."""

from dataclasses import dataclass
from datetime import datetime

NEEDS_YOU, RUNNING, DONE, PARTLY, WITHDRAWN, ENDED = (
    "needs_you", "running", "done", "partly", "withdrawn", "ended",
)  # fmt: skip
WORST_FIRST = ("r", "y", "g")


@dataclass(frozen=True)
class Child:
    """One case: is it over, does it wait for the applicant, was it granted or taken back, is it
    decided while its paper is still on its way; by when it is due, and its light ("g", "y", "r", or
    "" while no clock runs).
    """

    is_ended: bool
    needs_me: bool = False
    is_approved: bool = False
    is_withdrawn: bool = False
    due_at: datetime | None = None
    light: str = ""
    is_decided: bool = False


def state_of(children: list[Child]) -> str:
    """The state of the whole: it needs you when any does, and runs while any runs; then it is done
    when everything that was not taken back was granted.
    """
    running = [one for one in children if not one.is_ended]
    if any(one.needs_me for one in running):
        return NEEDS_YOU
    if running:
        return RUNNING
    kept = [one for one in children if not one.is_withdrawn]
    if not kept:
        return WITHDRAWN
    granted = sum(one.is_approved for one in kept)
    if granted == len(kept):
        return DONE
    return PARTLY if granted else ENDED


def due_of(children: list[Child]) -> datetime | None:
    """The latest day among the running cases. While one of them has none yet, the whole has none:
    a day that moves is worse than a missing one.
    """
    running = [one.due_at for one in children if not (one.is_ended or one.is_decided)]
    return max(running) if running and None not in running else None


def light_of(children: list[Child]) -> str:
    """The worst light of the running cases."""
    lit = {one.light for one in children if not one.is_ended}
    return next((one for one in WORST_FIRST if one in lit), "")


def done_count(children: list[Child]) -> int:
    """How many cases are over."""
    return sum(one.is_ended for one in children)
