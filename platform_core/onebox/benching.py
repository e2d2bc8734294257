"""./gov bench: the benchmarks on a fresh, durable database behind the real web server."""

import os
import socket
import subprocess
from dataclasses import replace

from platform_core.onebox import console, preparing
from platform_core.onebox.backing import Backing
from platform_core.onebox.paths import ROOT, passing_folder
from platform_core.onebox.serving import HOST, web_service
from platform_core.onebox.supervisor import Supervisor


def bench(arguments: list[str]) -> int:
    """Runs `manage.py bench` with `arguments`; BENCH_URL tells it where the web server listens.

    Servers are the embedded ones with the settings of `./gov run`, so that a commit costs what it
    costs there; their data are thrown away.
    """
    progress = console.Progress()
    with passing_folder("bench") as folder:
        supervisor = Supervisor(folder / "log")
        supervisor.listen_to_signals()
        backing = None
        try:
            backing = Backing(folder, durable=True)
            progress.tell("starting " + " and ".join(backing.names))
            backing.start(supervisor)
            port = free_port()
            environment = backing.environment | {
                "DEMO": "1",
                "BENCH_URL": f"http://{HOST}:{port}",
                "SITE_URL": f"http://{HOST}:{port}",
                "STATICFILES_STORAGE": preparing.PLAIN_STORAGE,
            }
            preparing.side_by_side(
                supervisor,
                lambda: prepare_files(progress, environment),
                lambda: preparing.manage("prepare", environment=environment),
            )
            supervisor.start(replace(web_service(port, environment), shown=is_trouble))
            progress.tell("ready; starting the benchmarks")
            return call(arguments, environment, supervisor)
        except KeyboardInterrupt:
            return 130
        finally:
            supervisor.stop()
            if backing:
                backing.remove()


def is_trouble(line: str) -> bool:
    """Whether a line of the web server belongs on the screen among the results."""
    return '"level": "info"' not in line


def prepare_files(progress: console.Progress, environment: dict[str, str]) -> None:
    preparing.prepare_files(progress)
    preparing.prepare_static(progress, environment)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        return trial.getsockname()[1]


def call(arguments: list[str], environment: dict[str, str], supervisor: Supervisor) -> int:
    process = subprocess.Popen(
        [*preparing.MANAGE, "bench", *arguments], cwd=ROOT, env={**os.environ, **environment}
    )
    while process.poll() is None:
        if supervisor.is_stopping:
            process.terminate()
        try:
            process.wait(0.2)
        except subprocess.TimeoutExpired:
            continue
    return process.returncode
