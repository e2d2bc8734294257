import socketserver
import struct
import threading

import pytest
from django.core.files.storage import default_storage

from platform_core.capabilities.files import selectors, services, tasks
from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.files.scanners import ScannerDown
from platform_core.common.errors import Unusable
from platform_core.common.outbox import services as outbox
from platform_core.common.outbox.models import OutboxMessage
from security.actors import Actor

pytestmark = pytest.mark.django_db
# The harmless file that every scanner reports, in two parts so that this source is not reported.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.BaseRequestHandler):
    """Speaks the INSTREAM command of clamd, and knows one virus."""

    def handle(self):
        assert self.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", self.read(4))[0]:
            content += self.read(size)
        found = EICAR in content
        self.request.sendall(b"stream: Eicar-Test FOUND\0" if found else b"stream: OK\0")

    def read(self, size):
        got = b""
        while len(got) < size:
            got += self.request.recv(size - len(got))
        return got


@pytest.fixture
def clamd(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        settings.FILE_SCANNER = "platform_core.capabilities.files.scanners.ClamdScanner"
        settings.CLAMD_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()
        thread.join()


def scan_message():
    return OutboxMessage.objects.get(topic="files.scan")


def test_a_file_is_served_only_after_the_scan(clamd, send_file):
    file = send_file("a.txt", b"hello" * 50_000)
    assert file.state == "quarantined"
    with pytest.raises(FileNotFoundError):
        selectors.open_content(file)
    tasks.scan(scan_message())
    file.refresh_from_db()
    assert selectors.open_content(file).read(5) == b"hello"


def test_an_infected_file_is_refused_and_erased(clamd, send_file):
    file = send_file("a.txt", EICAR)
    tasks.scan(scan_message())
    file.refresh_from_db()
    assert file.state == "infected"
    with pytest.raises(Unusable, match="virus"):
        services.link_file(
            actor=Actor.system("test"), file_id=file.pk, subject_type="case", subject_id=1
        )
    tasks.erase(OutboxMessage.objects.get(topic="files.erase"))
    assert not default_storage.exists(file.path)


def test_while_the_scanner_is_down_the_file_waits(settings, send_file):
    settings.FILE_SCANNER = "platform_core.capabilities.files.scanners.ClamdScanner"
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    send_file("a.txt", b"hello")
    with pytest.raises(ScannerDown):
        tasks.scan(scan_message())
    for message_id in outbox.lease_due():
        outbox.deliver(message_id=message_id)
    assert scan_message().state == "ready"
    assert StoredFile.objects.get().state == "quarantined"
