"""Benchmarks over HTTP: what is measured is registered by its owner, `manage.py bench` runs it.

A benchmark prepares calls, the run sends them to the real web server, and compares the cost with a
minimal Django REST view and with the same SQL through plain psycopg2. A computation needs no
server: it measures something of its own and says what it found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Call:
    """One request. `expect` are the statuses that count as success; anything else stops the run."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    expect: tuple[int, ...] = (200,)


@dataclass(frozen=True)
class Benchmark:
    """`prepare(count)` makes `count` calls; those that write can be sent only once each."""

    name: str
    title: str
    order: int
    prepare: Callable[[int], list[Call]]
    writes: bool = False


class NothingToMeasure(Exception):
    """The prepared database lacks what a benchmark needs; the text says what."""


_benchmarks: dict[str, Benchmark] = {}


def register_benchmark(name: str, title: str, order: int, *, writes: bool = False) -> Callable:
    """Register the decorated `prepare(count) -> list[Call]`; runs go by `order`."""

    def register(function: Callable[[int], list[Call]]) -> Callable:
        _benchmarks[name] = Benchmark(name, title, order, function, writes)
        return function

    return register


def benchmarks() -> list[Benchmark]:
    """All registered benchmarks, in order."""
    return sorted(_benchmarks.values(), key=lambda one: (one.order, one.name))


@dataclass(frozen=True)
class Computation:
    """`measure(size)` gives what it found out as {what: figure}, in the order to be shown."""

    name: str
    title: str
    order: int
    measure: Callable[[int], dict[str, str]]
    size: int


_computations: dict[str, Computation] = {}


def register_computation(name: str, title: str, order: int, *, size: int) -> Callable:
    """Register the decorated `measure(size)`; `size` is that of a full run."""

    def register(function: Callable[[int], dict[str, str]]) -> Callable:
        _computations[name] = Computation(name, title, order, function, size)
        return function

    return register


def computations() -> list[Computation]:
    """All registered computations, in order."""
    return sorted(_computations.values(), key=lambda one: (one.order, one.name))
