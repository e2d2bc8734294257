"""Waiting for one another by name, where no row stands for what is waited for. Held until the end
of the transaction."""

from django.db import connection

_ROOM = 7301


def one_at_a_time(name: str) -> None:
    """Wait until no other transaction holds `name`, alone or beside others."""
    _take("pg_advisory_xact_lock", name)


def beside_others(name: str) -> None:
    """Hold `name` together with others who do; whoever wants it alone waits."""
    _take("pg_advisory_xact_lock_shared", name)


def _take(function: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"select {function}(hashtextextended(%s, {_ROOM}))", [name])
