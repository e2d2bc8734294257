"""./gov manage: a Django management command against the platform of this folder."""

import os
import signal
import subprocess
import time

from platform_core.onebox.backing import Backing
from platform_core.onebox.instance import holder_of, holding
from platform_core.onebox.paths import ROOT, VAR, Problem
from platform_core.onebox.preparing import DATA_STAMP, MANAGE
from platform_core.onebox.supervisor import Supervisor
from platform_core.onebox.translations import compile_catalogues

# Commands that cannot change the database, so that the next start need not look at it again.
READING = {"check", "help", "messages", "showmigrations", "makemigrations", "sqlmigrate", "test"}


def manage(arguments: list[str]) -> int:
    """Runs the command with the servers of a running `./gov run`, else with its own for as long."""
    compile_catalogues()
    if not arguments or arguments[0] not in READING:
        DATA_STAMP.unlink(missing_ok=True)
    backing = Backing(VAR, durable=True)
    if not backing.parts:
        return call(arguments, backing.environment)
    if holder_of("run") == "run":
        until = time.monotonic() + 60
        while not backing.is_running():
            if time.monotonic() > until:
                raise Problem("./gov run is starting and its servers do not answer yet; try again")
            time.sleep(0.1)
        return call(arguments, backing.environment)
    with holding("run", "manage", refused=None):
        supervisor = Supervisor(VAR / "log")
        try:
            backing.start(supervisor)
            return call(arguments, backing.environment)
        finally:
            supervisor.stop()


def call(arguments: list[str], environment: dict[str, str]) -> int:
    """Runs manage.py on our own terminal. Ctrl-C reaches it from there; SIGTERM we hand on."""
    process = subprocess.Popen(
        [*MANAGE, *arguments],
        cwd=os.environ.get("GOV_CALLED_FROM") or ROOT,
        env={**os.environ, "DEMO": os.environ.get("DEMO", "1"), **environment},
    )
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _frame: process.send_signal(got))
    return process.wait()
