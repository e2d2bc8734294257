"""How rows of the trail reach the table: one by one, or those of one service together."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar

from security.statements import insert

from .models import AuditEntry

_waiting: ContextVar[list[AuditEntry] | None] = ContextVar("audited_together", default=None)


def write(entry: AuditEntry) -> None:
    """Insert the row, now or at the end of the `audited_together` around it."""
    waiting = _waiting.get()
    if waiting is None:
        insert([entry])
    else:
        waiting.append(entry)


@contextmanager
def audited_together():
    """Write what is recorded inside the block with one statement at its end, in the same order.

    For a service that does several audited things at once, inside its transaction. Nothing may be
    caught in the block that undoes a part of it: its rows would be written all the same.
    """
    if _waiting.get() is not None:
        yield
        return
    token = _waiting.set(waiting := [])
    try:
        yield
    finally:
        _waiting.reset(token)
    insert(waiting)
