"""A definition prepared for the engine: where each step stands and what comes after it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from .automatic import WORK
from .definition import HUMAN, Process


@dataclass(frozen=True)
class Place:
    """Where a step stands. `block` is the enclosing step's key ("" on top), `branch` its branch,
    `scopes` the parallel branches around it from the outside in, `order` its turn in reading
    order."""

    step: object
    block: str
    branch: int
    index: int
    order: int
    scopes: tuple[tuple[str, int], ...]

    @property
    def key(self) -> str:
        return self.step.key


@dataclass(frozen=True)
class Plan:
    process: Process
    facts: frozenset[str] = frozenset()
    places: dict[str, Place] = field(default_factory=dict)

    @classmethod
    def of(cls, process: Process, facts: frozenset[str] = frozenset()) -> Plan:
        """The plan of a validated process; keys must be unique (see checks.py). `facts` are the
        answers that it and its sub-processes ask for."""
        plan = cls(process, facts)
        plan._place(process.steps, "", 0, ())
        return plan

    def _place(self, steps, block: str, branch: int, scopes: tuple) -> None:
        for index, step in enumerate(steps):
            if step.key in self.places:
                raise ValueError(f"the key {step.key} is used twice")
            self.places[step.key] = Place(step, block, branch, index, len(self.places), scopes)
            for number, part in enumerate(getattr(step, "branches", ())):
                inner = (*scopes, (step.key, number)) if step.kind == "parallel" else scopes
                self._place(part.steps, step.key, number, inner)

    def sequence(self, block: str, branch: int) -> tuple:
        """The steps of a branch of a block, or the top-level steps."""
        return self.places[block].step.branches[branch].steps if block else self.process.steps

    def step(self, key: str):
        return self.places[key].step

    @cached_property
    def people_steps(self) -> tuple[str, ...]:
        """Keys of the steps that wait for a person, in reading order."""
        return tuple(key for key, place in self.places.items() if place.step.kind in HUMAN)

    @cached_property
    def waits_for_machines(self) -> bool:
        """Whether any step has rows of its own besides tasks."""
        return any(place.step.kind in WORK for place in self.places.values())
