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
                    "cells": [text(show_if={"var": "a"})],
                }
            ),
            "forms[0].pages[0].fields[0].cells[0]",
            "neither a condition",
        ),
    ],
)
def test_mistakes_are_found_at_their_place(wrong, place, words):
    found = problems(wrong)
    assert place in found and words in found[place], found


def test_two_forms_with_one_key_are_refused():
    assert "forms[1].key" in problems(form(text()), form(text()))


def test_a_table_that_no_browser_may_send_is_refused():
    cells = [text(f"c{number}") for number in range(12)]
    table = {"key": "t", "type": "repeat", "label": TWO("表", "T"), "max_rows": 200, "cells": cells}
    assert "larger than a browser" in problems(form(table))["forms[0].pages[0]"]
    validate_manifest(manifest(form({**table, "max_rows": 100})))


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
