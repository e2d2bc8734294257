"""The only place where a case changes its state, and the one way in which it ends."""

from datetime import datetime

from platform_core.common.events import emit
from security.crypto.fields import SealedTextField
from security.statements import update

from . import states
from .history import add_event, tell_applicant, write_events
from .models import Case
from .selectors import result_definition

State = states.State
ELECTRONIC = "electronic"
# What a move may change of a case: neither who and what it is about, nor anything sealed.
MOVED = [
    field.name
    for field in Case._meta.concrete_fields
    if not (field.primary_key or field.is_relation or isinstance(field, SealedTextField))
    and field.name not in {"number", "channel", "submitted_at"}
]


def ways_of(case: Case) -> list[str]:
    """The ways in which the paper of the case may reach its applicant; empty when there is none."""
    result = result_definition(case)
    return list(result.delivery) if result else []


def standing_of(case: Case, event: str) -> states.Standing:
    """What the table judges the case by; only granting asks whether there is a paper."""
    has_paper = event == "grant" and bool({*ways_of(case)} - {ELECTRONIC})
    return states.Standing(State(case.state), case.accepted_at is not None, has_paper)


def may(case: Case, event: str) -> bool:
    """Whether the table has this move for the case as it stands."""
    return states.allows(standing_of(case, event), event)


def require(case: Case, event: str) -> None:
    """Conflict unless the table has this move for the case as it stands."""
    states.after(standing_of(case, event), event)


def move(case: Case, event: str) -> bool:
    """Give the case the state after `event`; whether it is another one. Conflict when the table
    does not have the move. The caller holds the lock and saves.
    """
    before, case.state = case.state, states.after(standing_of(case, event), event)
    return case.state != before


def save(case: Case) -> None:
    """Count a change; the row is written at the end of the move."""
    case.version += 1
    case.is_changed = True


def write(case: Case) -> None:
    """Write what the listeners of a move have changed so far: the row once, and its lines."""
    if case.is_changed:
        update(case, MOVED)
    write_events(case, case.lines_of_move)
    case.is_changed, case.lines_of_move = False, []


def conclude(
    case: Case, event: str, kind: str, *, actor, at: datetime, words: dict, task=None,
    outcome: str = "", occasion: str = "",
) -> None:  # fmt: skip
    """The case is decided or ends by `event`: its state, a line of the `kind` with `words`, what
    follows for others, and the message to the applicant.

    `outcome` ("approved", "rejected") of a decision is told as case.decided. Whoever listens to
    case.closed hears of every case once: at the end, which a paper delays until it is handed over.
    """
    was_closed = case.closed_at is not None
    move(case, event)
    case.light, case.acceptance_due_at = "", None
    if case.is_ended and not was_closed:
        case.closed_at = at
    add_event(case, kind, actor=actor, at=at, params=words, task=task)
    save(case)
    write(case)
    if outcome:
        emit("case.decided", case=case, outcome=outcome, actor=actor, at=at)
    if case.is_ended and not was_closed:
        emit("case.closed", case=case, actor=actor, at=at)
    tell_applicant(case, kind, actor=actor, params=words, occasion=occasion)
