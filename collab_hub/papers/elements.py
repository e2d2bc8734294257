"""What a paper says, and what is wrong with it before it may leave the drafter's hands. Pure.

A paper's content is one dictionary; `clean` gives it its shape whatever was sent, `problems` names
every missing or forbidden element at its field.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from platform_core.common.numbers import whole

from .kinds import UP, Kind

LONGEST = {
    "title": 200, "matters": 1000, "reply_to": 80, "body": 60_000, "attachments": 4000,
    "contact": 60, "contact_phone": 40, "remark": 200, "secret_for": 20, "word": 12,
}  # fmt: skip
TEXTS = tuple(LONGEST)
ORGANS = ("main_to", "copy_to", "countersign")
SECRECY = ("", "secret", "confidential", "top")
URGENCY = ("", "urgent", "flash")
FIELDS = (*TEXTS, *ORGANS, "files", "direction", "secrecy", "urgency", "signer")
MOST_FILES = 20


def clean(sent: dict) -> dict:
    """The content in its one shape: lines without blanks at their ends, organs as sorted-out ids,
    nothing that is not an element. Cuts nothing; `problems` says what is too long.
    """
    found: dict = {name: _lines(str(sent.get(name) or "")) for name in TEXTS}
    for name in TEXTS:
        if name not in ("body", "matters", "attachments"):
            found[name] = " ".join(found[name].split())
    for name in ORGANS:
        values = sent.get(name) or ()
        found[name] = [one for one in dict.fromkeys(map(whole, values)) if one is not None]
    found["files"] = list(dict.fromkeys(filter(None, map(_key, sent.get("files") or ()))))
    found["copy_to"] = [one for one in found["copy_to"] if one not in found["main_to"]]
    found["secrecy"] = sent.get("secrecy") if sent.get("secrecy") in SECRECY else ""
    found["urgency"] = sent.get("urgency") if sent.get("urgency") in URGENCY else ""
    found["direction"] = str(sent.get("direction") or "").replace("\x00", "")[:10]
    found["signer"] = whole(sent.get("signer")) or None
    return found


def _key(value) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError:
        return ""


def shaped(kind: Kind, sent: dict) -> dict:
    """As `clean`; a kind that usually goes one way goes it unless something else is said."""
    found = clean(sent)
    return found | {"direction": found["direction"] or kind.directions[0]}


def _lines(text: str) -> str:
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    lines = [line.strip(" \t\u3000") for line in text.split("\n")]
    return "\n".join(line for line in lines if line)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a cleaned text: one a line."""
    return [line for line in text.split("\n") if line]


def too_many(files) -> dict[str, list[str]]:
    """{"files": [words]} where these are more files than a paper may have."""
    if len(files) <= MOST_FILES:
        return {}
    return {"files": [_("A document has at most %(n)s files.") % {"n": MOST_FILES}]}


def too_long(content: dict) -> dict[str, list[str]]:
    """What no draft may have: {field: [words]}."""
    found = {
        name: [_("At most %(n)s characters.") % {"n": most}]
        for name, most in LONGEST.items()
        if len(content[name]) > most
    }
    found |= too_many(content["files"])
    if content["files"] and content["secrecy"]:
        found["secrecy"] = [_("A secret document has no files. Take them off first.")]
    return found


@dataclass(frozen=True)
class Annex:
    """One entry of the element of attachments (附件): its number from 1, its title, and the id of
    its file, "" for one that comes on paper.
    """

    number: int
    title: str
    file: str = ""


def annexes(content: dict, titles: dict[str, str]) -> list[Annex]:
    """The attachments in order: those named in the text, then the files, {id: title}, that it does
    not name. A file with the title of a line takes the place of that line.
    """
    waiting = {key: titles[key] for key in content.get("files", ()) if key in titles}
    found = []
    for line in paragraphs(content["attachments"]):
        key = next((key for key, title in waiting.items() if title == line), "")
        waiting.pop(key, None)
        found.append((line, key))
    found += [(title, key) for key, title in waiting.items()]
    return [Annex(number, title, key) for number, (title, key) in enumerate(found, 1)]


def problems(kind: Kind, content: dict) -> dict[str, list[str]]:
    """Everything that keeps a draft of `kind` from being sent on, as {field: [words]}."""
    found: dict[str, list[str]] = dict(too_long(content))

    def at(field: str, words: str) -> None:
        found.setdefault(field, []).append(words)

    if content["direction"] not in kind.directions:
        at("direction", _("A document of this kind does not go that way."))
    _check_title(kind, content, at)
    if not content["body"]:
        at("body", _("Write the text."))
    if content["signer"] is None:
        said = _("Choose who signs.")
        if content["direction"] == UP:
            said = _("A paper to a superior organ names the leader who signs it.")
        at("signer", said)
    if kind.needs_addressee and not content["main_to"]:
        at("main_to", _("Choose the organ it is addressed to."))
    if kind.is_request:
        _check_request(content, at)
    if kind.must_not_request and (said := asked_for(content["body"])):
        words = _(
            "A report carries no request, but it says “%(words)s”. Send a request of its own."
        )
        at("body", words % {"words": said})
    if kind.is_reply and not content["reply_to"]:
        at("reply_to", _("Give the number of the request that it answers."))
    if content["secrecy"] and not content["secret_for"]:
        at("secret_for", _("Say for how long it is to be kept secret."))
    return found


def _check_title(kind: Kind, content: dict, at) -> None:
    ending = kind.title["zh"]
    if not content["title"]:
        at("title", _("Write the title."))
    elif not content["title"].rstrip("\uff09)").endswith(ending):
        at("title", _("The title ends with the kind of document: %(kind)s.") % {"kind": ending})


def _check_request(content: dict, at) -> None:
    if len(paragraphs(content["matters"])) != 1:
        at("matters", _("A request deals with one matter. Name it in one line."))
    if len(content["main_to"]) > 1:
        at("main_to", _("A request goes to one organ only."))
    if not content["contact"]:
        at("contact", _("A request names whom to ask."))
    if not content["contact_phone"]:
        at("contact_phone", _("A request gives the phone number of whom to ask."))


@lru_cache(maxsize=1)
def _phrases() -> tuple[str, ...]:
    text = (Path(__file__).parent / "data" / "requests.txt").read_text(encoding="utf-8")
    found = (line for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(sorted(found, key=len, reverse=True))


def asked_for(text: str) -> str:
    """The phrase by which a text asks for something, or ""."""
    plain = "".join(text.split())
    return next((phrase for phrase in _phrases() if phrase in plain), "")
