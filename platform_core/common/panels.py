"""What other platforms add to the office's pages, without the office knowing them.

A *panel* explains the subject of a task (who applied, what the clock says); a *waiting source* adds
things that wait for an official besides process tasks (such as bad evaluations to follow up).
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import Http404


@dataclass(frozen=True)
class Panel:
    """One box beside a task: `template` is drawn with `context` under the heading `title`."""

    title: object
    template: str
    context: dict = field(default_factory=dict)
    order: int = 100


@dataclass(frozen=True)
class Waiting:
    """Things of one kind that wait for a person: how many, how many are late, and where to go."""

    key: str
    title: object
    count: int
    url: str
    icon: str = "inbox"
    late: int = 0
    order: int = 100


_panels: dict[str, list[Callable]] = defaultdict(list)
_sources: list[Callable] = []


def register_panel(subject_type: str, panels: Callable) -> Callable:
    """Add `panels(user, subject_id, hidden) -> list[Panel]` to the tasks about `subject_type`.

    It is asked for people who hold a task of the subject; it decides itself what they may read, and
    says nothing that an answer in `hidden` would: the step does not show those.
    """
    if panels not in _panels[subject_type]:
        _panels[subject_type].append(panels)
    return panels


def panels_for(user, subject_type: str, subject_id: str, hidden=frozenset()) -> list[Panel]:
    """The panels of one subject, in order. A source that hides the subject adds nothing."""
    found = []
    for source in _panels.get(subject_type, ()):
        try:
            found.extend(source(user, subject_id, hidden))
        except Http404:
            continue
    return sorted(found, key=lambda panel: panel.order)


def register_waiting(source: Callable) -> Callable:
    """Add `source(user) -> Waiting | None` to the office's home page."""
    if source not in _sources:
        _sources.append(source)
    return source


def waiting_for(user) -> list[Waiting]:
    """What waits for `user` besides process tasks; kinds with nothing to do are left out."""
    found = [waiting for source in _sources if (waiting := source(user)) and waiting.count]
    return sorted(found, key=lambda waiting: (waiting.order, waiting.key))
