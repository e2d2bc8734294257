"""One definition, many renderings: random forms and random answers through all of them at once."""

import json
from datetime import date

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.template import Context, Template
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from platform_core.capabilities.forms import present
from platform_core.capabilities.forms.binding import BoundForm
from platform_core.capabilities.forms.capability import check_form
from platform_core.capabilities.forms.describe import json_schema
from platform_core.capabilities.forms.display import Reading, sections
from platform_core.capabilities.forms.engine import examine, key_of
from platform_core.capabilities.forms.facts import Facts, FileFact, RegionFact
from platform_core.capabilities.forms.schema import Form
from platform_core.capabilities.rules.reference import reference_now
from tests.factories import citizen_number
from tests.hostile import hostile_texts

from .makers import TWO

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
FILE = "5f0c3f0e-0000-4000-8000-000000000001"
OPTIONS = [{"value": value, "label": TWO(value, value)} for value in ("x", "y", "z")]
HOSTILE = st.sampled_from(hostile_texts())
LABELS = st.one_of(st.text("abc 汉字", min_size=1).filter(str.strip), HOSTILE)

# What an author may say of each type, and what people answer: right, wrong, or hostile.
TYPES = {
    "text": ({"max_length": 30}, st.text(max_size=35)),
    "textarea": ({}, st.text(max_size=50)),
    "number": ({"decimals": 2, "min": 0}, st.one_of(st.integers(-5, 99), st.just("1.25"))),
    "money": ({}, st.sampled_from(["1", "1.5", "-1", "¥1,800.50", "x"])),
    "date": ({}, st.dates(date(1990, 1, 1), date(2050, 1, 1)).map(date.isoformat)),
    "working_day": ({}, st.dates(date(2026, 1, 1), date(2026, 12, 31)).map(date.isoformat)),
    "time": ({}, st.sampled_from(["9:00", "23:59", "24:00", "now"])),
    "datetime": ({}, st.sampled_from(["2026-01-02T03:04", "2026/1/2 3:04", "2026-01-02"])),
    "choice": ({"options": OPTIONS}, st.sampled_from(["x", "y", "q"])),
    "multi_choice": ({"options": OPTIONS}, st.lists(st.sampled_from(["x", "z", "q"]), max_size=3)),
    "yes_no": ({}, st.sampled_from(["yes", "no", True, False, "perhaps"])),
    "citizen_number": ({}, st.integers(1, 500).map(citizen_number)),
    "credit_code": ({}, st.sampled_from(["91350100M000100Y43", "1"])),
    "mobile": ({}, st.sampled_from(["13800000000", "138"])),
    "email": ({}, st.sampled_from(["a@b.example", "a@"])),
    "qr": ({"prefix": "FG"}, st.sampled_from(["FG-1", "GF-1"])),
    "region": ({}, st.sampled_from(["330106", "330100", "1"])),
    "address": (
        {},
        st.fixed_dictionaries(
            {}, optional={"region": st.sampled_from(["330106", "1"]), "street": st.text(max_size=9)}
        ),
    ),
    "location": (
        {},
        st.fixed_dictionaries(
            {},
            optional={
                "lng": st.sampled_from(["120.1", "30"]),
                "lat": st.sampled_from(["30.25", "120"]),
                "text": st.text(max_size=9),
            },
        ),
    ),
    "signature": (
        {},
        st.fixed_dictionaries(
            {},
            optional={
                "name": st.text("ab", max_size=3),
                "agreed": st.sampled_from(["1", True, ""]),
                "file": st.sampled_from([FILE, "x"]),
            },
        ),
    ),
    "attachment": ({}, st.lists(st.sampled_from([FILE, "x"]), max_size=2)),
    "note": ({}, st.none()),
}
CELLS = ["text", "number", "money", "date", "choice", "multi_choice", "yes_no", "email"]
FACTS = Facts(
    TODAY,
    regions={
        "330106": RegionFact("330106", "西湖区", 3, "330000/330100/330106/"),
        "330100": RegionFact("330100", "杭州市", 2, "330000/330100/"),
    },
    files={FILE: FileFact(FILE, "a.png", 10, "image/png", "clean")},
    reference=reference_now(TODAY),
)


@st.composite
def questions(draw, key, types, earlier=()):
    """A question of one of the types, perhaps under a condition over an earlier one."""
    kind = draw(st.sampled_from(types))
    field = {"key": key, "type": kind, "label": TWO(draw(LABELS), draw(LABELS)), **TYPES[kind][0]}
    if draw(st.booleans()):
        field["help"] = TWO(draw(LABELS), draw(LABELS))
    if kind != "note":
        field["required"] = draw(st.booleans())
    choices = [one["key"] for one in earlier if one["type"] == "choice"]
    if choices and draw(st.booleans()):
        rule = {"==": [{"var": draw(st.sampled_from(choices))}, draw(st.sampled_from("xyz"))]}
        name = "show_if" if kind == "note" else draw(st.sampled_from(["show_if", "required_if"]))
        field[name] = rule
    return field


