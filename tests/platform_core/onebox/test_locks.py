"""The lock files: complete, hashed, and silent about where anything came from."""

import json
import re

import pytest

from platform_core.onebox.paths import ROOT

LOCKS = ("requirements-run.txt", "requirements-test.txt")
HOST = re.compile(r"(https?:|git\+|file:|[a-z0-9-]+\.(org|com|io|net|cn|dev)\b)", re.IGNORECASE)


def pins(name: str) -> dict[str, str]:
    """Each pinned line of a lock with its hashes."""
    found = {}
    for line in (ROOT / name).read_text("utf-8").splitlines():
        if line and not line[0].isspace():
            current = line.rstrip(" \\")
            found[current] = ""
        else:
            found[current] += line
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_pinned_and_hashed(name):
    for pin, hashes in pins(name).items():
        assert re.match(r"^[a-z0-9.-]+==[^ ]+( ;.*)?$", pin), pin
        assert "--hash=sha256:" in hashes, pin


@pytest.mark.parametrize("name", [*LOCKS, "package-lock.json", "package.json", ".npmrc"])
def test_no_lock_names_a_host(name):
    hosts = [
        line
        for line in (ROOT / name).read_text("utf-8").splitlines()
        if HOST.search(line.replace("htmx.org", ""))
    ]
    assert not hosts


def test_the_test_lock_holds_the_run_lock():
    assert set(pins("requirements-run.txt")) <= set(pins("requirements-test.txt"))


def test_every_npm_package_has_its_checksum():
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    unchecked = [name for name, entry in packages.items() if name and "integrity" not in entry]
    assert not unchecked


def test_the_inputs_of_the_locks_are_all_locked():
    for source, lock in (("requirements-run.in", LOCKS[0]), ("requirements-test.in", LOCKS[1])):
        locked = {pin.partition("==")[0] for pin in pins(lock)}
        for line in (ROOT / source).read_text("utf-8").splitlines():
            name = re.match(r"[A-Za-z0-9-]*", line)[0].lower()
            assert not name or name in locked or line.startswith("-r"), line
