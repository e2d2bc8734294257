"""What the person at the keyboard sees: steps with their seconds, prefixed logs, plain problems."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

COLOURS = (36, 33, 35, 32, 34, 31, 96, 93, 95, 92)
_writing = threading.Lock()


def is_coloured() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def say(text: str) -> None:
    """One line, whole, whichever threads write at the same time."""
    with _writing:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def prefixed(name: str, line: str) -> None:
    """A line of a child process behind its name."""
    mark = f"{name:<9}|"
    if is_coloured():
        mark = f"\x1b[{COLOURS[sum(name.encode()) % len(COLOURS)]}m{mark}\x1b[0m"
    say(f"{mark} {line}")


class Progress:
    """Counts from the start of the command; every step tells when it began and what it took."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def tell(self, text: str) -> None:
        say(f"gov: {time.monotonic() - self.began:5.1f} s  {text}")

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """A step that may last; it is named before it starts, and again when it was slow."""
        self.tell(text)
        began = time.monotonic()
        yield
        spent = time.monotonic() - began
        if spent >= 2:
            self.tell(f"{text}: done in {spent:.1f} s")
