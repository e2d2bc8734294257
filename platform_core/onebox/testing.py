"""./gov test: the whole suite on servers of its own, beside whatever else runs here."""

import os
import subprocess
import sys
from pathlib import Path

from platform_core.onebox import console, preparing
from platform_core.onebox.backing import Backing
from platform_core.onebox.browser import browser_environment
from platform_core.onebox.paths import ROOT, passing_folder
from platform_core.onebox.schema import make_template
from platform_core.onebox.supervisor import Supervisor


def test(arguments: list[str]) -> int:
    """Runs pytest with `arguments`, in one process more than there are cores unless they say
    otherwise: many tests wait for a browser or for another process.

    The servers forget what a crash would lose: nothing of a test run is worth keeping. Returns
    pytest's own exit code; pytest's closing line is the last one printed.
    """
    progress = console.Progress()
    with passing_folder("test") as folder:
        supervisor = Supervisor(folder / "log")
        supervisor.listen_to_signals()
        backing = None
        try:
            backing = Backing(folder, durable=False)
            environment = prepare(progress, supervisor, backing, folder)
            progress.tell("starting pytest")
            return call_pytest(arguments, environment, supervisor)
        except KeyboardInterrupt:
            return 130
        finally:
            supervisor.stop()
            if backing:
                backing.remove()


def prepare(
    progress: console.Progress, supervisor: Supervisor, backing: Backing, folder: Path
) -> dict[str, str]:
    """Servers, bundles, translations and a browser; returns the environment of the tests."""
    progress.tell("starting " + (" and ".join(backing.names) or "with servers of your own"))
    backing.start(supervisor)
    found: dict[str, str] = {}
    preparing.side_by_side(
        supervisor,
        lambda: preparing.prepare_files(progress),
        lambda: found.update(browser_environment()),
    )
    progress.tell(f"browser: {found['CHROMIUM']}")
    # DEBUG serves the bundles unhashed and lends fixed secrets; pytest-django turns the rest off.
    ours = {"VAR_DIR": str(folder), "DEBUG": "1", "DEMO": "1"}
    environment = {**backing.environment, **found, **ours}
    if backing.postgres:
        template = make_template(progress, backing.postgres, environment)
        environment["TEST_TEMPLATE"] = template
    return environment


def call_pytest(arguments: list[str], environment: dict[str, str], supervisor: Supervisor) -> int:
    chosen = any(text.startswith(("-n", "--numprocesses", "--pdb")) for text in arguments)
    command = [sys.executable, "-m", "pytest"]
    # Whoever is done takes over what lies before others: the longest tests come last.
    processes = str(len(os.sched_getaffinity(0)) + 1)
    command += [] if chosen else ["-n", processes, "--dist", "worksteal"]
    process = subprocess.Popen([*command, *arguments], cwd=ROOT, env={**os.environ, **environment})
    while process.poll() is None:
        try:
            process.wait(0.2)
        except subprocess.TimeoutExpired:
            if supervisor.is_stopping:
                end(process, supervisor)
    return process.returncode


def end(process: subprocess.Popen, supervisor: Supervisor) -> None:
    """Gives pytest its time to close databases and browsers, unless it is asked for twice."""
    for _ in range(150):
        if process.poll() is not None or supervisor.asked > 1:
            break
        # A Ctrl-C has reached it from the terminal already; SIGTERM came to us alone.
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
    process.kill()
    process.wait()
