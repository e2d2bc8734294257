"""The entry script and the commands behind it, started as a person starts them."""

import os
import shutil
import socket
import subprocess
import sys
import time
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

import pytest

from platform_core.onebox.paths import ROOT, Problem, private_folder, socket_folder
from platform_core.onebox.serving import check_port_is_free

NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", "__pycache__", "tests")


@pytest.fixture
def gov():
    """The script as a module."""
    spec = spec_from_loader("gov_script", SourceFileLoader("gov_script", str(ROOT / "gov")))
    module = module_from_spec(spec)
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    spec.loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


def call(*arguments, folder=ROOT, **environment):
    kept = {name: os.environ[name] for name in ("HOME", "PATH", "LANG") if name in os.environ}
    return subprocess.run(
        arguments,
        cwd=folder,
        env={**kept, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_without_a_command_it_explains_itself():
    done = call(str(ROOT / "gov"))
    assert done.returncode == 0
    assert "./gov COMMAND" in done.stdout


def test_an_unknown_command_is_refused():
    done = call(str(ROOT / "gov"), "fly")
    assert done.returncode == 2
    assert "unknown command: fly" in done.stderr


def test_an_old_python_is_told_what_is_needed():
    pretend = "import sys, runpy; sys.version_info = (3, 9, 2); runpy.run_path('gov', run_name='x')"
    start = "; globals_ = runpy.run_path('gov'); sys.argv[1:] = ['run']; globals_['main']()"
    done = call(sys.executable, "-c", pretend + start, PATH="/nowhere")
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr


def test_the_lock_is_cut_into_whole_requirements(gov):
    blocks = gov.requirement_blocks("run")
    lock = (ROOT / "requirements-run.txt").read_text("utf-8")
    assert "".join(blocks) == lock
    assert all("==" in block.splitlines()[0] and "--hash=" in block for block in blocks)


def test_it_runs_from_anywhere_in_a_long_path_with_spaces(folder):
    """A copy of the checkout, far down, with a database of its own, called from elsewhere."""
    home = folder / ("a folder with spaces " * 4) / ("and umlauts äöü 政府 " * 3)
    shutil.copytree(ROOT, home, ignore=NOT_COPIED)
    (home / ".venv").symlink_to(ROOT / ".venv")
    question = (
        "from django.db import connection as c; k = c.cursor(); "
        "k.execute('select 6 * 7'); print('answer', k.fetchone()[0])"
    )
    done = call(str(home / "gov"), "manage", "shell", "-v0", "-c", question, folder=folder)
    assert "answer 42" in done.stdout, done.stderr
    assert (home / "var" / "secrets.env").stat().st_mode & 0o077 == 0
    shutil.rmtree((home / "var" / "postgres").resolve(), ignore_errors=True)


def test_a_taken_port_is_named_with_a_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Problem, match=rf"port {port} is taken .* --port {port + 1}"):
            check_port_is_free(port)


def test_a_nonsense_port_is_refused():
    with pytest.raises(Problem, match="no port number"):
        check_port_is_free(70000)


def test_a_folder_of_somebody_else_is_not_trusted(tmp_path):
    trap = tmp_path / "sockets"
    trap.symlink_to("/etc")
    with pytest.raises(Problem, match="belongs to somebody else"):
        private_folder(trap)


def test_a_short_path_keeps_its_sockets_at_home(tmp_path):
    near = tmp_path / "s"
    if len(str(near)) < 80:
        assert socket_folder(near, "x") == near
    far = tmp_path / ("x" * 120)
    assert len(str(socket_folder(far, "x"))) < 60
    assert not far.exists()


def test_ci_runs_the_same_two_commands(tmp_path):
    """Both run, whatever the first says, and the exit code is right."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    fake = tmp_path / "gov"
    for check, test, expected in ((0, 0, 0), (1, 0, 1), (0, 5, 5), (1, 1, 1)):
        fake.write_text(
            f'#!/bin/sh\necho "$1" >> called\n[ "$1" = check ] && exit {check}\nexit {test}\n'
        )
        fake.chmod(0o755)
        done = call("bash", str(tmp_path / ".ci" / "run"), folder="/", CI="true")
        assert done.returncode == expected
    assert (tmp_path / "called").read_text().split() == ["check", "test"] * 4


@pytest.mark.parametrize("durable", [True, False])
def test_the_embedded_redis_keeps_what_it_should(tmp_path, durable):
    import redis

    from platform_core.onebox.redis import Redis
    from platform_core.onebox.supervisor import Supervisor

    server = Redis(tmp_path / "redis", durable=durable)
    supervisor = Supervisor(tmp_path / "log")
    supervisor.start(server.service())
    client = redis.from_url(server.url)
    client.set("word", "kept")
    if durable:
        time.sleep(1.2)
    supervisor.children[0].process.kill()
    supervisor.stop()
    supervisor = Supervisor(tmp_path / "log")
    supervisor.start(server.service())
    assert redis.from_url(server.url).get("word") == (b"kept" if durable else None)
    supervisor.stop()
    server.remove()
