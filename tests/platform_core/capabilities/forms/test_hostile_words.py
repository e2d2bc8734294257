"""Nothing that an author or a person writes becomes markup, wherever the form is shown."""

import json
from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from django.utils import translation

from platform_core.capabilities.forms.binding import BoundForm
from platform_core.capabilities.forms.capability import check_form
from platform_core.capabilities.forms.describe import json_schema
from platform_core.capabilities.forms.display import Reading, sections
from platform_core.capabilities.forms.engine import examine
from platform_core.capabilities.forms.schema import Form
from tests.hostile import hostile_texts

from .test_renderings import FACTS, FILE, drawn

pytestmark = pytest.mark.django_db
CORPUS = hostile_texts()
# What stands at a control while its answer is wrong.
STATES = {"aria-invalid", "aria-describedby"}


class Shape(HTMLParser):
    """The elements and the names of attributes of a page, without any text."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        names = {name for name, _value in attrs} - STATES
        self.found.append((tag, tuple(sorted(names))))


def everything(words: str) -> dict:
    """A form in which every text of the author is `words`."""
    said = {"zh": words, "en": words}
    base = {"label": said, "help": said}
    options = [{"value": "x", "label": said, "help": said}]
    declared = {"purpose": said, "ground": "consent", "basis": said, "retention_days": 1}

    def ask(key, kind, **more):
        return {"key": key, "type": kind, **base, **more}

    fields = [
        ask("note", "note"),
        ask("text", "text", pattern="a+", pattern_message=said, max_length=400, sensitive=declared),
        ask("area", "textarea"),
        ask("number", "number", unit=said),
        ask("choice", "choice", options=options),
        ask("many", "multi_choice", options=options),
        ask("yes", "yes_no", required=True),
        ask("home", "address"),
        ask("spot", "location"),
        ask("sign", "signature"),
        ask("code", "qr", prefix=words[:100]),
        ask("files", "attachment"),
        ask("sum", "computed", rule={"concat": [words[:200], {"var": "area"}]}, result="text"),
        ask("fixed", "text", default=words[:100], read_only=True),
        ask(
            "rows",
            "repeat",
            row_label=said,
            totals=["n"],
            cells=[
                ask("name", "text"),
                ask("n", "number", unit=said),
                ask("o", "choice", options=options),
            ],
            checks=[{"that": {"==": [{"row": "n"}, 1]}, "message": said, "field": "n"}],
        ),
    ]
    page = {"key": "p", "title": said, "help": said, "fields": fields}
    check = {"that": {"==": [{"var": "number"}, 1]}, "message": said, "field": "number"}
    return {"key": "f", "title": said, "pages": [page], "checks": [check], "privacy": declared}


def answers(words: str) -> dict:
    return {
        "text": words,
        "area": words,
        "number": "2",
        "choice": words,
        "many": [words],
        "home": {"region": words, "street": words},
        "spot": {"lng": words, "lat": words, "text": words},
        "sign": {"name": words, "agreed": "1", "file": FILE},
        "code": words,
        "fixed": words,
        "rows": [{"name": words, "n": "2", "o": words}, {"name": words, "n": words}],
    }


def rendered(words: str) -> tuple[str, str]:
    form = Form.model_validate(everything(words))
    values = answers(words)
    outcome = examine(form, values, FACTS)
    bound = BoundForm(form, values, outcome, FACTS, form.pages[0], dict(outcome.errors))
    read = sections(form, outcome.cleaned, Reading(unmask=True, files=FACTS.files))
    html = drawn(bound, form.pages[0])
    html += Template("{% load forms %}{% form_check bound '/x/__page__' %}").render(
        Context({"bound": bound})
    )
    return html, Template("{% include 'forms/answers.html' %}").render(Context({"sections": read}))


def shapes(words: str) -> set:
    return {shape for html in rendered(words) for shape in Shape(html).found}


@pytest.mark.parametrize("part", range(8))
def test_no_element_and_no_attribute_comes_from_what_was_written(part):
    with translation.override("en"):
        plain = shapes("plain words") | shapes("a") | shapes("aaaa bbbb")
        for words in CORPUS[part::8]:
            foreign = shapes(words) - plain
            assert not foreign, (words, foreign)


def test_the_words_themselves_are_shown():
    words = "<script>alert(1)</script>"
    html, read = rendered(words)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html and words not in html + read


def test_hostile_words_stay_words_in_the_schema():
    for words in CORPUS:
        form = Form.model_validate(everything(words))
        assert not [found for found in check_form(form) if "default" not in found[0]], words
        schema = json.loads(json.dumps(json_schema(form)))
        assert schema["title"] == words.strip()
        assert schema["properties"]["text"]["title"] == words.strip()


def test_the_corpus_is_large_and_told_apart():
    assert len(CORPUS) >= 200 and len(set(CORPUS)) == len(CORPUS)
