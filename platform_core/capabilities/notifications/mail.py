"""E-mail written to files, once for each key: for development and tests."""

import os
import re
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class KeyedFileBackend(BaseEmailBackend):
    """Writes each letter to EMAIL_FILE_PATH, named after its Message-ID: sent again, it is the same
    file."""

    def send_messages(self, email_messages) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            letter = message.message()
            name = re.sub(r"[^A-Za-z0-9.-]", "_", letter["Message-ID"].strip("<>"))
            partial = folder / f".{name}.{os.getpid()}"
            partial.write_bytes(letter.as_bytes())
            partial.replace(folder / f"{name}.eml")
        return len(email_messages)
