"""Which rows a figure counts, as it stands in the address of its list. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from platform_core.common.numbers import whole

from .periods import ONE_DAY, Days, Period

OPEN, RECEIVED, FINISHED, DROPPED = "open", "received", "finished", "dropped"
WHATS = (OPEN, RECEIVED, FINISHED, DROPPED)
LIGHTS = ("red", "yellow", "green", "none")
# Finished before the deadline, after it, without one, or with one at all.
DUES = ("kept", "missed", "without", "with")
LONGEST_STEP = 130


@dataclass(frozen=True)
class Slice:
    """The rows of one figure. `what` is what waits now, or what came in, was finished or was no
    longer needed in `days`.

    `kind` is "task.approve" or "work.paper_sign"; `service` "item.3" (a service item), "napp.7" (an
    N-app, without its service items) or "kind.paper_sign" (what has no N-app); `person` an id, 0
    for what nobody has; `step` (id of the version, process, node). Empty values do not narrow.
    """

    what: str = OPEN
    days: Days | None = None
    light: str = ""
    due: str = ""
    kind: str = ""
    service: str = ""
    person: int | None = None
    step: tuple[int, str, str] | None = None

    @classmethod
    def read(cls, values, today: date) -> Slice:
        """From a QueryDict or dict; what is not offered counts as not given, days default to the
        running month.
        """
        what = values.get("what", OPEN)
        what = what if what in WHATS else OPEN
        found = cls(
            what=what,
            kind=_dotted(values.get("kind", ""), ("task", "work")),
            service=_dotted(values.get("service", ""), ("item", "napp", "kind")),
            step=_step(values.get("step", "")),
        )
        if what == OPEN:
            light, person = values.get("light", ""), values.get("person", "")
            light = light if light in LIGHTS else ""
            return replace(found, light=light, person=whole(person) if person else None)
        due = values.get("due", "") if what == FINISHED else ""
        return replace(found, days=days_of(values, today), due=due if due in DUES else "")

    def address(self) -> str:
        """The query string that `read` understands."""
        parts = {"what": self.what}
        if self.days:
            parts |= {"from": self.days.first.isoformat(), "to": self.days.last.isoformat()}
        texts = {"light": self.light, "due": self.due, "kind": self.kind, "service": self.service}
        parts |= {name: text for name, text in texts.items() if text}
        if self.person is not None:
            parts["person"] = str(self.person)
        if self.step:
            parts["step"] = ".".join(map(str, self.step))
        return urlencode(parts)


def _dotted(text, firsts: tuple[str, ...]) -> str:
    first, _dot, rest = str(text).partition(".")
    is_known = first in firsts and 0 < len(rest) <= 60 and rest.replace("-", "_").isidentifier()
    if first in ("item", "napp"):
        is_known = whole(rest) is not None
    return f"{first}.{rest}" if is_known else ""


def _step(text) -> tuple[int, str, str] | None:
    parts = str(text)[:LONGEST_STEP].split(".", 2)
    if len(parts) != 3 or "\x00" in text:
        return None
    version = whole(parts[0])
    return (version, parts[1], parts[2]) if version is not None else None


def days_of(values, today: date) -> Days:
    """The days `from` … `to` of an address, both inside; the running month for what is no days."""
    first, last = _day(values.get("from", "")), _day(values.get("to", ""))
    if first is None or last is None or last < first:
        return Period.of("month", today).days
    return Days(first, last + ONE_DAY)


def _day(text) -> date | None:
    try:
        found = date.fromisoformat(str(text))
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None
