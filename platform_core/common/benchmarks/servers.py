"""gunicorn on loopback for the length of a run."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager

from django.conf import settings

HOST = "127.0.0.1"
# As ./gov run starts its web server: what is measured is what people get.
SHAPE = ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
STARTS_WITHIN = 60


class NotStarted(Exception):
    """A server did not come up in time; the text holds its last words."""


@contextmanager
def serving(application: str, probe: str):
    """gunicorn serving `application` inside the block; gives its port. `probe` must answer 200."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"{HOST}:{port}", *SHAPE]
    command += ["--log-level", "warning", "--no-control-socket"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env={**os.environ, **_secrets(), "DEBUG": "0"},
            stdout=log,
            stderr=log,
        )
        try:
            _wait(process, port, probe, log)
            yield port
        finally:
            _stop(process)


def _stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _secrets() -> dict[str, str]:
    """The keys in use, so that sessions and sealed fields made here can be read over there."""
    names = ("SECRET_KEY", "FIELD_KEY", "BLIND_KEY", "PUSH_KEY")
    return {name: getattr(settings, name) for name in names}


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        return trial.getsockname()[1]


def _wait(process: subprocess.Popen, port: int, probe: str, log) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            log.seek(0)
            last = log.read()[-2000:].decode(errors="replace")
            raise NotStarted(f"gunicorn ended with {process.returncode}: {last}")
        try:
            connection = http.client.HTTPConnection(HOST, port, timeout=5)
            connection.request("GET", probe)
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise NotStarted(f"{probe} did not answer 200 within {STARTS_WITHIN} s")
