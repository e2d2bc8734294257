"""Keeps a few child processes running together: starts in order, restarts, logs, stops in order."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from platform_core.onebox import console
from platform_core.onebox.paths import ROOT, Problem

GUARD = Path(__file__).with_name("guard.py")
LARGEST_LOG = 5 * 1024 * 1024
RESTARTS_A_MINUTE = 5
# Seconds before the first, second … restart within a minute.
BACK_OFF = (0.2, 1, 3, 8)
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Service:
    """One child process: what to start, how to know it is ready, how to end it.

    `level` orders start and stop: 0 holds the data and stops last. `prepare` runs before every
    start, also before a restart. `is_ready` is asked until it says yes; None means at once.
    `death_signal` is what the child gets when the supervisor itself is killed. `shown` picks the
    lines for the screen; the log file gets all of them.
    """

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    level: int = 1
    user: tuple[int, int] | None = None
    folder: Path = ROOT
    prepare: Callable[[], None] | None = None
    is_ready: Callable[[], bool] | None = None
    ready_within: float = 60
    stop_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGTERM
    stop_within: float = 12
    shown: Callable[[str], object] = bool


class Child:
    """A service with the process that runs it now."""

    def __init__(self, service: Service, logs: Path):
        self.service = service
        self.logs = logs
        self.process: subprocess.Popen | None = None
        self.last_lines: deque[str] = deque(maxlen=15)
        self.starts: deque[float] = deque(maxlen=RESTARTS_A_MINUTE)
        self.restart_at: float | None = None
        self.reader: threading.Thread | None = None

    def start(self) -> None:
        """Starts the process. Only from the main thread: it would die with any other."""
        service = self.service
        if service.prepare:
            service.prepare()
        self.restart_at = None
        self.starts.append(time.monotonic())
        uid, gid = service.user or (-1, -1)
        environment = {**os.environ, **service.environment, "GOV_STARTER": str(os.getpid())}
        guard = [sys.executable, "-I", "-S", str(GUARD), str(uid), str(gid)]
        self.process = subprocess.Popen(
            [*guard, str(int(service.death_signal)), *service.command],
            cwd=service.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._read, args=(self.process,), daemon=True)
        self.reader.start()

    def _read(self, process: subprocess.Popen) -> None:
        """Copies every line of the child to its log file and, marked, to the screen."""
        path = self.logs / f"{self.service.name}.log"
        with path.open("ab") as log:
            for raw in process.stdout:
                line = raw.decode("utf-8", "replace").rstrip()
                self.last_lines.append(line)
                stamp = time.strftime("%Y-%m-%dT%H:%M:%S%z")
                log.write(f"{stamp} {line}\n".encode())
                log.flush()
                if self.service.shown(line):
                    console.prefixed(self.service.name, line)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def end(self, number: int) -> None:
        if self.is_running:
            self.process.send_signal(number)

    def end_group(self) -> None:
        """Ends whatever is left of the child's session, its own children included."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                return


class Supervisor:
    """Runs services until it is told to stop or one of them cannot be kept alive."""

    def __init__(self, logs: Path, back_off: tuple[float, ...] = BACK_OFF):
        self.back_off = back_off
        logs.mkdir(parents=True, exist_ok=True)
        for path in logs.glob("*.log"):
            if path.stat().st_size > LARGEST_LOG:
                path.replace(path.with_suffix(".log.1"))
        self.logs = logs
        self.children: list[Child] = []
        self.is_stopping = False
        self.wake = threading.Event()
        self.asked = 0

    def listen_to_signals(self) -> None:
        """Ctrl-C, SIGTERM and a closed terminal stop in order; a second one stops at once."""
        for number in STOPPING:
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, _frame: object) -> None:
        self.asked += 1
        self.is_stopping = True
        self.wake.set()
        if self.asked > 1:
            for child in self.children:
                child.end_group()

    def start(self, *services: Service) -> None:
        """Starts services side by side and returns when all of them are ready."""
        children = []
        for service in services:
            child = Child(service, self.logs)
            self.children.append(child)
            children.append(child)
            child.start()
        for child in children:
            self._wait_until_ready(child)

    def _wait_until_ready(self, child: Child) -> None:
        service = child.service
        until = time.monotonic() + service.ready_within
        while service.is_ready and not service.is_ready():
            self.raise_if_stopping()
            if not child.is_running:
                child.reader.join(1)
                lines = "\n  ".join(child.last_lines) or "(it said nothing)"
                raise Problem(f"{service.name} did not start:\n  {lines}")
            if time.monotonic() > until:
                raise Problem(
                    f"{service.name} was not ready after {service.ready_within:.0f} s; "
                    f"see {self.logs / service.name}.log"
                )
            time.sleep(0.02)

    def raise_if_stopping(self) -> None:
        if self.is_stopping:
            raise KeyboardInterrupt

    def watch(self) -> None:
        """Restarts what dies, until a signal comes; raises Problem when a child keeps dying."""
        while not self.is_stopping:
            for child in self.children:
                self._look_after(child)
            self.wake.wait(0.1)

    def _look_after(self, child: Child) -> None:
        if child.is_running:
            return
        now = time.monotonic()
        name = child.service.name
        if child.restart_at is None:
            code = child.process.returncode
            child.end_group()
            recent = [moment for moment in child.starts if now - moment < 60]
            if len(recent) >= RESTARTS_A_MINUTE:
                lines = "\n  ".join(child.last_lines)
                raise Problem(
                    f"{name} ended {len(recent)} times within a minute; giving up. "
                    f"Its last lines:\n  {lines}"
                )
            delay = self.back_off[min(max(len(recent), 1), len(self.back_off)) - 1]
            ending = f"signal {-code}" if code < 0 else f"code {code}"
            console.prefixed(name, f"ended with {ending}; starting again in {delay:.1f} s")
            child.restart_at = now + delay
        elif now >= child.restart_at:
            child.start()

    def stop(self) -> None:
        """Ends all children, the highest level first; each gets its time, then it is killed."""
        self.is_stopping = True
        for level in sorted({child.service.level for child in self.children}, reverse=True):
            same = [child for child in self.children if child.service.level == level]
            for child in same:
                child.end(child.service.stop_signal)
            for child in same:
                self._wait_until_ended(child)
        self.children.clear()

    def _wait_until_ended(self, child: Child) -> None:
        until = time.monotonic() + child.service.stop_within
        while child.is_running and time.monotonic() < until and self.asked < 2:
            time.sleep(0.02)
        child.end_group()
        if child.process is not None:
            child.process.wait()
            child.reader.join(1)
