"""How a matter is supervised (督查督办): the acts, their states, whose they are, and the clocks.

    proposed → issued → doing → reported → closed → archived
       ↓ dropped   ↩ not ours   ↺ once more      ↘ objected ↗

Pure: no database and no clock of its own. Regulation on Government Supervision (State Council order
733, in force since 2021-02-01): who was inspected is told the verdict, may object within 30 days,
and has the answer within 30 days from somebody who took no part in the verdict.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

PROPOSED, DROPPED, ISSUED, DOING = "proposed", "dropped", "issued", "doing"
REPORTED, CLOSED, OBJECTED, ARCHIVED = "reported", "closed", "objected", "archived"
STATES = (PROPOSED, DROPPED, ISSUED, DOING, REPORTED, CLOSED, OBJECTED, ARCHIVED)
FINAL = (DROPPED, ARCHIVED)
# While these last, the day that was set runs.
RUNNING = (ISSUED, DOING)

# Whose an act is.
OWNER, SECOND, REVIEWER = "owner", "second", "reviewer"
LEAD, ASSISTING, HANDLER, CLOCK = "lead", "assisting", "handler", "clock"

OBJECT_DAYS = 30
REVIEW_DAYS = 30
YELLOW_SHARE = 0.2
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Act:
    """From which states to which (None: the state stays), and whose it is."""

    sources: tuple[str, ...]
    target: str | None
    whose: str


ACTS = {
    "open": Act((PROPOSED,), ISSUED, SECOND),
    "drop": Act((PROPOSED,), DROPPED, OWNER),
    "sign": Act((ISSUED,), DOING, LEAD),
    "not_ours": Act((ISSUED,), PROPOSED, LEAD),
    "join": Act((ISSUED, DOING), None, ASSISTING),
    "progress": Act((DOING,), None, HANDLER),
    "urge": Act((ISSUED, DOING), None, OWNER),
    "ask_extension": Act((DOING,), None, LEAD),
    "grant": Act((DOING,), None, OWNER),
    "refuse": Act((DOING,), None, OWNER),
    "report": Act((DOING,), REPORTED, LEAD),
    "redo": Act((REPORTED,), DOING, OWNER),
    "accept": Act((REPORTED,), CLOSED, OWNER),
    "conclude": Act((ISSUED, DOING), CLOSED, OWNER),
    "content": Act((CLOSED,), None, LEAD),
    "object": Act((CLOSED,), OBJECTED, LEAD),
    "uphold": Act((OBJECTED,), CLOSED, REVIEWER),
    "amend": Act((OBJECTED,), CLOSED, REVIEWER),
    "archive": Act((CLOSED,), ARCHIVED, OWNER),
    "lapse": Act((CLOSED,), ARCHIVED, CLOCK),
}


@dataclass(frozen=True)
class Standing:
    """Where an item stands: its state, in which round, and what its clocks and lists say.

    `is_late` is about the day that was set, `may_object` about the 30 days after the verdict,
    `has_objected` and `is_content` about what the inspected organ said to it.
    """

    state: str = PROPOSED
    round: int = 1
    is_late: bool = False
    waits_for_extension: bool = False
    may_object: bool = False
    has_objected: bool = False
    is_content: bool = False


@dataclass(frozen=True)
class Hand:
    """Who wants to act: what they are to this item.

    `was_proposer` and `took_part` (in the verdict) keep people away from a second look.
    """

    is_owner: bool = False
    is_lead: bool = False
    is_assisting: bool = False
    was_proposer: bool = False
    took_part: bool = False
    is_clock: bool = False


def may(hand: Hand, act: str) -> bool:
    """Whether the act is this hand's, whatever the state.

    Nobody judges what they handle themselves: who works for the lead or an assisting organ too has
    no act of the supervising organ.
    """
    whose = ACTS[act].whose
    if whose == CLOCK:
        return hand.is_clock
    if whose in (OWNER, SECOND, REVIEWER):
        if not hand.is_owner or hand.is_lead or hand.is_assisting:
            return False
        return not ((whose == SECOND and hand.was_proposer)
                    or (whose == REVIEWER and hand.took_part))  # fmt: skip
    if whose == HANDLER:
        return hand.is_lead or hand.is_assisting
    return hand.is_lead if whose == LEAD else hand.is_assisting


def is_possible(standing: Standing, act: str) -> bool:
    """Whether the act can be done in this standing, whoever does it."""
    if standing.state not in ACTS[act].sources:
        return False
    settled = standing.is_content or standing.has_objected
    return {
        "conclude": standing.is_late and not standing.waits_for_extension,
        "ask_extension": not standing.is_late and not standing.waits_for_extension,
        "grant": standing.waits_for_extension,
        "refuse": standing.waits_for_extension,
        "content": not settled and standing.may_object,
        "object": not settled and standing.may_object,
        "archive": settled or not standing.may_object,
        "lapse": settled or not standing.may_object,
    }.get(act, True)


def after(standing: Standing, act: str) -> Standing:
    """The standing after the act, clocks aside. ValueError when it is not possible."""
    if not is_possible(standing, act):
        raise ValueError(f"{act} in {standing}")
    waits = standing.waits_for_extension
    return replace(
        standing,
        state=ACTS[act].target or standing.state,
        round=standing.round + (act == "redo"),
        waits_for_extension=act == "ask_extension"
        or (waits and act not in {"grant", "refuse", "report", "conclude"}),
        has_objected=standing.has_objected or act == "object",
        is_content=standing.is_content or act == "content",
    )


def acts_of(standing: Standing, hand: Hand) -> list[str]:
    """What this hand can do now."""
    return [act for act in ACTS if is_possible(standing, act) and may(hand, act)]


# -- the clocks ------------------------------------------------------------------------------------


def warn_at(start_at: datetime, due_at: datetime) -> datetime:
    """When the light turns yellow: a fifth of the time is left."""
    return due_at - (due_at - start_at) * YELLOW_SHARE


def is_late(due_at: datetime | None, now: datetime) -> bool:
    """Whether the day that was set is over; at its last moment it is not."""
    return due_at is not None and now > due_at


def last_day_to_object(told_on: date) -> date:
    """The last of the 30 days in which the verdict can be objected to."""
    return told_on + timedelta(days=OBJECT_DAYS)


def review_due(objected_on: date) -> date:
    """The last of the 30 days in which an objection is decided."""
    return objected_on + timedelta(days=REVIEW_DAYS)


def end_of(day: date, zone) -> datetime:
    """The last second of a day in `zone`."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=zone)


def end_of_work(day: date, zone) -> datetime:
    """18:00 of a day in `zone`: by then a day's work is done."""
    return datetime.combine(day, time(18), tzinfo=zone)
