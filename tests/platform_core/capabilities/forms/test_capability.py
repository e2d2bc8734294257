"""What a manifest may say about forms, and where its mistakes are found."""

import copy
import json
from pathlib import Path

import pytest

from platform_core.capabilities.forms.describe import SHAPES
from platform_core.napps.manifest import ManifestInvalid, validate_manifest

from .makers import EVERYTHING, TWO, manifest


def form(*fields, **more):
    return {
        "key": "f",
        "title": TWO("表", "Form"),
        **more,
        "pages": [{"key": "p", "title": TWO("页", "Page"), "fields": list(fields)}],
    }


def text(key="a", **more):
    return {"key": key, "type": "text", "label": TWO("字", "Text"), **more}


def problems(*forms):
    with pytest.raises(ManifestInvalid) as refusal:
        validate_manifest(manifest(*forms))
    return {problem.place: problem.message for problem in refusal.value.problems}


def test_the_form_with_everything_is_sound():
    sound = validate_manifest(manifest(EVERYTHING))
    assert [page.key for page in sound.section("forms")[0].pages] == ["you", "matter", "big"]


@pytest.mark.parametrize(
    ("wrong", "place", "words"),
    [
        (form(text(), text()), "forms[0].pages[0].fields[1].key", "given twice"),
        (form(text(), retired=["a"]), "forms[0].pages[0].fields[0].key", "removed field"),
        (form(text("csrfmiddlewaretoken")), "forms[0].pages[0].fields[0].key", "given twice"),
        (
            form(text(show_if={"filled": {"var": "b"}}), text("b")),
            "forms[0].pages[0].fields[0].show_if",
            "no field",
        ),
        (form(text(min_length=9, max_length=3)), "forms[0].pages[0].fields[0].min_length", "above"),
        (
            form(text(prefill="profile.mobile")),
            "forms[0].pages[0].fields[0].prefill",
            "does not fit",
        ),
        (form(text(colour="red")), "forms[0].pages[0].fields[0].colour", "not known"),
        (form(text("A b")), "forms[0].pages[0].fields[0].key", "allowed form"),
        (
            form({"key": "d", "type": "date", "label": TWO("日", "Day"), "latest": "2026-02-30"}),
            "forms[0].pages[0].fields[0].latest",
            "real day",
        ),
        (
            form({"key": "n", "type": "number", "label": TWO("数", "N"), "min": 5, "max": 1}),
            "forms[0].pages[0].fields[0].min",
            "above",
        ),
        (
            form({"key": "c", "type": "choice", "label": TWO("选", "C"), "options": []}),
            "forms[0].pages[0].fields[0].options",
            "empty",
        ),
        (
            form(
                {
                    "key": "c",
                    "type": "choice",
                    "label": TWO("选", "C"),
                    "options": [{"value": "x", "label": TWO("甲", "X")}] * 2,
                }
            ),
            "forms[0].pages[0].fields[0].options[1].value",
            "twice",
        ),
        (
            form({"key": "c", "type": "wizard", "label": TWO("选", "C")}),
            "forms[0].pages[0].fields[0]",
            "wizard",
        ),
        (
            form(
                {
                    "key": "r",
                    "type": "repeat",
                    "label": TWO("表", "T"),
                    "cells": [text(prefill="profile.name")],
                }
            ),
            "forms[0].pages[0].fields[0].cells[0]",
            "has no source",
        ),
    ],
)
def test_mistakes_are_found_at_their_place(wrong, place, words):
    found = problems(wrong)
    assert place in found and words in found[place], found


def computed(key, rule, **more):
    return {"key": key, "type": "computed", "label": TWO("算", key), "rule": rule, **more}


def table(*cells, **more):
    return {"key": "t", "type": "repeat", "label": TWO("表", "T"), "cells": list(cells), **more}


NUMBER = {"key": "n", "type": "number", "label": TWO("数", "N")}
SAID = TWO("不对", "Not so.")


