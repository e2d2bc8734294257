"""From a paper to its pages: what the layout of GB/T 9704 is told. Nothing here reads the database
but the names of organs it is given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from platform_core.capabilities.documents.typesetting import printable_all, typeset

from .elements import paragraphs
from .kinds import kind_of

LAYOUT = Path(__file__).with_name("layouts") / "paper.typ"
MOST_PAGES = 60
# A paper is in Chinese whoever reads it: these are words of the standard, not of the pages.
WORDS = {
    "file": "\u6587\u4ef6", "signer": "\u7b7e\u53d1\u4eba\uff1a",
    "attachments": "\u9644\u4ef6\uff1a",
    "seal": "\u7535\u5b50\u5370\u7ae0\u6807\u8bb0", "draft": "\u7a3f\u672c",
    "copies": "\u6284\u9001\uff1a",
    "printed": "\u5370\u53d1", "contact": "\u8054\u7cfb\u4eba\uff1a",
    "phone": "\u8054\u7cfb\u7535\u8bdd\uff1a",
    "annex": "\u9644\u4ef6", "loose": "\u968f\u9644\u7535\u5b50\u6587\u4ef6", "page": "\u9875",
    "between": "\uff0c", "end": "\u3002", "colon": "\uff1a",
}  # fmt: skip
SECRECY = {"": "", "secret": "\u79d8\u5bc6", "confidential": "\u673a\u5bc6", "top": "\u7edd\u5bc6"}
URGENCY = {"": "", "urgent": "\u52a0\u6025", "flash": "\u7279\u6025"}
_NUMERALS = "\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341"
_FIRST = re.compile(rf"^[{_NUMERALS}]{{1,3}}\u3001.{{1,40}}$")
_SECOND = re.compile(rf"^\uff08[{_NUMERALS}]{{1,3}}\uff09.{{1,60}}$")


@dataclass(frozen=True)
class Sheet:
    """An attachment on the pages: one with `pages` (JPEG) stands there with them, another file is
    listed by name, size and digest (SHA-256), and one without a file is named only.
    """

    number: int
    title: str
    pages: tuple[bytes, ...] = ()
    name: str = ""
    size: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Printed:
    """What a page shows besides the content: the issuing organ, addressees, number, day, signer."""

    organ: str
    main_to: tuple[str, ...] = ()
    copy_to: tuple[str, ...] = ()
    number: str = ""
    signer: str = ""
    day: object = None
    seal: str = ""
    is_draft: bool = False
    sheets: tuple[Sheet, ...] = ()


def job_of(kind_key: str, content: dict, printed: Printed) -> dict:
    """The print job of a paper's content."""
    kind = kind_of(kind_key)
    w = WORDS
    secrecy = SECRECY[content["secrecy"]]
    if secrecy and content["secret_for"]:
        secrecy += "\u2605" + content["secret_for"]
    contact = ""
    if content["contact"]:
        contact = w["contact"] + content["contact"]
        if content["contact_phone"]:
            contact += w["between"] + w["phone"] + content["contact_phone"]
    remark = w["between"].join(one for one in (content["remark"], contact) if one)
    day = chinese_day(printed.day)
    job = {
        # A file without a title would be no accessible one.
        "title": content["title"] or kind.title["zh"],
        "organ": printed.organ,
        "mark": printed.organ + w["file"],
        "secrecy": secrecy,
        "urgency": URGENCY[content["urgency"]],
        "signer": printed.signer if content["direction"] == "up" else "",
        "to": w["between"].join(printed.main_to) + w["colon"] if printed.main_to else "",
        "body": [{"level": _level(line), "text": line} for line in paragraphs(content["body"])],
        "attachments": [one.title for one in printed.sheets] or paragraphs(content["attachments"]),
        "annexes": [_annex(one, printed) for one in printed.sheets if one.pages],
        "loose": [_loose(one, printed) for one in printed.sheets if one.name and not one.pages],
        "signed": kind.is_signed,
        "day": day,
        "remark": remark,
        "copies": w["copies"] + w["between"].join(printed.copy_to) + w["end"]
        if printed.copy_to
        else "",
        "printed-by": printed.organ,
        "printed-on": f"{day}{w['printed']}" if day else "",
        "labels": {name: w[name] for name in ("signer", "attachments", "seal", "loose")},
        "draft": w["draft"] if printed.is_draft else "",
        "most-pages": MOST_PAGES + sum(len(one.pages) for one in printed.sheets),
    }
    job = printable_all(job)
    # The number fits its line and must be whole when it is copied.
    return job | {"number": printed.number or "\u3000", "seal": printed.seal}


def _mark(sheet: Sheet, printed: Printed) -> str:
    """What stands at the head of an attachment: numbered where there are several."""
    return WORDS["annex"] + (str(sheet.number) if len(printed.sheets) > 1 else "")


def _annex(sheet: Sheet, printed: Printed) -> dict:
    mark = _mark(sheet, printed)
    return {
        "mark": mark,
        "title": sheet.title,
        "pages": [
            {"file": _file(sheet, n), "alt": f"{mark} {sheet.title} {n}{WORDS['page']}"}
            for n in range(1, len(sheet.pages) + 1)
        ],
    }


def _loose(sheet: Sheet, printed: Printed) -> dict:
    digest = "SHA-256 " + " ".join(sheet.digest[at : at + 16] for at in range(0, 64, 16))
    return {"mark": _mark(sheet, printed), "name": sheet.name, "size": sheet.size,
            "digest": digest}  # fmt: skip


def _file(sheet: Sheet, number: int) -> str:
    return f"annex-{sheet.number}-{number}.jpg"


def files_of(sheets) -> dict[str, bytes]:
    """{name: picture}, as the layout finds the pages of attachments."""
    return {_file(one, n): page for one in sheets for n, page in enumerate(one.pages, 1)}


def _level(line: str) -> int:
    return 1 if _FIRST.match(line) else 2 if _SECOND.match(line) else 0


def chinese_day(value) -> str:
    """A day as it stands on papers; "" for none."""
    return f"{value.year}\u5e74{value.month}\u6708{value.day}\u65e5" if value else ""


def print_paper(job: dict, files: dict[str, bytes] | None = None, *, moment: int) -> bytes:
    """The PDF; raises Unprintable."""
    return typeset(job, moment=moment, layout=LAYOUT, files=files)
