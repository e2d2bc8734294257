"""What the log of an incident says about how it went: the facts of the after-action report. Pure.

Only the log counts. Its order is its numbering, whatever the clock of the server did meanwhile, and
no span is negative.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.dateparse import parse_datetime

NOTHING = timedelta(0)


@dataclass
class Answer:
    """Somebody who was told, and how long they took to confirm (None: never)."""

    person: str
    told_at: datetime
    took: timedelta | None = None
    climbed: int = 0


@dataclass
class Deed:
    """A task as the log tells it. `late` is how much after its time it was done, or the incident
    ended without it.
    """

    key: str
    title: dict
    organ: dict
    given_at: datetime
    due_at: datetime
    first_move: timedelta | None = None
    done_at: datetime | None = None
    dropped: bool = False
    late: timedelta = NOTHING

    @property
    def is_open(self) -> bool:
        return self.done_at is None and not self.dropped


@dataclass
class Facts:
    """The facts of an incident. `first_response` is from the activation to the first confirmation
    or move of a task; `out` is {resource: {organ: amount}} of what did not come back.
    """

    activated_at: datetime | None = None
    ended_at: datetime | None = None
    first_response: timedelta | None = None
    answers: list[Answer] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    reports: list[dict] = field(default_factory=list)
    messages: int = 0
    unconfirmed: int = 0
    additions: int = 0
    changes_of_holder: int = 0
    out: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def late(self) -> list[Deed]:
        return [one for one in self.deeds if one.late > NOTHING]

    @property
    def open(self) -> list[Deed]:
        return [one for one in self.deeds if one.is_open]

    @property
    def lasted(self) -> timedelta | None:
        return _span(self.activated_at, self.ended_at)


def _span(start: datetime | None, end: datetime | None) -> timedelta | None:
    if start is None or end is None:
        return None
    return max(end - start, NOTHING)


def facts_of(lines: Iterable, now: datetime) -> Facts:
    """The facts of the log `lines` (in order; each has kind, at and facts). `now` stands for the
    end while the incident runs.
    """
    reader = _Reader()
    for line in lines:
        read = getattr(reader, f"read_{line.kind}", None)
        if read is not None:
            read(line.at, line.facts)
    return reader.finished(now)


class _Reader:
    """Goes through the log line by line."""

    def __init__(self):
        self.found = Facts()
        self.asked: dict[int, list[Answer]] = {}
        self.deeds: dict[str, Deed] = {}
        self.waiting: set[int] = set()

    def read_activate(self, at, facts):
        self.found.activated_at = at

    def read_end(self, at, facts):
        self.found.ended_at = at

    def read_call(self, at, facts):
        answer = Answer(facts.get("name", ""), at)
        self.asked.setdefault(facts["person"], []).append(answer)
        self.found.answers.append(answer)

    def read_climb(self, at, facts):
        if facts.get("to") and facts.get("person") in self.asked:
            self.asked[facts["person"]][-1].climbed += 1

    def read_confirm(self, at, facts):
        # One answer is for every role of theirs.
        for answer in self.asked.get(facts["person"], ()):
            if answer.took is None:
                answer.took = _span(answer.told_at, at)
        self._responded(at)

    def read_holder(self, at, facts):
        self.found.changes_of_holder += 1

    def read_task(self, at, facts):
        self.deeds[facts["task"]] = Deed(
            facts["task"], facts["title"], facts["organ"], at, parse_datetime(facts["due_at"])
        )

    def read_move(self, at, facts):
        deed = self.deeds.get(facts["task"])
        if deed is None:
            return
        if deed.first_move is None:
            deed.first_move = _span(deed.given_at, at)
        deed.done_at = at if facts["to"] == "done" else None
        deed.dropped = facts["to"] == "dropped"
        self._responded(at)

    def read_report(self, at, facts):
        self.found.reports.append({"at": at, **facts})

    def read_message(self, at, facts):
        self.found.messages += 1
        if facts.get("needs_confirming"):
            self.found.unconfirmed += 1

    def read_message_confirmed(self, at, facts):
        self.found.unconfirmed -= 1

    def read_part(self, at, facts):
        self.found.additions += 1

    def read_piece(self, at, facts):
        self.found.additions += 1

    def read_process(self, at, facts):
        self.found.additions += 1

    def read_lend(self, at, facts):
        self._carried(facts, facts["amount"])

    def read_give_back(self, at, facts):
        self._carried(facts, -facts["amount"])

    def read_use_up(self, at, facts):
        self._carried(facts, -facts["amount"])

    def _carried(self, facts, amount: int):
        held = self.found.out.setdefault(facts["resource"], {})
        held[facts["organ"]] = held.get(facts["organ"], 0) + amount

    def _responded(self, at):
        if self.found.first_response is None:
            self.found.first_response = _span(self.found.activated_at, at)

    def finished(self, now: datetime) -> Facts:
        self.found.deeds = list(self.deeds.values())
        end = self.found.ended_at or now
        for deed in self.found.deeds:
            if not deed.dropped:
                deed.late = max((deed.done_at or end) - deed.due_at, NOTHING)
        self.found.out = {
            name: held
            for name, organs in self.found.out.items()
            if (held := {organ: n for organ, n in organs.items() if n})
        }
        return self.found