@pytest.mark.parametrize(
    ("wrong", "place", "words"),
    [
        (
            form(
                computed("a", {"+": [{"var": "b"}, 1]}),
                computed("b", {"+": [{"var": "c"}, 1]}),
                computed("c", {"+": [{"var": "a"}, 1]}),
            ),
            "forms[0].pages[0].fields[0].rule",
            "a → b → c → a",
        ),
        (
            form(computed("a", {"+": [{"var": "n"}, 1]}), NUMBER),
            "forms[0].pages[0].fields[0].rule",
            "no field “n” before",
        ),
        (
            form(text(), computed("b", {"length": [{"var": "a"}]}, result="date")),
            "forms[0].pages[0].fields[1].result",
            "this kind",
        ),
        (
            form(table(NUMBER, computed("b", {"concat": [{"row": "n"}]}, result="text"))),
            "forms[0].pages[0].fields[0].cells[1].result",
            "computes a number",
        ),
        (
            form(table(computed("b", {"+": [{"row": "n"}, 1]}), NUMBER)),
            "forms[0].pages[0].fields[0].cells[0].rule",
            "",
        ),
        (
            form(table(text("x"), totals=["x"])),
            "forms[0].pages[0].fields[0].totals[0]",
            "not a column of numbers",
        ),
        (
            form(
                table(
                    NUMBER,
                    checks=[{"that": {">": [{"row": "n"}, 0]}, "message": SAID, "field": "m"}],
                )
            ),
            "forms[0].pages[0].fields[0].checks[0].field",
            "no field “m”",
        ),
        (
            form(text(pattern="(?=a)a", pattern_message=SAID)),
            "forms[0].pages[0].fields[0].pattern",
            "invalid perl operator",
        ),
        (
            form(text(pattern="((((a{1,100}){1,100}){1,100}))", pattern_message=SAID)),
            "forms[0].pages[0].fields[0].pattern",
            "cannot be used",
        ),
        (form(text(pattern="a")), "forms[0].pages[0].fields[0].pattern_message", "in words"),
        (form(text(sensitive=True)), "forms[0].pages[0].fields[0].sensitive", "legal ground"),
        (
            form(table(text("x", sensitive=True))),
            "forms[0].pages[0].fields[0].cells[0].sensitive",
            "legal ground",
        ),
        (form(text(default=["a"])), "forms[0].pages[0].fields[0].default", "right form"),
        (form(text(default="x" * 101)), "forms[0].pages[0].fields[0].default", "Shorten"),
        (form(text(read_only=True)), "forms[0].pages[0].fields[0].read_only", "default or"),
        (
            form(text(required_if={"==": [{"var": "z"}, "a"]})),
            "forms[0].pages[0].fields[0].required_if",
            "no field “z”",
        ),
        (
            form(table({"key": "r", "type": "region", "label": TWO("地", "R")})),
            "forms[0].pages[0].fields[0].cells[0]",
            "named division",
        ),
    ],
)
def test_mistakes_in_rules_and_declarations_are_found_at_their_place(wrong, place, words):
    found = problems(wrong)
    assert place in found and words in found[place], found


def test_a_sensitive_field_may_be_declared_once_for_the_form():
    declared = {
        "purpose": TWO("联系", "To reach you."), "ground": "consent", "retention_days": 30,
    }  # fmt: skip
    validate_manifest(manifest({**form(text(sensitive=True)), "privacy": declared}))
    validate_manifest(manifest(form(text(sensitive=declared))))
    assert "forms[0].pages[0].fields[0]" in " ".join(
        problems(form(text(sensitive={**declared, "ground": "because"})))
    )


def test_checks_of_a_form_name_known_fields():
    check = {"that": {"==": [{"var": "z"}, 1]}, "message": SAID, "field": "y"}
    found = problems({**form(text()), "checks": [check]})
    assert {"forms[0].checks[0].that", "forms[0].checks[0].field"} <= set(found)


def test_two_forms_with_one_key_are_refused():
    assert "forms[1].key" in problems(form(text()), form(text()))


def test_a_table_that_no_browser_may_send_is_refused():
    cells = [text(f"c{number}") for number in range(12)]
    assert (
        "larger than a browser" in problems(form(table(*cells, max_rows=200)))["forms[0].pages[0]"]
    )
    validate_manifest(manifest(form(table(*cells, max_rows=100))))


def test_a_condition_of_absurd_depth_is_refused_fast():
    deep = True
    for _level in range(60):
        deep = {"not": [deep]}
    assert (
        "levels deep"
        in problems(form(text(), text("b", show_if=deep)))["forms[0].pages[0].fields[1].show_if"]
    )


def test_a_page_may_ask_about_earlier_pages_only():
    twice = copy.deepcopy(EVERYTHING)
    twice["pages"][0]["show_if"] = {">": [{"var": "people"}, 1]}
    assert "no field" in problems(twice)["forms[0].pages[0].show_if"]


def test_the_demo_of_the_capability_is_sound_and_has_one_of_each():
    demo = json.loads(Path("platform_core/capabilities/forms/demo.json").read_text())
    (sound,) = validate_manifest(manifest(*demo)).section("forms")
    assert {field.type for _page, field in sound.all_fields()} == set(SHAPES) | {"note"}
