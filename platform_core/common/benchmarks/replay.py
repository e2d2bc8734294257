"""The same SQL without Django: the statements of real requests, sent again through plain psycopg2.

The requests run in this process inside one transaction that is rolled back; sequences are put back,
so the replay meets the numbers that the statements already carry and can be committed for real.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from http.cookies import SimpleCookie

import psycopg2
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from . import Benchmark, Call
from .load import WrongAnswer

NOT_SENT = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "BEGIN", "COMMIT")


@dataclass(frozen=True)
class Replay:
    """`statements` a request sends (median), and `ms` that they take alone, one connection."""

    statements: int
    ms: float


class _Undo(Exception):
    """Leaves the recording transaction without a commit."""


def replay(benchmark: Benchmark, calls: list[Call], host: str) -> Replay:
    """Record `calls` in process, undo them, and time their SQL through psycopg2."""
    sequences = _sequences()
    recorded: list[list[str]] = []
    try:
        with transaction.atomic():
            client = Client(headers={"host": host})
            recorded = [_statements(client, call) for call in calls]
            raise _Undo
    except _Undo:
        pass
    _put_back(sequences)
    durations = _send(recorded, benchmark.writes)
    counts = sorted(len(statements) for statements in recorded)
    return Replay(counts[len(counts) // 2], sorted(durations)[len(durations) // 2] * 1000)


def _statements(client: Client, call: Call) -> list[str]:
    headers = {k: v for k, v in call.headers.items() if k not in {"Cookie", "Content-Type"}}
    client.cookies = SimpleCookie(call.headers.get("Cookie", ""))
    with CaptureQueriesContext(connection) as caught:
        answer = client.generic(
            call.method,
            call.path,
            call.body,
            content_type=call.headers.get("Content-Type", ""),
            headers=headers,
        )
    if answer.status_code not in call.expect:
        raise WrongAnswer(f"{call.method} {call.path} in process: {answer.status_code}")
    return [q["sql"] for q in caught if not q["sql"].lstrip().upper().startswith(NOT_SENT)]


def _sequences() -> list[tuple[str, int | None]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename), last_value"
            " FROM pg_sequences"
        )
        return cursor.fetchall()


def _put_back(sequences) -> None:
    with connection.cursor() as cursor:
        for name, last in sequences:
            cursor.execute("SELECT setval(%s, %s, %s)", [name, last or 1, last is not None])


def _send(recorded: list[list[str]], writes: bool) -> list[float]:
    """Each request's statements in one transaction when it writes, else one by one."""
    plain = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
    plain.autocommit = not writes
    durations = []
    try:
        with plain.cursor() as cursor:
            cursor.execute("SET TIME ZONE 'UTC'")
            plain.commit()
            for statements in recorded:
                began = time.perf_counter()
                for statement in statements:
                    cursor.execute(statement)
                    if cursor.description:
                        cursor.fetchall()
                if writes:
                    plain.commit()
                durations.append(time.perf_counter() - began)
    finally:
        plain.close()
    return durations
