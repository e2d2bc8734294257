"""Where things are: the checkout, its var/ folder, and sockets whose path the system accepts."""

import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var").absolute()
# sun_path holds 108 bytes with its closing zero; PostgreSQL appends the name of its socket.
LONGEST_SOCKET = 107
# Every user may make a folder there, so what is found there is checked.
SHORT = Path("/tmp")  # noqa: S108
LONGEST_NAME = len("/.s.PGSQL.5432.lock")


class Problem(Exception):
    """Something the person at the keyboard can understand and mend; shown without a traceback."""


def socket_folder(near: Path, purpose: str) -> Path:
    """A private folder for unix sockets: `near` where its path is short enough, else below /tmp."""
    if len(os.fsencode(near)) + LONGEST_NAME <= LONGEST_SOCKET:
        near.mkdir(parents=True, exist_ok=True, mode=0o700)
        return near
    name = hashlib.sha256(os.fsencode(near)).hexdigest()[:12]
    return private_folder(SHORT / f"gov-{os.getuid()}-{purpose}-{name}")


def private_folder(path: Path) -> Path:
    """`path` as a folder of ours that nobody else may enter, whoever made it first.

    In a world-writable parent another user could have put a folder or a link there before us.
    """
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise Problem(f"{path} is there already and belongs to somebody else; remove it first")
    path.chmod(0o700)
    return path


@contextmanager
def passing_folder(purpose: str) -> Iterator[Path]:
    """A folder in var/tmp for the life of one command; removed with its end.

    A killed command leaves its folder behind; the next one removes it, told by the lock that died.
    """
    parent = VAR / "tmp"
    parent.mkdir(parents=True, exist_ok=True)
    for old in parent.iterdir():
        remove_if_abandoned(old)
    folder = Path(tempfile.mkdtemp(prefix=f"{purpose}-", dir=parent))
    try:
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # Passed through by the user of the database server, read by nobody else.
            folder.chmod(0o711)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_if_abandoned(folder: Path) -> None:
    try:
        with (folder / "lock").open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for entry in folder.iterdir():
                if entry.is_symlink():
                    shutil.rmtree(entry.resolve(), ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        # Held by a living command, or made by one this very moment.
        return


def content_stamp(*paths: Path, also: str = "") -> str:
    """One digest over the names and contents of files, and of the files below folders."""
    digest = hashlib.sha256(also.encode())
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0")
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Writes a file so that a reader finds the old text or the new one, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), mode)
            file.write(text)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


class Stamp:
    """Remembers for which inputs a step was last done, so that the next start can skip it.

    Kept beside what the step made, or several var/ folders would believe one another's.
    """

    def __init__(self, path: Path, value: str):
        self.path = path
        self.value = value

    def is_current(self) -> bool:
        try:
            return self.path.read_text() == self.value
        except OSError:
            return False

    def write(self) -> None:
        write_whole(self.path, self.value)
