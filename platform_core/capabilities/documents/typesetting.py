"""From what a document says to its PDF: everything is made fit for print, then a process of its
own sets it.
"""

import json
import subprocess
import sys
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
SECONDS = 20
MOST_PAGES = 120
LANGUAGES = {"zh": ["zh"], "en": ["en"], "both": ["zh", "en"]}


class Unprintable(Exception):
    """The typesetter could not make the document; the text is for the log."""


def typeset(job: dict, *, moment: int, layout: Path = LAYOUTS / "document.typ") -> bytes:
    """The PDF (A-2a and UA-1, fonts embedded) of a print job; the same bytes for the same job.

    `moment` is the time that the file carries, in seconds; `layout` a file of the caller's that
    reads what its own job holds, and nothing outside its folder. Raises Unprintable.
    """
    order = {
        "layout": str(layout),
        "root": str(layout.parent),
        "fonts": [str(font_folder())],
        "nowhere": str(layout.parent / "none"),
        "moment": moment,
        "job": job,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(PRESS)],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=SECONDS,
            env={"PATH": "", "LANG": "C.UTF-8", "RAYON_NUM_THREADS": "1"},
            cwd=layout.parent,
        )
    except subprocess.TimeoutExpired:
        raise Unprintable("took too long") from None
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise Unprintable(done.stderr.decode("utf-8", "replace")[-500:] or f"{done.returncode}")
    return done.stdout


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
