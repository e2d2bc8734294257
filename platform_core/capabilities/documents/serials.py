"""Serials without gaps: the row is locked until the transaction that took the number ends."""

from django.db import connection

# One statement makes or locks the row and counts on; a rolled-back issue gives its number back.
NEXT = """
    insert into platform_core_serial (name, last) values (%s, 1)
    on conflict (name) do update set last = platform_core_serial.last + 1 returning last
"""


def take(name: str) -> int:
    """The next serial under `name`, from 1. Call it inside the transaction that uses it, late: the
    next one to ask waits for its end.
    """
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [name])
        return cursor.fetchone()[0]
