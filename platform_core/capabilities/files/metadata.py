"""Takes out of photographs what nobody meant to send: where they were taken, with which phone, by
whom.

Whereabouts are sensitive personal information (Personal Information Protection Law, art. 28). The
picture itself is copied bit by bit; only the turn that a phone notes for it is kept.
"""

import struct

ORIENTATION = 0x0112


def without_metadata(raw: bytes, content_type: str) -> bytes:
    """The same picture without EXIF, XMP, comments and text parts. Unknown types pass unchanged."""
    strip = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}.get(content_type)
    try:
        return strip(raw) if strip else raw
    except (struct.error, IndexError):
        # Damaged beyond what the inspection saw: better no picture than one with a place in it.
        raise ValueError("damaged picture") from None


def _jpeg(raw: bytes) -> bytes:
    out, at, turn = bytearray(raw[:2]), 2, 1
    rest = b""
    while at + 4 <= len(raw):
        if raw[at] != 0xFF:
            raise ValueError("damaged picture")
        marker = raw[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            rest = raw[at:]
            break
        size = struct.unpack(">H", raw[at + 2 : at + 4])[0]
        segment = raw[at : at + 2 + size]
        at += 2 + size
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            turn = _turn(segment[10:])
        # APP0 (JFIF), APP2 (colour profile) and APP14 (Adobe colours) matter for the picture
        # itself.
        if (0xE0 <= marker <= 0xEF and marker not in (0xE0, 0xE2, 0xEE)) or marker == 0xFE:
            continue
        if marker == 0xE2 and segment[4:15] != b"ICC_PROFILE":
            continue
        out += segment
    if turn != 1:
        out[2:2] = _only_turn(turn)
    return bytes(out) + rest


def _turn(tiff: bytes) -> int:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    start = struct.unpack(order + "I", tiff[4:8])[0]
    for number in range(struct.unpack(order + "H", tiff[start : start + 2])[0]):
        entry = tiff[start + 2 + number * 12 : start + 14 + number * 12]
        tag, _kind, _count, value = struct.unpack(order + "HHIH", entry[:10])
        if tag == ORIENTATION:
            return value if 1 <= value <= 8 else 1
    return 1


def _only_turn(turn: int) -> bytes:
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, turn, 0, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(raw: bytes) -> bytes:
    out, at = bytearray(raw[:8]), 8
    while at + 12 <= len(raw):
        size = struct.unpack(">I", raw[at : at + 4])[0]
        kind = raw[at + 4 : at + 8]
        chunk = raw[at : at + 12 + size]
        at += 12 + size
        if kind not in (b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"):
            out += chunk
        if kind == b"IEND":
            break
    return bytes(out)


def _webp(raw: bytes) -> bytes:
    body, at = bytearray(), 12
    while at + 8 <= len(raw):
        kind, size = raw[at : at + 4], struct.unpack("<I", raw[at + 4 : at + 8])[0]
        chunk = bytearray(raw[at : at + 8 + size + (size & 1)])
        at += len(chunk)
        if kind in (b"EXIF", b"XMP "):
            continue
        if kind == b"VP8X":
            chunk[8] &= ~0b00001100
        body += chunk
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + bytes(body)
