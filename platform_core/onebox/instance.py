"""Locks between commands of one checkout; the kernel lets go of them however a command ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from platform_core.onebox.paths import VAR, Problem


@contextmanager
def holding(name: str, holder: str, *, refused: str | None) -> Iterator[None]:
    """Holds var/NAME.lock and writes `holder` into it. When it is held: Problem with the text
    `refused`, or, without a text, waits for it.
    """
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / f"{name}.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (fcntl.LOCK_NB if refused else 0))
        except BlockingIOError as error:
            raise Problem(refused) from error
        lock.truncate(0)
        lock.write(holder)
        lock.flush()
        yield


def holder_of(name: str) -> str | None:
    """Who holds var/NAME.lock now, in the holder's own word; None when nobody does."""
    try:
        with (VAR / f"{name}.lock").open("r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return lock.read() or "?"
    except FileNotFoundError:
        return None
    return None
