"""Web Push: a payload sealed for one browser (RFC 8291), and the sender's signature (RFC 8292).

Pure. Only the browser that made the keys can read the payload; whoever carries it cannot.
"""

import base64
import json
import os
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
RECORD = 4096
SIGNED_FOR = timedelta(hours=12)  # the standard allows a day


def encoded(raw: bytes) -> str:
    """Base64url without padding, as all of Web Push writes bytes."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of a base64url text. Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def signing_key(secret: str) -> ec.EllipticCurvePrivateKey:
    """The key pair that belongs to a secret text: the same text gives the same pair."""
    raw = _derived(secret.encode(), b"", b"govplatform web push", 48)
    return ec.derive_private_key(int.from_bytes(raw, "big") % (ORDER - 1) + 1, CURVE)


def public_part(key: ec.EllipticCurvePrivateKey) -> str:
    """The public key as browsers want it when somebody subscribes."""
    return encoded(_point(key.public_key()))


def signature(
    key: ec.EllipticCurvePrivateKey, *, audience: str, contact: str, now: datetime
) -> str:
    """The Authorization header for the push service at the origin `audience`; `contact` is a
    mailto: or https: address of the operator.
    """
    claims = {"aud": audience, "exp": int((now + SIGNED_FOR).timestamp()), "sub": contact}
    parts = ({"typ": "JWT", "alg": "ES256"}, claims)
    text = ".".join(encoded(json.dumps(one, separators=(",", ":")).encode()) for one in parts)
    r, s = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    token = f"{text}.{encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
    return f"vapid t={token}, k={public_part(key)}"


def browser_key(text: str) -> ec.EllipticCurvePublicKey:
    """The public key of a subscription. Raises ValueError for anything but a point of P-256."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decoded(text))


def sealed(
    payload: bytes,
    key: str,
    secret: str,
    *,
    length: int = 0,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
) -> bytes:
    """The body of a push message for the browser with this public `key` and `secret`.

    Shorter payloads are filled up to `length` bytes, so that the size says nothing. `own` and
    `salt` are made anew for each message; the standard's example gives them.
    """
    own, salt = own or ec.generate_private_key(CURVE), salt or os.urandom(16)
    browser = browser_key(key)
    point = _point(own.public_key())
    info = b"WebPush: info\x00" + _point(browser) + point
    material = _derived(own.exchange(ec.ECDH(), browser), decoded(secret), info, 32)
    content = _derived(material, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\x00", 12)
    record = (payload + b"\x02").ljust(length + 1, b"\x00")
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(point)]) + point
    return head + AESGCM(content).encrypt(nonce, record, None)


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt or None, info).derive(material)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
