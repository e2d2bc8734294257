"""The real relay, worker, web server and Redis as processes of their own, to be watched and
killed.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

from platform_core.onebox.redis import Redis

ROOT = Path(settings.BASE_DIR)
COMMANDS = {
    "relay": [sys.executable, "manage.py", "relay"],
    "worker": [
        sys.executable, "-m", "celery", "-A", "platform_core", "worker",
        "--concurrency", "2", "--loglevel", "warning", "--without-gossip", "--without-mingle",
    ],
}  # fmt: skip


def database_url() -> str:
    """The address of this test process's own database."""
    found = connection.settings_dict
    user = quote(found["USER"] or "", safe="")
    password = f":{quote(found['PASSWORD'], safe='')}" if found["PASSWORD"] else ""
    host = {"host": found["HOST"]} | ({"port": found["PORT"]} if found["PORT"] else {})
    return f"postgresql://{user}{password}@/{found['NAME']}?{urlencode(host)}"


class Tree:
    """Relay and worker on the test's database and a queue of their own; `kill` is kill -9."""

    def __init__(self, var: Path, queue: str):
        self.var = var
        self.commands = dict(COMMANDS)
        self.redis: Redis | None = None
        self.kills: list[str] = []
        self.running: dict[str, subprocess.Popen] = {}
        self.environment = os.environ | {
            "DATABASE_URL": database_url(),
            "REDIS_URL": settings.REDIS_URL,
            "DJANGO_SETTINGS_MODULE": "platform_core.settings",
            "CELERY_QUEUE": queue,
            "OUTBOX_LEASE_SECONDS": "3",
            "VAR_DIR": str(var),
            "DEBUG": "1",
            "QUIET_HOURS": "",
            "LOG_LEVEL": "WARNING",
        }
        for name in ("EMAIL_BACKEND", "SMS_GATEWAY", "FILE_SCANNER"):
            self.environment.pop(name, None)

    def start(self, name: str, *kept: int) -> None:
        """Start a process; it gets the open files `kept` of this one."""
        with (self.var / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                self.commands[name],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                pass_fds=kept,
                # A group of its own, so that kill -9 takes the worker's children with it.
                start_new_session=True,
            )

    def start_redis(self) -> None:
        """A Redis of this tree alone, so that it may be killed; before relay and worker start."""
        own = self.redis = Redis(self.var / "redis", durable=True)
        self.commands["redis"] = own.service().command
        self.environment["REDIS_URL"] = own.url
        self.start("redis")
        assert wait_until(own.is_ready, 60), self.log("redis")

    def start_web(self, name: str) -> str:
        """A web server of one process; its address, once it answers."""
        # Handed over open: a port that is free now may be somebody else's in a moment.
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.commands[name] = [
                sys.executable, "-m", "gunicorn", "platform_core.wsgi", "--workers", "1",
                "--bind", f"fd://{door.fileno()}", "--log-level", "warning",
            ]  # fmt: skip
            self.start(name, door.fileno())
            address = f"http://127.0.0.1:{door.getsockname()[1]}"
        assert wait_until(lambda: status_of(f"{address}/healthz") == 200, 90), self.log(name)
        return address

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.kills.append(name)

    def revive(self) -> None:
        """Start what ended by itself again, as the supervisor and Docker do: a worker gives up
        when it loses its broker in the middle of a message.
        """
        for name, process in list(self.running.items()):
            if process.poll() is not None:
                self.start(name)

    def log(self, name: str) -> str:
        file = self.var / f"{name}.log"
        return file.read_text(errors="replace")[-4000:] if file.exists() else ""

    def stop(self) -> None:
        for name in list(self.running):
            self.kill(name)
        if self.redis:
            self.redis.remove()


class Killer(threading.Thread):
    """Kills `names` in turn, each time after some more work was done, and restarts them.

    Progress and not the clock decides, so that on a slow machine too it hits processes at work.
    """

    def __init__(
        self, tree: Tree, *, seed: int, progress, every: tuple[int, int], times: int,
        names: tuple[str, ...] = ("worker", "relay"),
    ):  # fmt: skip
        super().__init__(daemon=True)
        self.names = names
        self.tree, self.progress, self.every, self.times = tree, progress, every, times
        self.random = random.Random(seed)

    def run(self) -> None:
        try:
            at = 0
            for number in range(self.times):
                at += self.random.randint(*self.every)
                if not wait_until(lambda at=at: self.progress() >= at, 90, pause=0.02):
                    return
                name = self.names[number % len(self.names)]
                self.tree.kill(name)
                self.tree.start(name)
        finally:
            connection.close()


def status_of(address: str) -> int:
    """The HTTP status that a new connection gets, 0 when nobody listens."""
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def wait_until(condition, seconds: float, pause: float = 0.1) -> bool:
    """Whether `condition()` came true within `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(pause)
    return bool(condition())
