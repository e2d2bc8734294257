"""Whatever is typed: no crash, nothing lost, and what was right comes back the same."""

import json
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from platform_core.capabilities.forms import present
from platform_core.capabilities.forms.binding import BoundForm
from platform_core.capabilities.forms.cleaning import Facts
from platform_core.capabilities.forms.describe import json_schema
from platform_core.capabilities.forms.engine import examine
from platform_core.capabilities.forms.posting import read
from platform_core.capabilities.forms.schema import Form
from platform_core.common.bounded_json import is_storable
from tests.factories import citizen_number

from .makers import EVERYTHING, TWO

TODAY = date(2026, 11, 23)
PLAIN = {
    "text",
    "textarea",
    "number",
    "money",
    "date",
    "choice",
    "multi_choice",
    "yes_no",
    "citizen_number",
    "credit_code",
    "mobile",
    "email",
    "repeat",
    "note",
}
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def form_of(definition) -> Form:
    return TypeAdapter(Form).validate_python(definition)


def without_lookups() -> Form:
    """The form with everything that needs no database to be drawn and judged."""
    pages = [
        {
            **page,
            "fields": [
                {**one, "prefill": None} if one["type"] != "note" else one
                for one in page["fields"]
                if one["type"] in PLAIN
            ],
        }
        for page in EVERYTHING["pages"]
    ]
    extra = {"key": "size", "type": "number", "decimals": 3, "label": TWO("面积", "Area")}
    pages[1]["fields"].append(extra)
    return form_of({**EVERYTHING, "pages": pages})


FORM = without_lookups()


def bound(values, page=None) -> BoundForm:
    outcome = examine(FORM, values, Facts(TODAY))
    return BoundForm(FORM, values, outcome, Facts(TODAY), page, dict(outcome.errors))


class Filled(HTMLParser):
    """What a browser would send for a page as it stands."""

    def __init__(self, html):
        super().__init__()
        self.sent, self.area, self.select, self.text = [], None, None, ""
        self.in_template = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.in_template += tag == "template"
        if self.in_template or "disabled" in attrs:
            return
        if tag == "input" and attrs.get("type") not in ("file", "submit"):
            if attrs.get("type") in ("radio", "checkbox") and "checked" not in attrs:
                return
            self.sent.append((attrs["name"], attrs.get("value") or ""))
        elif tag == "textarea":
            self.area, self.text = attrs["name"], ""
        elif tag == "select":
            self.select = attrs["name"]
        elif tag == "option" and "selected" in attrs and self.select:
            self.sent.append((self.select, attrs["value"]))

    def handle_data(self, data):
        if self.area:
            self.text += data

    def handle_endtag(self, tag):
        self.in_template -= tag == "template"
        if tag == "textarea" and self.area:
            # A browser drops the first line break of a textarea and sends the others as CR LF.
            text = self.text.removeprefix("\n").replace("\r\n", "\n").replace("\n", "\r\n")
            self.sent.append((self.area, text))
            self.area = None


def sent_again(form: BoundForm) -> dict:
    """All pages drawn, sent as they are, and read."""
    values = {}
    for page in FORM.pages:
        html = render_to_string(
            "forms/page.html", {"drawn": present.draw(form, page), "bound": form}
        )
        post = QueryDict(mutable=True)
        for name, value in Filled(html).sent:
            post.appendlist(name, value)
        values |= read(page.fields, post).values
    return values


words = st.text(
    st.characters(
        blacklist_categories=("Cs", "Cc", "Cn", "Zs", "Zl", "Zp"),
        blacklist_characters="\u200e\u200f\u061c\ufffd"
        + "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])),
    ),
    min_size=1,
    max_size=20,
)
right = st.fixed_dictionaries(
    {"name": words, "kind": st.sampled_from(["person", "firm"])},
    optional={
        "number": st.integers(1, 500).map(citizen_number),
        "mobile": st.sampled_from(["13800000000", "+86 139-0000-0000"]),
        "email": st.just("chen@example.com"),
        "credit_code": st.just("91350100M000100Y43"),
        "story": st.lists(words, max_size=3).map("\n".join),
        "people": st.integers(0, 999).map(str),
        "size": st.decimals(-1000, 1000, places=3).map(str),
        "rent": st.decimals(0, 10**9, places=2).map(str),
        "seen_on": st.dates(date(1900, 1, 1), TODAY).map(date.isoformat),
        "signs": st.lists(st.sampled_from(["fever", "cough", "other"]), max_size=2, unique=True),
        "urgent": st.sampled_from(["yes", "no"]),
        "why": words,
        "plan": words,
        "staff": st.lists(
            st.fixed_dictionaries({"name": words}, optional={"temp": st.just("36.5")}), max_size=3
        ),
    },
)


