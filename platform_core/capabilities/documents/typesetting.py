"""From what a document says to its PDF: everything is made fit for print, then a process of its
own sets it.
"""

import base64
import json
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from io import BytesIO
from pathlib import Path

import segno
from django.conf import settings
from django.utils.translation import gettext as _

from .glyphs import font_folder, printable
from .languages import days, in_both
from .numbers import shown_code

LAYOUTS = Path(__file__).with_name("layouts")
PRESS = Path(__file__).with_name("press.py")
PAGE = LAYOUTS / "page.typ"
SECONDS = 20
MOST_PAGES = 120
LANGUAGES = {"zh": ["zh"], "en": ["en"], "both": ["zh", "en"]}


class Unprintable(Exception):
    """The typesetter could not make the document; the text is for the log."""


class NoPages(Exception):
    """A PDF of somebody's that cannot be read, or has too many pages; the text is for the log."""


def typeset(
    job: dict,
    *,
    moment: int,
    layout: Path = LAYOUTS / "document.typ",
    files: dict[str, bytes] | None = None,
) -> bytes:
    """The PDF (A-2a and UA-1, fonts embedded) of a print job; the same bytes for the same job.

    `moment` is the time that the file carries, in seconds; `layout` a file of the caller's that
    reads what its own job holds, and `files`, pictures by the names under which the layout finds
    them beside itself; nothing else. Raises Unprintable.
    """
    with _folder(layout, files) as folder:
        order = {"layout": str(Path(folder) / layout.name), "moment": moment, "job": job}
        code, out, words = _press(order, folder)
    if code or not out.startswith(b"%PDF-"):
        raise Unprintable(words or f"{code}")
    return out


def pictures_of(pdf: bytes, *, most: int) -> list[bytes]:
    """Each page of somebody's PDF as a picture (PNG), drawn by the press: nothing that the file
    carries besides its looks comes with it. Raises NoPages for one that is damaged, locked or
    longer than `most`, Unprintable when the press had no time.
    """
    with _folder(PAGE, {"in.pdf": pdf}) as folder:
        code, out, words = _press({"layout": str(Path(folder) / PAGE.name), "most": most}, folder)
    if code:
        raise NoPages(words or f"{code}")
    return [base64.b64decode(line) for line in out.splitlines()]


def _folder(layout: Path, files: dict[str, bytes] | None):
    """A folder that holds the layout and the files and is gone afterwards."""
    made = tempfile.TemporaryDirectory(prefix="press-")
    shutil.copy(layout, made.name)
    for name, content in (files or {}).items():
        (Path(made.name) / name).write_bytes(content)
    return made


def _press(order: dict, folder: str) -> tuple[int, bytes, str]:
    """(exit code, standard output, the end of what it complained about); Unprintable when it took
    too long.
    """
    order |= {"root": folder, "fonts": [str(font_folder())], "nowhere": str(Path(folder) / "none")}
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(PRESS)],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=SECONDS,
            env={"PATH": "", "LANG": "C.UTF-8", "RAYON_NUM_THREADS": "1"},
            cwd=folder,
        )
    except subprocess.TimeoutExpired:
        raise Unprintable("took too long") from None
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")[-500:]


def print_job(
    content: dict, *, number: str, address: str, code: str, stamp: dict | None = None
) -> dict:
    """What the layout reads: the frozen content with numbers, words of the frame and the QR code.

    `address` is the public page where the document is checked.
    """
    language = content["language"]
    job = {
        "kind": content["kind"],
        "languages": LANGUAGES[language],
        "title": content["title"],
        "organ": content["organ"],
        "day": days(date.fromisoformat(content["issued_on"])),
        "until": days(
            date.fromisoformat(content["valid_until"]) if content["valid_until"] else None
        ),
        "blocks": content["blocks"],
        "shown-code": shown_code(code),
        "labels": {
            "qr": in_both(lambda: _("QR code that leads to the verification page")),
            "check": in_both(lambda: _("Scan to check")),
            "number": in_both(lambda: _("Number")),
            "until": in_both(lambda: _("Valid until")),
        },
        "most-pages": MOST_PAGES,
    }
    if stamp:
        job["stamp"] = stamp
    job = printable_all(job)
    # Numbers are ours and fit their line: copied from the PDF they must be whole.
    job["number"] = number
    job["qr"] = qr_svg(address)
    return job


def printable_all(value):
    """A job with every text in it made fit for print."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [printable_all(one) for one in value]
    if isinstance(value, dict):
        return {key: printable_all(one) for key, one in value.items()}
    return value


def qr_svg(address: str) -> str:
    """The QR code of an address as a drawing."""
    picture = BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=4, border=2, xmldecl=False)
    return picture.getvalue().decode()


def public_address(path: str) -> str:
    """The address of a page of ours as it stands on paper."""
    return settings.SITE_URL.rstrip("/") + path
