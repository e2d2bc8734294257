"""Ways to send a text message or to call somebody. Which ones are used are settings."""

import fcntl
import json
import os
import threading
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string


class Refused(Exception):
    """The provider will never accept this message (for example no such number): do not try
    again."""


class FileGateway:
    """Writes each message as a line of JSON to var/sms.jsonl, for development and tests.

    A real gateway passes `key` to its provider as the idempotency key; this one keeps the same
    promise: a key that is in the file already writes nothing.
    """

    _lock = threading.Lock()
    _seen: dict[Path, tuple[int, set[str]]] = {}

    def __init__(self, path: Path | None = None):
        self.path = Path(path or settings.VAR_DIR / "sms.jsonl")

    def send(self, *, to: str, text: str, key: str) -> str:
        """Send `text` to a mobile number; returns the provider's reference."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock, self.path.open("a+b") as file:
            os.chmod(self.path, 0o600)
            fcntl.flock(file, fcntl.LOCK_EX)
            seen = self._read_new(file)
            if key not in seen:
                line = {"key": key, "to": to, "text": text, "at": timezone.now().isoformat()}
                file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        return f"file:{key}"

    def _read_new(self, file) -> set[str]:
        size = file.seek(0, os.SEEK_END)
        offset, seen = self._seen.get(self.path, (0, set()))
        if offset > size:
            offset, seen = 0, set()
        file.seek(offset)
        rest = file.read()
        whole, _newline, torn = rest.rpartition(b"\n")
        if torn:
            # A process died while it wrote this line; its message counts as not sent.
            file.truncate(size - len(torn))
        seen |= {json.loads(line)["key"] for line in whole.splitlines() if line}
        self._seen[self.path] = (size - len(torn), seen)
        return seen


class FileVoiceGateway(FileGateway):
    """Writes each call as a line to var/voice.jsonl; a real one reads `text` to whoever answers."""

    def __init__(self, path: Path | None = None):
        super().__init__(path or settings.VAR_DIR / "voice.jsonl")


def voice_gateway():
    """The gateway of settings.VOICE_GATEWAY."""
    return import_string(settings.VOICE_GATEWAY)()


def sms_gateway():
    """The gateway of settings.SMS_GATEWAY."""
    return import_string(settings.SMS_GATEWAY)()
