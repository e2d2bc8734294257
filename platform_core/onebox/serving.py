"""./gov run: the whole platform under one supervisor."""

import argparse
import http.client
import signal
import socket
import sys
import time

from platform_core.onebox import console, preparing
from platform_core.onebox.backing import Backing
from platform_core.onebox.instance import holding
from platform_core.onebox.paths import ROOT, VAR, Problem
from platform_core.onebox.supervisor import Service, Supervisor

HOST = "127.0.0.1"
WORKERS, THREADS = 2, 4
# Celery fears pickled messages when it runs as root; ours are JSON.
QUIET_ABOUT_ROOT = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser"}


def run(arguments: list[str]) -> int:
    """Serves until Ctrl-C. `--port N`, `--no-demo`."""
    parser = argparse.ArgumentParser(prog="./gov run")
    parser.add_argument("--port", type=int, default=8000, help="where to listen (8000)")
    parser.add_argument(
        "--no-demo",
        action="store_true",
        help="no sample data, no demo accounts",
    )
    options = parser.parse_args(arguments)
    refused = "the platform of this folder is running already; stop that one with Ctrl-C first"
    with holding("run", "run", refused=refused):
        check_port_is_free(options.port)
        return serve(options.port, demo=not options.no_demo)


def serve(port: int, *, demo: bool) -> int:
    progress = console.Progress()
    supervisor = Supervisor(VAR / "log")
    supervisor.listen_to_signals()
    try:
        backing = Backing(VAR, durable=True)
        environment = backing.environment | {
            "DEMO": "1" if demo else "0",
            "SITE_URL": f"http://{HOST}:{port}",
            "STATICFILES_STORAGE": preparing.PLAIN_STORAGE,
        }
        prepare(progress, supervisor, backing, environment, demo)
        first, later = application_services(port, environment)
        supervisor.start(*first)
        wait_until_it_answers(supervisor, port)
        supervisor.start(*later)
        console.say(
            f"ready in {time.monotonic() - progress.began:.1f} s, stop with Ctrl-C: "
            f"http://{HOST}:{port}"
        )
        supervisor.watch()
    except KeyboardInterrupt:
        supervisor.is_stopping = True
    finally:
        console.say("gov: stopping")
        supervisor.stop()
        console.say("gov: stopped")
    return 0


def prepare(
    progress: console.Progress,
    supervisor: Supervisor,
    backing: Backing,
    environment: dict[str, str],
    demo: bool,
) -> None:
    """Starts the servers and makes everything ready, the slow things side by side."""
    progress.tell("starting " + (" and ".join(backing.names) or "with servers of your own"))
    backing.start(supervisor)
    # Sample messages and documents are written in both languages: their texts come first.
    preparing.prepare_texts(progress)

    def files() -> None:
        preparing.prepare_files(progress)
        preparing.prepare_static(progress, environment)

    def data() -> None:
        preparing.prepare_data(progress, backing, environment, demo)

    preparing.side_by_side(supervisor, files, data)


def web_service(port: int, environment: dict[str, str]) -> Service:
    """gunicorn with threads: a slow client holds one thread of eight, not a whole worker."""
    command = [sys.executable, "-m", "gunicorn", "platform_core.wsgi:application"]
    command += ["--bind", f"{HOST}:{port}", "--worker-class", "gthread", "--no-control-socket"]
    command += ["--workers", str(WORKERS), "--threads", str(THREADS), "--graceful-timeout", "8"]
    command += ["--log-level", "warning", "--preload"]
    return Service(
        name="web",
        command=command,
        environment=environment,
        death_signal=signal.SIGQUIT,
        is_ready=lambda: status_of(port, "/healthz") == 200,
    )


def application_services(
    port: int, environment: dict[str, str]
) -> tuple[list[Service], list[Service]]:
    """What a person waits for, and what may take its processor time after that."""
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "platform_core.celery"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    worker = [*celery, "worker", "--loglevel", "WARNING", "--concurrency", "2", *quiet]
    beat = [*celery, "beat", "--loglevel", "WARNING", "--pidfile="]
    beat += ["--schedule", str(VAR / "celerybeat-schedule")]
    relay = [sys.executable, str(ROOT / "manage.py"), "relay"]
    return (
        [web_service(port, environment), Service("relay", relay, environment)],
        [
            Service(
                "worker",
                worker,
                environment | QUIET_ABOUT_ROOT,
                stop_within=25,
                death_signal=signal.SIGKILL,
            ),
            Service("beat", beat, environment),
        ],
    )


def check_port_is_free(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OverflowError as error:
            raise Problem(f"{port} is no port number") from error
        except PermissionError as error:
            raise Problem(f"port {port} needs root; choose one above 1023") from error
        except OSError as error:
            raise Problem(
                f"port {port} is taken by another program; choose another: "
                f"./gov run --port {port + 1}"
            ) from error


def status_of(port: int, path: str) -> int:
    """The HTTP status of a page of ours, 0 when nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def wait_until_it_answers(supervisor: Supervisor, port: int) -> None:
    """Waits for /readyz: database, Redis and relay; a platform that is not whole is not ready."""
    until = time.monotonic() + 30
    while (status := status_of(port, "/readyz")) != 200:
        supervisor.raise_if_stopping()
        if time.monotonic() > until:
            raise Problem(f"/readyz still answers {status}; the logs are in {VAR / 'log'}")
        time.sleep(0.1)
