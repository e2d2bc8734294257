"""Whatever an author or a person writes stays text, on every page, in every file and letter."""

import itertools
import json
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import urlsplit

from django.db import transaction
from lxml import etree
from pypdf import PdfReader

from tests.hostile import hostile_texts

from .hostile_story import Story, browser
from .source import report

CORPUS = hostile_texts()
ADDRESSES = {"href", "src", "action", "formaction", "srcdoc", "data", "poster", "srcset"}
# What stands at a control while its answer is wrong.
STATES = {"aria-invalid", "aria-describedby"}
ROUNDS = 2  # one telling has words enough for the whole corpus; each place meets two of them


class Seen(HTMLParser):
    """The elements with the names of their attributes, the schemes, and the JSON of a page."""

    def __init__(self, html: str):
        super().__init__()
        self.shapes, self.schemes, self.json, self._inside = set(), set(), [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.shapes |= {(tag, name) for name, _value in attrs if name not in STATES}
        self.shapes.add((tag, ""))
        for name, value in attrs:
            if name.endswith("href") or name in ADDRESSES:
                parts = urlsplit((value or "").strip())
                self.schemes.add((tag, name, parts.scheme, parts.netloc))
        self._inside = tag if dict(attrs).get("type") == "application/json" else ""

    def handle_data(self, data):
        if self._inside:
            self.json.append(data)

    def handle_endtag(self, tag):
        self._inside = ""


def speaker(start: int):
    """`say`: the next text of the corpus each time, from `start` on."""
    texts = itertools.cycle(CORPUS[start:] + CORPUS[:start])
    return lambda: next(texts)


def plain():
    numbers = itertools.count(1)
    return lambda: f"plain alert {next(numbers)}"


def read(story: Story) -> dict:
    """{(kind of person, number of the page): what was found there}"""
    found = {}
    for person, (_user, addresses) in enumerate(story.pages().items()):
        client = browser(_user)
        for number, address in enumerate(addresses):
            answer = client.get(address, follow=True)
            assert answer.status_code == 200, (address, answer.status_code)
            found[person, number] = address, Seen(answer.content.decode())
    return found


def told(say, look):
    """What `look(story)` finds in the story told with `say`, which is undone afterwards."""
    with transaction.atomic():
        found = look(Story(say))
        transaction.set_rollback(True)
    return found


def read_and_kept(story: Story) -> tuple[dict, dict]:
    return read(story), letters_and_files(story)


def test_what_was_written_stays_text_on_pages_in_letters_and_exports(db):
    without_markup = told(plain(), read)
    for number in range(ROUNDS):
        hostile, files = told(speaker(number * len(CORPUS) // ROUNDS), read_and_kept)
        findings = [
            f"{address}: {one}"
            for place, (address, seen) in hostile.items()
            for one in foreign(seen, without_markup[place][1])
        ]
        assert not findings, report("Words became markup:", findings)
        for name, content in files.items():
            assert_sound(name, content)


def foreign(seen: Seen, before: Seen) -> list:
    """What a page has that the same page with plain words has not; JSON that would end a script."""
    bare = [text for text in seen.json if "<" in text or json.loads(text) is None]
    return [*(seen.shapes - before.shapes), *(seen.schemes - before.schemes), *bare]


def letters_and_files(story: Story) -> dict:
    """{name: bytes} of every document, letter and export of the story."""
    alice, admin = browser(story.alice), browser(story.ben)
    base = f"/admin/platform_core/napp/{story.napp.pk}/versions/{story.newer.pk}/"
    exports = [f"{base}decisions/risk.dmn", f"{base}processes/handling.bpmn", f"{base}export/"]
    exports += [f"{base}processes/looking.bpmn"]
    found = {path: body(admin.get(path)) for path in exports}
    found["/me/export/"] = body(alice.post("/me/export/"))
    for number, letter in enumerate(story.letters):
        found[f"{number}.pdf"] = body(alice.get(f"/documents/{letter.pk}/pdf/"))
    found["copy.pdf"] = body(alice.get(f"/documents/copies/{story.copy.pk}/pdf/"))
    return found


def body(answer) -> bytes:
    assert answer.status_code == 200, (answer.request["PATH_INFO"], answer.status_code)
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def assert_sound(name: str, content: bytes) -> None:
    """A PDF that does nothing when it is opened, XML of the notation alone, or JSON."""
    if name.endswith(".pdf"):
        root = PdfReader(BytesIO(content)).trailer["/Root"].get_object()
        assert not {"/OpenAction", "/AA", "/Names", "/AcroForm"} & root.keys(), name
    elif name.endswith((".dmn", ".bpmn")):
        tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
        assert tree.getroottree().docinfo.doctype == ""
        kinds = {etree.QName(one).namespace for one in tree.iter(etree.Element)}
        assert all("omg.org" in str(one) or "govplatform" in str(one) for one in kinds), kinds
    else:
        json.loads(content)
