"""Personal data in a text, found and taken out before publication. Pure.

Legal source: Regulations on open government information (2019) art. 15; Personal Information
Protection Law art. 25.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .elements import TEXTS

HIDDEN = "\u2588\u2588\u2588"
HAN = "\u4e00-\u9fff"
NUMBER, MOBILE, PHONE, ADDRESS, ACCOUNT, EMAIL = (
    "citizen_number", "mobile", "phone", "address", "account", "email",
)  # fmt: skip
# Looked for in this order: what an earlier one took, a later one does not see.
# Blanks of either width, never the end of a line: what is found stands in one paragraph.
_GAP = "[ \u3000]*"
_DASH = "(?:-|[ \u3000]*)"
_FLOOR = "\u53f7\u697c\u5e62\u680b\u5ba4\u5355\u5143"
_PATTERNS = (
    (NUMBER, re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:18|19|20)[0-9]{2}[01][0-9]"
                        r"[0-3][0-9]{4}[0-9Xx]")),
    (NUMBER, re.compile(r"(?<![0-9])[1-9][0-9]{5}[0-9]{2}[01][0-9][0-3][0-9]{4}(?![0-9])")),
    (EMAIL, re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
    (MOBILE, re.compile(rf"(?<![0-9])(?:\+?86{_DASH})?1[3-9][0-9]{_DASH}[0-9]{{4}}"
                        rf"{_DASH}[0-9]{{4}}(?![0-9])")),
    (ACCOUNT, re.compile(rf"(?<![0-9])[0-9]{{4}}(?:{_DASH}[0-9]{{4}}){{3}}"
                         rf"(?:{_DASH}[0-9]{{1,3}})?(?![0-9])")),
    (PHONE, re.compile(rf"(?<![0-9])0[0-9]{{2,3}}{_DASH}[0-9]{{7,8}}(?![0-9])")),
    (ADDRESS, re.compile(
        rf"[{HAN}]{{1,12}}?(?:\u8def|\u8857|\u5df7|\u5f04|\u6751|\u5c0f\u533a|\u82d1|\u5927\u9053)"
        rf"{_GAP}[0-9]{{1,5}}{_GAP}[{_FLOOR}]"
        rf"(?:{_GAP}[0-9A-Za-z]{{1,5}}{_GAP}[{_FLOOR}]{{1,2}}){{0,4}}"
    )),
)  # fmt: skip
# These are never public, so they cannot be let stand.
ALWAYS = frozenset({NUMBER, ACCOUNT})


# What a reader of the public page sees; whom to ask is not part of it.
SHOWN = ("title", "body", "attachments", "remark")


@dataclass(frozen=True)
class Found:
    """A stretch of a text that is personal data: what sort, and its words."""

    sort: str
    text: str


def find(text: str) -> list[Found]:
    """Every different stretch that looks like personal data, in order of its sort and place."""
    found: dict[str, Found] = {}
    rest = _narrow(text)
    for sort, pattern in _PATTERNS:
        for match in pattern.finditer(rest):
            found.setdefault(match[0], Found(sort, match[0]))
        rest = pattern.sub("\n", rest)
    return list(found.values())


def hide(text: str, words) -> str:
    """The text without `words`, the longest first; nothing in it tells how long they were."""
    text = _narrow(text)
    for word in sorted({_narrow(one) for one in words if one.strip()}, key=len, reverse=True):
        text = _pattern(word).sub(HIDDEN, text)
    return text


def missing(content: dict, words) -> list[str]:
    """Those of the `words` that stand in no text that would be published."""
    text = "\n".join(content[name] for name in SHOWN)
    return sorted(one for one in words if missing_in(text, one))


def missing_in(text: str, word: str) -> bool:
    """Whether the word does not stand in the text, however wide its signs and blanks are."""
    return not _pattern(_narrow(word)).search(_narrow(text))


def _pattern(word: str) -> re.Pattern:
    """The word however wide its blanks are: a page shows several of them as one."""
    return re.compile(r"[^\S\n]+".join(re.escape(part) for part in re.split(r"[^\S\n]+", word)))


def _narrow(text: str) -> str:
    """Wide digits, letters and signs of numbers as narrow ones: a number is one however typed."""
    return "".join(
        chr(ord(one) - 0xFEE0) if "\uff10" <= one <= "\uff19" or "\uff21" <= one <= "\uff3a"
        or "\uff41" <= one <= "\uff5a" or one in "\uff0d\uff20\uff0b" else one
        for one in text
    )  # fmt: skip


def must_go(text: str) -> list[Found]:
    """What is left in a text that may never be published."""
    return [one for one in find(text) if one.sort in ALWAYS]


def public_content(content: dict, hidden) -> dict:
    """The content as it may be read by everybody: `hidden` words taken out of every text, whom to
    ask, matters and countersigners left out.
    """
    found = {name: hide(content[name], hidden) if name in SHOWN else "" for name in TEXTS}
    rest = {"main_to": content["main_to"], "copy_to": [], "countersign": [], "signer": None}
    return found | rest | {
        "secrecy": "", "urgency": content["urgency"], "direction": content["direction"],
        "files": [],
    }  # fmt: skip
