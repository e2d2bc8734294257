"""Processor time of servers, read from /proc."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def listeners(port: int) -> list[int]:
    """The processes that hold the listening socket of `port`: master and workers alike."""
    wanted = {f"socket:[{inode}]" for inode in _inodes(port)}
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and wanted & _open_files(folder):
            found.append(int(folder.name))
    return found


def cpu_seconds(pids) -> float:
    """Processor time, user and system, that the processes have used so far."""
    return sum(_used(pid) for pid in pids)


def _inodes(port: int) -> set[str]:
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        lines = Path(table).read_text().splitlines()[1:] if Path(table).exists() else []
        for line in lines:
            fields = line.split()
            is_listening = fields[3] == "0A"
            if is_listening and int(fields[1].rsplit(":", 1)[1], 16) == port:
                inodes.add(fields[9])
    return inodes


def _open_files(folder: Path) -> set[str]:
    try:
        links = os.listdir(folder / "fd")
    except OSError:
        return set()
    return {_target(folder / "fd" / link) for link in links}


def _target(link: Path) -> str:
    # A file may be closed while one looks, this process's own listing for one.
    try:
        return os.readlink(link)
    except OSError:
        return ""


def _used(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS
