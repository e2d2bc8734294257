"""Message catalogues: every .po of the platform as the .mo that gettext reads."""

from pathlib import Path

import polib

from platform_core.onebox.paths import ROOT


def catalogues() -> list[Path]:
    return sorted((ROOT / "platform_core" / "locale").glob("*/LC_MESSAGES/*.po"))


def compile_catalogues() -> int:
    """Compiles the catalogues that are newer than their compiled form; how many there were.

    A running process keeps the catalogue it has loaded, so the file is replaced whole.
    """
    count = 0
    for source in catalogues():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        part = target.with_suffix(".mo.part")
        polib.pofile(str(source)).save_as_mofile(str(part))
        part.replace(target)
        count += 1
    return count
