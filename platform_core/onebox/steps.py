"""Programs that run to their end during set-up; all of them can be ended together."""

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from platform_core.onebox.paths import ROOT, Problem

SHOWN_OF_A_FAILURE = 3000
_running: set[subprocess.Popen] = set()


def run_step(
    command: list[str],
    name: str,
    *,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Runs a program and returns what it printed; Problem with the end of that when it fails.

    In a session of its own, so that Ctrl-C reaches only us and ends it without its traceback.
    """
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    _running.add(process)
    try:
        output, _ = process.communicate()
    finally:
        _running.discard(process)
    if process.returncode:
        raise Problem(f"{name} failed:\n{output[-SHOWN_OF_A_FAILURE:].strip()}")
    return output


def end_steps() -> None:
    """Ends every program that still runs, with its children."""
    for process in list(_running):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