@quick
@given(right)
def test_what_is_right_is_drawn_sent_and_stored_the_same(values):
    before = bound(values)
    again = bound(sent_again(before))
    assert again.cleaned == before.cleaned and again.errors == before.errors
    # What is stored is typed again in a correction and must not change on the way.
    assert bound(before.cleaned).cleaned == before.cleaned
    assert json.loads(json.dumps(before.cleaned)) == before.cleaned


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(st.text(max_size=6), st.sampled_from(["name", "temp"])), inner, max_size=4
        ),
    ),
    max_leaves=8,
)
KEYS = [question.key for question in FORM.questions()]


@quick
@given(st.dictionaries(st.sampled_from([*KEYS, "other"]), anything))
@example({"people": float("nan"), "rent": float("inf"), "size": "1e999999999"})
@example({"seen_on": "٢٠٢٠-٠٢-٠٩", "people": "１２", "number": "\x00" * 18})
@example({"staff": [{"name": ["a"]}], "signs": [["fever"]], "kind": ["person"]})
def test_hostile_answers_are_refused_never_crash(values):
    given_values = read(FORM.questions(), values).values
    form = bound(given_values)
    assert is_storable(json.loads(json.dumps(form.cleaned)))
    assert set(form.cleaned) <= set(KEYS)
    for page in FORM.pages:
        present.draw(form, page)


@quick
@given(
    st.lists(
        st.tuples(
            st.one_of(
                st.sampled_from(
                    [
                        *KEYS,
                        "staff-0-name",
                        "staff-9999-temp",
                        "staff-1-",
                        "_add",
                        "_drop",
                        "_remove",
                        "_shown",
                    ]
                ),
                st.text(max_size=12),
            ),
            st.one_of(
                st.text(max_size=40),
                st.sampled_from(["staff", "staff:0", "staff:x", "\ud800", "a\x00b"]),
            ),
        ),
        max_size=20,
    )
)
def test_hostile_posts_are_kept_as_typed_and_drawn_again(pairs):
    post = QueryDict(mutable=True)
    for name, value in pairs:
        post.appendlist(name, value)
    values = {}
    for page in FORM.pages:
        values |= read(page.fields, post, None, values).values
    assert is_storable(json.loads(json.dumps(values)))
    form = bound(values)
    for page in FORM.pages:
        html = render_to_string(
            "forms/page.html", {"drawn": present.draw(form, page), "bound": form}
        )
        assert "\x00" not in html


def test_amounts_and_dates_are_read_as_people_write_them():
    typed = {
        "name": "x",
        "kind": "person",
        "rent": " ￥1，800.5 元",
        "people": "１２",
        "seen_on": "2020年2月9日",
    }
    cleaned = bound(typed).cleaned
    assert (cleaned["rent"], cleaned["people"], cleaned["seen_on"]) == ("1800.50", 12, "2020-02-09")
    assert Decimal(cleaned["rent"]) == Decimal("1800.5")
    for wrong in ("2026-13-01", "2027-01-01", "20261124", "next week"):
        assert "seen_on" in bound({"seen_on": wrong}).errors


def test_lengths_count_characters_as_people_do():
    assert not bound({"name": "𠮷" * 20, "kind": "person"}).errors
    assert (
        "20 characters; it has 21" in bound({"name": "𠮷" * 21, "kind": "person"}).errors["name"][0]
    )


def test_hidden_answers_are_neither_judged_nor_stored():
    form = bound(
        {"name": "x", "kind": "person", "credit_code": "wrong", "urgent": "no", "why": "\x07"}
    )
    assert not form.errors and set(form.cleaned) == {"name", "kind", "urgent"}
    assert [page.key for page in form.pages] == ["you", "matter"]


def test_the_schema_of_the_answers_can_be_described():
    schema = json_schema(FORM)
    assert schema["required"] == ["name", "kind"] and schema["additionalProperties"] is False
    assert schema["properties"]["kind"]["enum"] == ["person", "firm"]
    assert schema["properties"]["people"] == {
        "title": "People",
        "type": "integer",
        "minimum": 0,
        "maximum": 999,
    }
    assert schema["properties"]["staff"]["items"]["required"] == ["name"]
    json.dumps(schema)
