"""A push service that listens on this machine, and a browser that subscribed there.

The browser reads what it gets as RFC 8291 says, apart from the code that sealed it.
"""

import hashlib
import hmac
import json
import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from platform_core.capabilities.notifications import device_services
from platform_core.capabilities.notifications.webpush import decoded, encoded
from tests.factories import actor_of


@dataclass
class PushService:
    """What was pushed, and what is answered from now on: one status for all, or one by path."""

    origin: str = ""
    status: int = 201
    by_path: dict = field(default_factory=dict)
    headers: dict = field(default_factory=dict)
    got: list[tuple[str, dict, bytes]] = field(default_factory=list)
    taken: list[tuple[str, dict, bytes]] = field(default_factory=list)


@contextmanager
def push_service():
    """A real HTTP server on a free port."""
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            head = {name.lower(): value for name, value in self.headers.items()}
            found = (self.path, head, body)
            service.got.append(found)
            status = service.by_path.get(self.path, service.status)
            if status < 300:
                service.taken.append(found)
            self.send_response(status)
            for name, value in service.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    with pytest.MonkeyPatch.context() as patch:
        # Whatever proxy the machine has, this service is on it.
        patch.setenv("no_proxy", "127.0.0.1")
        yield service
    server.shutdown()
    thread.join()
    server.server_close()


class Browser:
    """A browser that asked the push service at `origin` for an address."""

    def __init__(self, origin: str):
        self.path = f"/push/{encoded(os.urandom(16))}"
        self.endpoint = origin + self.path
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._secret = os.urandom(16)

    @property
    def point(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def keys(self) -> dict[str, str]:
        return {"key": encoded(self.point), "secret": encoded(self._secret)}

    def of(self, user, name: str = "Phone"):
        """Its row, once `user` has asked to be told in it."""
        return device_services.add_device(
            actor=actor_of(user), endpoint=self.endpoint, name=name, **self.keys
        )

    def read(self, body: bytes) -> bytes:
        """What was pushed, filling taken off."""
        salt, length = body[:16], body[20]
        sender = body[21 : 21 + length]
        shared = self._key.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        )
        info = b"WebPush: info\x00" + self.point + sender + b"\x01"
        material = mac(mac(self._secret, shared), info)
        first = mac(salt, material)
        content = mac(first, b"Content-Encoding: aes128gcm\x00\x01")[:16]
        nonce = mac(first, b"Content-Encoding: nonce\x00\x01")[:12]
        record = AESGCM(content).decrypt(nonce, body[21 + length :], None).rstrip(b"\x00")
        assert record[-1:] == b"\x02"
        return record[:-1]

    def told(self, service: PushService) -> list[dict]:
        """Everything that the service took for this browser."""
        return [json.loads(self.read(body)) for path, _head, body in service.taken
                if path == self.path]  # fmt: skip


def mac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, hashlib.sha256)


def claims_of(authorization: str, key: str) -> dict:
    """The claims of a sender's signature (RFC 8292), which must be by `key`."""
    scheme, _space, rest = authorization.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (scheme, parts["k"]) == ("vapid", key)
    text, _dot, signed = parts["t"].rpartition(".")
    raw = decoded(signed)
    der = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(key))
    public.verify(der, text.encode(), ec.ECDSA(SHA256()))
    head, claims = (json.loads(decoded(part)) for part in text.split("."))
    assert head == {"typ": "JWT", "alg": "ES256"}
    return claims