@st.composite
def tables(draw, key):
    cells = [draw(questions(f"c{n}", CELLS)) for n in range(draw(st.integers(1, 4)))]
    for cell in cells:
        cell.pop("show_if", None)
    numbers = [cell["key"] for cell in cells if cell["type"] in ("number", "money")]
    if numbers:
        rule = {"*": [{"row": numbers[0]}, 2]}
        label = TWO(draw(LABELS), "Twice")
        cells.append(
            {"key": "twice", "type": "computed", "label": label, "rule": rule, "decimals": 3}
        )
    totals = ["twice"] if numbers else []
    label = TWO(draw(LABELS), draw(LABELS))
    return {"key": key, "type": "repeat", "label": label, "cells": cells, "totals": totals}


@st.composite
def forms(draw):
    fields = []
    for number in range(draw(st.integers(1, 6))):
        fields.append(draw(questions(f"q{number}", sorted(TYPES), fields)))
    if draw(st.booleans()):
        fields.append(draw(tables("table")))
        count = {"count": [{"var": "table"}]}
        fields.append(
            {"key": "rows", "type": "computed", "label": TWO("行", "Rows"), "rule": count}
        )
    half = draw(st.integers(1, len(fields)))
    pages = [
        {"key": f"p{number}", "title": TWO(draw(LABELS), draw(LABELS)), "fields": part}
        for number, part in enumerate((fields[:half], fields[half:]))
        if part
    ]
    return {"key": "f", "title": TWO(draw(LABELS), draw(LABELS)), "pages": pages}


@st.composite
def filled(draw):
    """A form and what somebody answers."""
    definition = draw(forms())
    values = {}
    for page in definition["pages"]:
        for field in page["fields"]:
            if field["type"] in ("note", "computed") or draw(st.integers(0, 4)) == 0:
                continue
            values[field["key"]] = draw(answers(field))
    return definition, values


def answers(field):
    if field["type"] == "repeat":
        cells = {cell["key"]: answers(cell) for cell in field["cells"] if cell["type"] in TYPES}
        return st.lists(st.fixed_dictionaries({}, optional=cells), max_size=3)
    return st.one_of(TYPES[field["type"]][1], TYPES[field["type"]][1], HOSTILE)


def bound_to(form, values, page=None) -> BoundForm:
    outcome = examine(form, values, FACTS)
    return BoundForm(form, values, outcome, FACTS, page, dict(outcome.errors))


def drawn(bound, page) -> str:
    return Template("{% load forms %}{% form_page bound page %}").render(
        Context({"bound": bound, "page": page})
    )


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(filled())
def test_a_form_and_its_answers_agree_in_every_rendering(case):
    definition, values = case
    form = Form.model_validate(definition)
    assert not list(check_form(form))
    bound = bound_to(form, values)
    html = {page.key: drawn(bound, page) for page in form.pages}
    # Every mistake has its place on the page that the summary's link leads to.
    for path in bound.errors:
        page = bound.page_of(path)
        target = present.element_id(path)
        assert f'id="{target}' in html[page.key], path
        assert key_of(path) in bound.visible

    # Answers are the same after another round.
    again = bound_to(form, bound.cleaned)
    kept = {key: value for key, value in bound.cleaned.items() if key not in bound.outcome.errors}
    assert {key: again.cleaned.get(key) for key in kept} == kept

    if not bound.errors:
        schema = json_schema(form)
        Draft202012Validator.check_schema(schema)
        stored = json.loads(json.dumps(bound.cleaned, cls=DjangoJSONEncoder))
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(stored)

    # The read-only view shows every answer that there is.
    read = sections(form, bound.cleaned, Reading(unmask=True, files=FACTS.files))
    shown = {answer.key for section in read for answer in section.answers if not answer.is_empty}
    assert shown == set(bound.cleaned)
    Template("{% include 'forms/answers.html' %}").render(Context({"sections": read}))


def test_conditions_that_json_schema_can_say_are_in_it():
    ask = {"key": "why", "type": "text", "label": TWO("因", "Why"), "required": True}
    rule = {"in": [{"var": "kind"}, ["x", "y"]]}
    kind = {"key": "kind", "type": "choice", "label": TWO("类", "Kind"), "options": OPTIONS}
    fields = [kind, {**ask, "show_if": rule}, {**ask, "key": "more", "show_if": {"!": 1}}]
    page = {"key": "p", "title": TWO("页", "Page"), "fields": fields}
    schema = json_schema(Form(key="f", title=TWO("表", "Form"), pages=[page]))
    check = Draft202012Validator(schema)
    assert check.is_valid({"kind": "z"}) and check.is_valid({"kind": "x", "why": "so"})
    assert not check.is_valid({"kind": "x"}) and check.is_valid({})
