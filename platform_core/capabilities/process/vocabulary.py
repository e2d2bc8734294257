"""What goes into the engine and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Decide = Callable[[object, dict], bool]


class MoveRefused(Exception):
    """The move does not fit the state; `reason` is a short code for tests and logs."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Conclusion:
    """What a decision table answered: outputs by key, and a detail that the engine only passes
    on. Where it is silent, no row fits and people have to look."""

    outputs: dict
    detail: object = None
    is_silent: bool = False


Conclude = Callable[[str, dict], Conclusion]


@dataclass(frozen=True)
class Move:
    """What somebody or something did.

    Of people: pass (approve, submit, agree), reject (in a vote: against), abstain, decline, add
    (a signer; `to` is before or after), correct, answer, return (`to` is the step, `back` again or
    direct), retry, withdraw. Of the machine, with the `ticket` that the waiting step was given:
    done (`to` is rejected where a sub-process was), failed. `seat` is the acting one.
    """

    kind: str
    node: str = ""
    to: str = ""
    seat: int = 1
    back: str = "again"
    ticket: int = 0


@dataclass(frozen=True)
class Change:
    """What follows.

    Of steps: open, close (passed), cancel, park, resume, ask (the applicant, by a step), work
    (`value` is the ticket), read (cc), notify, decided (`detail`); of seats (`value` is the
    number): turn, wait, sign, drop; of the process: stage, end (`value` says which).
    """

    kind: str
    node: str = ""
    value: str = ""
    detail: object = None
