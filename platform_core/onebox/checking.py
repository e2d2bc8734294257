"""./gov check: everything that can be said about the code without running it."""

import os
import secrets
import subprocess
import sys
import time

from platform_core.onebox import console, keys, preparing
from platform_core.onebox.paths import ROOT
from platform_core.onebox.translations import compile_catalogues

PYTHON = sys.executable
CHECKS = {
    "style": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "import contracts": [
        PYTHON,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
    ],
    "Django": [*preparing.MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
    "missing migrations": [*preparing.MANAGE, "makemigrations", "--check", "--dry-run"],
    "translations": [*preparing.MANAGE, "messages", "--check"],
}


def production_like() -> dict[str, str]:
    """The environment of a server behind TLS; nothing of it reaches a real one."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "platform_core.settings",
        "DEBUG": "0",
        "DEMO": "0",
        "BEHIND_TLS": "1",
        "ALLOWED_HOSTS": "gov.example",
        "SITE_URL": "https://gov.example",
        **{name: secrets.token_urlsafe(48) for name in keys.NAMES},
    }


def build(arguments: list[str]) -> int:
    """Bundles, translations and collected static files, for an image that only serves."""
    progress = console.Progress()
    preparing.prepare_files(progress)
    preparing.prepare_static(progress, production_like())
    return 0


def check(arguments: list[str]) -> int:
    """Runs every check, also after one failed; 0 when all passed. Arguments choose by name."""
    compile_catalogues()
    unknown = [name for name in arguments if name not in CHECKS]
    if unknown:
        console.say(f"gov: unknown check: {unknown[0]}; there are: {', '.join(CHECKS)}")
        return 2
    failed = []
    for name in arguments or CHECKS:
        began = time.monotonic()
        done = subprocess.run(
            CHECKS[name],
            cwd=ROOT,
            env=production_like(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        word = "failed" if done.returncode else "ok"
        console.say(f"gov: {name}: {word} ({time.monotonic() - began:.1f} s)")
        if done.returncode:
            console.say(done.stdout.rstrip())
            failed.append(name)
    console.say(f"gov: check failed: {', '.join(failed)}" if failed else "gov: all checks passed")
    return 1 if failed else 0
