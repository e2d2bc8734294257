"""The load trial of the booking desk: over HTTP, and everybody at once for the same hour."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from platform_core.common.benchmarks import (
    Call,
    NothingToMeasure,
    register_benchmark,
    register_computation,
)
from platform_core.common.benchmarks.people import form, headers_of
from platform_core.common.errors import Conflict
from security.accounts.services import register_citizen
from security.actors import Actor

from . import hall_services, selectors, services
from .models import Appointment, Hall, Line, Slot

MAKER = Actor.system("benchmark")
TITLE = {"zh": "预约压力测试", "en": "Load trial"}
SLOTS = 12
THREADS = 40
PLACES_OF_TRIES = 4
UNUSED_LETTERS = "ZYXWVUTSRQPONMLKJIHGFED"


def _line(capacity: int) -> Line:
    """A queue of its own in a hall, so that the trial takes nobody's place."""
    hall = Hall.objects.filter(is_active=True).order_by("code").first()
    if hall is None:
        raise NothingToMeasure("there is no hall; make the sample data first")
    used = set(hall.lines.values_list("letter", flat=True))
    letter = next((one for one in UNUSED_LETTERS if one not in used), None)
    if letter is None:
        raise NothingToMeasure("every letter of the hall is used")
    return hall_services.add_line(
        actor=MAKER, hall=hall, letter=letter, title=TITLE, capacity=capacity
    )


@register_benchmark("book_appointment", "Book an appointment", 50, writes=True)
def book_appointment(count: int) -> list[Call]:
    """The press on “Book this time” by `count` people for a dozen slots with half the places: a
    place, or the next free times.
    """
    line = _line(max(count // (2 * SLOTS), 1))
    free = selectors.next_free(line, timezone.now(), SLOTS)
    if not free:
        raise NothingToMeasure("the hall has no open day in sight")
    path = reverse("portal:book", args=[line.hall.code, line.pk], current_app="portal")
    calls = []
    for number, slot in enumerate(islice(cycle(free), count)):
        person = register_citizen(
            actor=MAKER,
            username=f"load{line.pk}-{number}",
            email="",
            password=None,
            name="Wang Xiuying",
        )
        extra, body = form({"slot": slot.starts_at.isoformat()})
        calls.append(Call("POST", path, headers_of(person) | extra, body, (302, 422)))
    return calls


@register_computation("booking_rush", "Everybody books the same hour", 70, size=400)
def rush(size: int) -> dict[str, str]:
    """`size` people, 40 at a time, want the same slot, which has a quarter of the places."""
    places = max(size // PLACES_OF_TRIES, 1)
    line = _line(places)
    slot = next(iter(selectors.next_free(line, timezone.now(), 1)), None)
    if slot is None:
        raise NothingToMeasure("the hall has no open day in sight")
    began = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        shares = pool.map(
            lambda first: _tries(line, slot, range(first, size, THREADS)), range(THREADS)
        )
        spent = sorted(seconds for share in shares for seconds in share)
    took = time.perf_counter() - began
    booked = Appointment.objects.filter(line=line, starts_at=slot.starts_at).count()
    counted = Slot.objects.get(line=line, starts_at=slot.starts_at).taken
    return {
        "tries": f"{size} by {THREADS} at a time for {places} places",
        "booked": f"{booked} (counter {counted})",
        "over-booked": str(max(booked - places, 0)),
        "speed": f"{size / took:.0f} tries/s",
        "p95": f"{spent[int(0.95 * (size - 1))] * 1000:.0f} ms",
    }


def _tries(line: Line, slot, numbers) -> list[float]:
    """One thread's tries, one after the other, on a connection of its own."""
    try:
        return [_try(line, slot, number) for number in numbers]
    finally:
        connection.close()


def _try(line: Line, slot, number: int) -> float:
    """Seconds that one try took, whether it got a place or not."""
    began = time.perf_counter()
    try:
        services.book_appointment(
            actor=Actor.anonymous(), line=line, starts_at=slot.starts_at, name="Wang Xiuying",
            mobile=f"139{line.pk % 1000:03d}{number:05d}",
        )  # fmt: skip
    except Conflict:
        pass
    return time.perf_counter() - began
