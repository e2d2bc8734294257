"""Places in slots: each is taken by one conditional statement, so no two people get the same."""

from datetime import datetime

from django.db import connection

# Makes or locks the row of the slot and counts on while there is room; no row comes back when full.
TAKE = """
    insert into service_hub_slot (line_id, starts_at, taken) values (%s, %s, 1)
    on conflict (line_id, starts_at) do update set taken = service_hub_slot.taken + 1
    where service_hub_slot.taken < %s
    returning taken
"""
FREE = """
    update service_hub_slot set taken = taken - 1
    where line_id = %s and starts_at = %s and taken > 0
"""


def plan_lock(hall_id: int) -> str:
    """The name under which a hall's days are changed alone, and places taken beside one another:
    nobody books into a day that is just being closed.
    """
    return f"booking.plan:{hall_id}"


def take_place(line, starts_at: datetime) -> bool:
    """Take a place in a slot of `line`; False when it is full."""
    if line.capacity < 1:
        return False
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [line.pk, starts_at, line.capacity])
        return cursor.fetchone() is not None


def free_place(line, starts_at: datetime) -> None:
    """Give a place back."""
    with connection.cursor() as cursor:
        cursor.execute(FREE, [line.pk, starts_at])


def move_place(line, old: datetime, new: datetime) -> bool:
    """Take a place in `new` for one in `old`; False when it is full and nothing was changed.

    The earlier slot is locked first whichever way one moves, so that two people who change places
    do not wait for one another.
    """
    if old == new:
        return True
    if new < old:
        if not take_place(line, new):
            return False
        free_place(line, old)
        return True
    _lock(line, old)
    if not take_place(line, new):
        return False
    free_place(line, old)
    return True


def _lock(line, starts_at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from service_hub_slot where line_id = %s and starts_at = %s for update",
            [line.pk, starts_at],
        )
