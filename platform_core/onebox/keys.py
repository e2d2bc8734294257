"""Secrets of this machine: made once, kept in var/secrets.env, readable by their owner only."""

import base64
import os
import secrets

from platform_core.onebox.paths import VAR, write_whole

NAMES = ("SECRET_KEY", "FIELD_KEY", "BLIND_KEY", "PUSH_KEY")


def machine_secrets() -> dict[str, str]:
    """The secrets. One set in the environment wins and is never written down.

    Losing FIELD_KEY makes encrypted fields unreadable, so a file that is there is only added to.
    """
    path = VAR / "secrets.env"
    kept = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            name, sign, value = line.partition("=")
            if sign and not name.startswith("#"):
                kept[name] = value
    missing = [name for name in NAMES if name not in kept]
    if missing:
        for name in missing:
            kept[name] = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        lines = ["# Made by ./gov. Keep a copy: without FIELD_KEY encrypted fields cannot be read."]
        lines += [f"{name}={value}" for name, value in kept.items()]
        write_whole(path, "\n".join(lines) + "\n", mode=0o600)
    return {name: os.environ.get(name) or kept[name] for name in NAMES}
