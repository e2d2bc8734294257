"""Virus scanners. Which one is used is a setting; a file is served only after one found it
clean."""

import socket
import struct
from typing import BinaryIO

from django.conf import settings
from django.utils.module_loading import import_string

CHUNK = 64 * 1024


class ScannerDown(Exception):
    """The scanner did not answer: the file stays in quarantine and is tried again."""


class NoScanner:
    """Finds everything clean, at once: for one machine without a scanner, and for development."""

    is_immediate = True

    def is_clean(self, file: BinaryIO) -> bool:
        return True


class ClamdScanner:
    """Asks a clamd over TCP (CLAMD_ADDRESS, host:port) or a socket file, with its INSTREAM
    command."""

    is_immediate = False

    def __init__(self, address: str | None = None, seconds: float = 60):
        self.address = address or getattr(settings, "CLAMD_ADDRESS", "127.0.0.1:3310")
        self.seconds = seconds

    def is_clean(self, file: BinaryIO) -> bool:
        """Whether clamd finds nothing. Raises ScannerDown when it cannot say."""
        try:
            with self._connection() as connection:
                connection.sendall(b"zINSTREAM\0")
                file.seek(0)
                while chunk := file.read(CHUNK):
                    connection.sendall(struct.pack(">I", len(chunk)) + chunk)
                connection.sendall(struct.pack(">I", 0))
                answer = self._answer(connection)
        except OSError as error:
            raise ScannerDown(type(error).__name__) from None
        if answer.endswith("FOUND"):
            return False
        if answer.endswith("OK"):
            return True
        raise ScannerDown("unexpected answer")

    def _connection(self) -> socket.socket:
        if self.address.startswith("/"):
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(self.seconds)
            connection.connect(self.address)
            return connection
        host, _colon, port = self.address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=self.seconds)

    def _answer(self, connection: socket.socket) -> str:
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < 4096:
            part = connection.recv(1024)
            if not part:
                break
            answer += part
        return answer.rstrip(b"\0").decode("ascii", "replace").strip()


def scanner():
    """The scanner of settings.FILE_SCANNER."""
    return import_string(settings.FILE_SCANNER)()
