"""XML that somebody else wrote: small, flat, without a document type, with nothing fetched."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from lxml import etree

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
OWN = "urn:govplatform:decisions:1"
MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS = 2 * 1024 * 1024, 100, 20_000
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class DMNRefused(ValueError):
    """The document cannot be used. `problems` are (place, reason) in the reader's language."""

    def __init__(self, problems: list[tuple[str, str]]):
        super().__init__("; ".join(f"{place}: {why}" for place, why in problems[:5]))
        self.problems = problems


def refused(reason: str) -> DMNRefused:
    return DMNRefused([(_("the document"), reason)])


def tag(name: str, space: str = DMN) -> str:
    return f"{{{space}}}{name}"


def cleaned(text: str) -> str:
    """`text` without the characters that XML cannot carry."""
    return UNFIT.sub("\ufffd", text)


def parse(raw: bytes) -> etree._Element:
    """The root of the document. Raises DMNRefused for whatever is too large, too deep or has a
    document type; entities are never expanded and nothing outside is read."""
    if len(raw) > MAX_BYTES:
        raise refused(_("It is larger than %(size)d MB.") % {"size": MAX_BYTES // 1024**2})
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refused(_("The text is not UTF-8.")) from None
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise refused(_("A document type is not allowed."))
    target = etree.XMLPullParser(
        events=("start", "end"),
        # The encoding is fixed, or a declaration could hide a document type from the line above.
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        _feed(target, text.encode())
        root = target.close()
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise refused(_("It is no XML; the mistake is in line %(n)s.") % {"n": line}) from None
    return root


def _feed(parser, raw: bytes) -> None:
    """Feed in pieces and count, so that a hostile document is dropped while it is read."""
    depth = elements = 0
    for start in range(0, len(raw), 65_536):
        parser.feed(raw[start : start + 65_536])
        for event, _element in parser.read_events():
            depth += 1 if event == "start" else -1
            elements += event == "start"
            if depth > MAX_DEPTH:
                raise refused(_("It nests more than %(n)s levels deep.") % {"n": MAX_DEPTH})
            if elements > MAX_ELEMENTS:
                raise refused(_("It has more than %(n)s elements.") % {"n": MAX_ELEMENTS})
