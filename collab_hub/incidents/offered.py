"""Processes that can be started beside an incident: those of N-apps that only officials use."""

from __future__ import annotations

from dataclasses import dataclass

from platform_core.capabilities.process.definitions import processes_of
from platform_core.napps.selectors import open_napps

OFFICIALS = ["government"]


@dataclass(frozen=True)
class Offered:
    """A process of an N-app's current version; `title` is {"zh", "en"}."""

    napp: str
    key: str
    title: dict
    version: object


def processes_offered(user) -> list[Offered]:
    """What `user` may start: processes of open N-apps whose only end is the office."""
    found = []
    for napp in open_napps("government", user).filter(ends=OFFICIALS, state="open"):
        for key, process in processes_of(napp.current).items():
            title = process.title.model_dump()
            found.append(Offered(napp.slug, key, title, napp.current))
    return found
