"""Forms as HTML: what a screen reader needs, everything typed kept, nothing typed executed."""

from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from django.utils import translation

from platform_core.capabilities.forms import services
from platform_core.capabilities.forms.binding import bind_draft
from tests.factories import actor_of, make_citizen, make_region

from .makers import EVERYTHING, publish
from .test_services import answered, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return make_citizen("alice", name="陈小宁")


@pytest.fixture
def draft(alice):
    return services.start_draft(
        actor=actor_of(alice), napp_version=publish(), form_key="everything", purpose="item:1"
    )


class Page(HTMLParser):
    """Ids, inputs and references of a drawn page."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.labelled, self.described, self.links, self.inputs = [], [], [], [], []
        self.is_in_label = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag == "label":
            self.is_in_label = "for" not in attrs
            self.labelled += [attrs["for"]] if "for" in attrs else []
        if attrs.get("aria-describedby"):
            self.described += attrs["aria-describedby"].split()
        if tag == "a" and attrs.get("href", "").startswith("#"):
            self.links.append(attrs["href"][1:])
        is_control = tag in ("input", "select", "textarea") and attrs.get("type") != "hidden"
        if is_control and not self.is_in_label:
            self.inputs.append(attrs)

    def handle_endtag(self, tag):
        self.is_in_label = self.is_in_label and tag != "label"


def draw(bound, source="{% load forms %}{% form_page bound %}{% form_buttons bound %}"):
    return Template(source).render(Context({"bound": bound}))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("page", ["you", "matter"])
def test_every_control_has_its_label_and_every_reference_leads_somewhere(
    draft, alice, page, language
):
    make_region("330106")
    wrong = {
        "name": "\x07",
        "number": "1",
        "mobile": "1",
        "email": "x",
        "kind": "?",
        "people": "viel",
        "rent": "x",
        "seen_on": "gestern",
        "signs": ["nothing"],
        "place": "000000",
        "urgent": "?",
        "staff-0-name": "",
        "staff-0-temp": "warm",
    }
    with translation.override(language):
        html = draw(save(draft, alice, page, **wrong))
    drawn = Page(html)
    assert len(drawn.ids) == len(set(drawn.ids))
    assert {one["id"] for one in drawn.inputs} <= set(drawn.labelled)
    assert set(drawn.described) <= set(drawn.ids)
    assert drawn.links and set(drawn.links) <= set(drawn.ids)
    assert html.count('aria-invalid="true"') >= 3


def test_what_was_typed_is_shown_again_even_where_it_is_wrong(draft, alice):
    html = draw(
        save(
            draft, alice, "matter", people="viel", seen_on="gestern", story="𠮷😀<b>", rent="1 800"
        )
    )
    for typed in ('value="viel"', 'value="gestern"', "𠮷😀&lt;b&gt;", 'value="1 800"'):
        assert typed in html


def test_hidden_questions_are_there_for_the_browser_but_not_shown(draft, alice):
    html = draw(bind_draft(draft, page="you", actor=actor_of(alice), quiet=True))
    start = html.index('data-ask="credit_code"')
    assert "hidden" in html[start : start + 250]
    assert 'data-show-if="{&quot;==&quot;' in html
    shown = Page(html)
    assert "From your profile" in html and any(
        one.get("autocomplete") == "name" for one in shown.inputs
    )


def test_hostile_labels_are_text(alice):
    hostile = '"><script>alert(1)</script>'
    form = {
        "key": "x",
        "title": {"zh": hostile, "en": hostile},
        "pages": [
            {
                "key": "p",
                "title": {"zh": hostile, "en": hostile},
                "fields": [
                    {
                        "key": key,
                        "type": key,
                        "label": {"zh": hostile, "en": hostile},
                        "help": {"zh": hostile, "en": hostile},
                        **more,
                    }
                    for key, more in (
                        ("text", {}),
                        ("note", {}),
                        ("region", {}),
                        ("attachment", {}),
                        (
                            "choice",
                            {"options": [{"value": "a", "label": {"zh": hostile, "en": hostile}}]},
                        ),
                        (
                            "repeat",
                            {
                                "row_label": {"zh": hostile, "en": hostile},
                                "cells": [
                                    {
                                        "key": "c",
                                        "type": "text",
                                        "label": {"zh": hostile, "en": hostile},
                                    }
                                ],
                            },
                        ),
                    )
                ],
            }
        ],
    }
    draft = services.start_draft(
        actor=actor_of(alice), napp_version=publish(form), form_key="x", purpose="x"
    )
    html = draw(save(draft, alice, "p", text=hostile, choice=hostile, _add="repeat"))
    assert "<script" not in html and html.count("&lt;script&gt;") > 8


def test_the_number_of_queries_does_not_grow_with_rows(draft, alice, django_assert_num_queries):
    make_region("330106")
    for rows in (1, 3):
        cells = {f"staff-{n}-name": "甲" for n in range(rows)}
        bound = save(draft, alice, "matter", place="330106", **cells)
        with django_assert_num_queries(1):
            draw(bound)


def test_a_record_reads_masked_and_opens_for_those_who_may(draft, alice):
    answered(draft, alice)
    record = services.submit_draft(actor=actor_of(alice), draft=draft)
    template = Template("{% load forms %}{% form_answers record user unmask %}")
    masked = template.render(Context({"record": record, "user": alice, "unmask": False}))
    assert "陈*宁" in masked and "138****0000" in masked and "139****0000" in masked
    assert (
        "13800000000" not in masked
        and "¥1,800.50" in masked
        and "Hangzhou · Xihu District" in masked
    )
    opened = template.render(Context({"record": record, "user": alice, "unmask": True}))
    assert "13800000000" in opened and "陈小宁" in opened


def test_the_check_page_shows_what_is_missing_with_the_way_back(draft, alice):
    save(draft, alice, "you", name="陈", number="", kind="", mobile="12")
    bound = bind_draft(draft.__class__.objects.get(pk=draft.pk), actor=actor_of(alice))
    html = draw(bound, '{% load forms %}{% form_check bound "/d/__page__/" %}')
    assert 'href="/d/you/"' in html and "Choose an answer: Kind" in html
    assert bound.first_wrong_page().key == "you" and ">陈<" in html
    assert EVERYTHING["pages"][1]["title"]["en"] in html


def test_the_words_of_a_page_are_said_above_its_questions(draft, alice):
    html = draw(bind_draft(draft, page="matter", actor=actor_of(alice)))
    assert 0 < html.index("A few words are enough.") < html.index("<label")
