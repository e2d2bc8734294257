"""Which files are accepted, and whether the content is what the ending says. Pure but for
reading."""

import stat
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

import puremagic
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "pdf": "application/pdf",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "ofd": "application/ofd",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
IMAGES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}
# The part that makes the package what it says it is: ECMA-376 and GB/T 33190.
PACKAGES = {
    "docx": ("[Content_Types].xml", "word/document.xml"),
    "xlsx": ("[Content_Types].xml", "xl/workbook.xml"),
    "ofd": ("OFD.xml",),
}
MAX_ENTRIES = 2000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 300
RATIO_FREE = 1024 * 1024
MAX_FRAMES = 200
HEAD = 4096


class Refused(Exception):
    """The file is not accepted; `str(error)` says why to the person who sent it."""


@dataclass(frozen=True)
class Seen:
    """What the content turned out to be; width and height in pixels for images."""

    content_type: str
    width: int | None = None
    height: int | None = None


def inspect(file: BinaryIO, ending: str, *, max_pixels: int) -> Seen:
    """What the file is. Raises Refused when the ending is not allowed or the content contradicts
    it."""
    if ending not in TYPES:
        raise Refused(
            _("Files of this kind are not accepted. Accepted: %(kinds)s.")
            % {"kinds": ", ".join(k for k in TYPES if k != "jpeg")}
        )
    file.seek(0)
    head = file.read(HEAD)
    if ending in IMAGES:
        _require(_sniffed(head, ending), ending)
        return _image(file, ending, max_pixels)
    if ending in PACKAGES:
        _package(file, ending)
    elif ending == "pdf":
        _require(head.startswith(b"%PDF-") and _sniffed(head, ending), ending)
    else:
        _plain_text(file, ending)
    return Seen(TYPES[ending])


def _require(agrees: bool, ending: str) -> None:
    if not agrees:
        raise Refused(
            _("This is not a %(kind)s file, although its name says so.") % {"kind": ending.upper()}
        )


def _sniffed(head: bytes, ending: str) -> bool:
    try:
        found = {match.extension.lstrip(".") for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return False
    return ending in found


def _image(file: BinaryIO, ending: str, max_pixels: int) -> Seen:
    file.seek(0)
    try:
        # Only the header is read here: the size is known before anything is unpacked.
        with Image.open(file, formats=[IMAGES[ending]]) as image:
            width, height = image.size
            if width * height > max_pixels:
                raise Refused(
                    _("The picture has %(width)d × %(height)d pixels, which is too many.")
                    % {"width": width, "height": height}
                )
            frames = getattr(image, "n_frames", 1)
            if frames > MAX_FRAMES or frames * width * height > 4 * max_pixels:
                raise Refused(_("The moving picture has too many frames."))
        file.seek(0)
        with Image.open(file, formats=[IMAGES[ending]]) as image:
            image.verify()
    except Image.DecompressionBombError:
        raise Refused(_("The picture has too many pixels.")) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError):
        raise Refused(_("The picture is damaged and cannot be opened.")) from None
    return Seen(TYPES[ending], width, height)


def _package(file: BinaryIO, ending: str) -> None:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            entries = package.infolist()
    # zipfile says NotImplementedError of a package in a format it does not know.
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        _require(False, ending)
    names = {entry.filename for entry in entries}
    _require(all(part in names for part in PACKAGES[ending]), ending)
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Refused(_("The file grows too large when it is unpacked."))
    for entry in entries:
        packed = max(entry.compress_size, 1)
        if entry.file_size > RATIO_FREE and entry.file_size / packed > MAX_RATIO:
            raise Refused(_("The file grows too large when it is unpacked."))
        name = entry.filename
        leaves = name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/")
        if leaves or stat.S_ISLNK(entry.external_attr >> 16) or entry.flag_bits & 0x1:
            raise Refused(_("The file is encrypted or put together in an unsafe way."))
        if name.lower().endswith(("vbaproject.bin", ".exe", ".js", ".vbs", ".dll")):
            raise Refused(_("The document contains macros or programs. Remove them first."))


def _plain_text(file: BinaryIO, ending: str) -> None:
    file.seek(0)
    raw = file.read()
    _require(b"\0" not in raw, ending)
    for encoding in ("utf-8", "gb18030"):
        try:
            raw.decode(encoding)
            return
        except UnicodeDecodeError:
            continue
    _require(False, ending)
