"""The supervisor, in a process of its own: what it restarts, when it gives up, what it leaves."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from platform_core.onebox.paths import ROOT, Problem
from platform_core.onebox.supervisor import Service, Supervisor

# Alice writes her pid and waits; Bob has a child of his own; Carol ends at once, always.
LAUNCHER = """
import sys
from pathlib import Path
from platform_core.onebox.paths import Problem
from platform_core.onebox.supervisor import Service, Supervisor

folder = Path(sys.argv[1])
SLEEP = "echo $$ >> {}/$0; exec sleep 60"
CALLS = {
    "alice": ["/bin/sh", "-c", SLEEP.format(folder), "alice"],
    "bob": ["/bin/sh", "-c", "sleep 61 & echo $! >> {0}/bobs-child; echo $$ >> {0}/bob; wait"
            .format(folder), "bob"],
    "carol": ["/bin/sh", "-c", "echo $$ >> {}/carol; echo out of paper; exit 3".format(folder)],
    "stubborn": ["/bin/sh", "-c", "trap '' TERM; echo $$ >> {}/stubborn; sleep 60 & wait; wait"
                 .format(folder)],
}
supervisor = Supervisor(folder / "log", back_off=(0.1, 0.2))
supervisor.listen_to_signals()
try:
    for name in sys.argv[2:]:
        ready = (folder / name).exists if name != "carol" else None
        supervisor.start(Service(name, CALLS[name], is_ready=ready, stop_within=0.5))
    print("all started", flush=True)
    supervisor.watch()
except Problem as problem:
    print(problem, flush=True)
    sys.exit(4)
except KeyboardInterrupt:
    pass
finally:
    supervisor.stop()
    print("all stopped", flush=True)
"""


class Launcher:
    def __init__(self, folder: Path):
        self.folder = folder
        self.process = None

    def start(self, *names: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", LAUNCHER, str(self.folder), *names],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def read_until(self, words: str) -> str:
        """What the launcher printed up to the line with `words`."""
        read = []
        for line in self.process.stdout:
            read.append(line)
            if words in line:
                break
        return "".join(read)

    def pids(self, name: str) -> list[int]:
        path = self.folder / name
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def end(self) -> int:
        code = self.process.wait(20)
        self.process.stdout.close()
        return code


@pytest.fixture
def launcher(tmp_path):
    made = Launcher(tmp_path)
    yield made
    if made.process and made.process.poll() is None:
        made.process.kill()
        made.process.wait()


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_for(condition, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def test_a_crashed_child_is_started_again(launcher):
    launcher.start("alice", "bob")
    launcher.read_until("all started")
    os.kill(launcher.pids("alice")[0], signal.SIGKILL)
    assert "ended with signal 9; starting again" in launcher.read_until("starting again")
    wait_for(lambda: len(launcher.pids("alice")) == 2)
    assert is_alive(launcher.pids("alice")[1])
    assert len(launcher.pids("bob")) == 1


def test_the_children_of_a_crashed_child_go_with_it(launcher):
    launcher.start("bob")
    launcher.read_until("all started")
    os.kill(launcher.pids("bob")[0], signal.SIGKILL)
    wait_for(lambda: not is_alive(launcher.pids("bobs-child")[0]))


def test_a_child_that_keeps_dying_ends_everything_with_its_last_words(launcher):
    launcher.start("alice", "carol")
    said = launcher.read_until("all stopped")
    assert launcher.end() == 4
    assert "carol ended 5 times within a minute; giving up" in said
    assert "out of paper" in said
    assert len(launcher.pids("carol")) == 5
    assert not is_alive(launcher.pids("alice")[0])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_in_order(launcher, number):
    launcher.start("alice", "bob")
    launcher.read_until("all started")
    launcher.process.send_signal(number)
    assert "all stopped" in launcher.read_until("all stopped")
    assert launcher.end() == 0
    everybody = [pid for name in ("alice", "bob", "bobs-child") for pid in launcher.pids(name)]
    assert len(everybody) == 3
    assert not any(is_alive(pid) for pid in everybody)


def test_ctrl_c_reaches_the_group_and_only_the_supervisor_acts_on_it(launcher):
    launcher.start("alice", "bob")
    launcher.read_until("all started")
    os.killpg(launcher.process.pid, signal.SIGINT)
    said = launcher.read_until("all stopped")
    assert launcher.end() == 0
    assert "starting again" not in said
    assert not is_alive(launcher.pids("alice")[0])


def test_a_child_that_ignores_the_request_is_killed_when_its_time_is_over(launcher):
    launcher.start("stubborn")
    launcher.read_until("all started")
    began = time.monotonic()
    launcher.process.terminate()
    assert launcher.end() == 0
    assert time.monotonic() - began < 5
    assert not is_alive(launcher.pids("stubborn")[0])


def test_a_killed_supervisor_takes_its_children_along(launcher):
    launcher.start("alice", "bob")
    launcher.read_until("all started")
    launcher.process.kill()
    launcher.end()
    for name in ("alice", "bob"):
        wait_for(lambda name=name: not is_alive(launcher.pids(name)[0]), 3)


def test_a_child_that_never_gets_ready_is_told_with_what_it_said(tmp_path):
    supervisor = Supervisor(tmp_path / "log")
    broken = Service(
        "broken", ["/bin/sh", "-c", "echo no such table; exit 1"], is_ready=lambda: False
    )
    with pytest.raises(Problem, match="broken did not start:\n  no such table"):
        supervisor.start(broken)
    supervisor.stop()
    assert "no such table" in (tmp_path / "log" / "broken.log").read_text()
