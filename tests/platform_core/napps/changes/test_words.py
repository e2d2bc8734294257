"""Every change of a manifest is said in words, and nothing is said where nothing changed."""

import copy
import json
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from platform_core.napps.changes import chapters, sentences
from platform_core.napps.manifest import validate_manifest

APPS = Path(__file__).parents[4] / "apps"
MANIFESTS = {
    path.parent.name: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(APPS.glob("*/manifest.json"))
}


@pytest.fixture(autouse=True)
def _chains():
    """The real sections instead of the made-up one of this folder."""


@pytest.fixture
def clues():
    return copy.deepcopy(MANIFESTS["public_clues"])


def said(old, new) -> list[str]:
    return [sentence.text for sentence in sentences(old, new)]


def marked(old, new) -> set[str]:
    return {sentence.text for sentence in sentences(old, new) if sentence.is_breaking}


def changed(old, change) -> dict:
    new = copy.deepcopy(old)
    change(new)
    return new


def field(manifest, key) -> dict:
    return next(
        one
        for form in manifest["forms"]
        for page in form["pages"]
        for one in page["fields"]
        if one["key"] == key
    )


def steps(manifest) -> list:
    return manifest["processes"][0]["steps"]


class TestForms:
    def test_a_question_becomes_required(self, clues):
        new = changed(clues, lambda m: field(m, "photos").update(required=True))
        label = field(clues, "photos")["label"]["en"]
        assert said(clues, new) == [f"“{label}” became required"]
        assert marked(clues, new)
        assert f"“{label}” is no longer required" in said(new, changed(
            new, lambda m: field(m, "photos").update(required=False)))  # fmt: skip

    def test_answers_come_and_go(self, clues):
        new = changed(clues, lambda m: field(m, "kind")["options"].pop())
        assert said(clues, new) == [
            "The answer “Something else” was removed from “What is it about?”"
        ]
        assert marked(clues, new)
        assert said(new, clues) == ["The answer “Something else” was added to “What is it about?”"]
        assert not marked(new, clues)

    def test_a_page_moves(self, clues):
        pages = clues["forms"][0]["pages"]
        new = changed(clues, lambda m: m["forms"][0]["pages"].append(m["forms"][0]["pages"].pop(0)))
        first, last = pages[0]["title"]["en"], pages[-1]["title"]["en"]
        assert any(f"“{first}” moved behind “{last}”" in text for text in said(clues, new))

    def test_a_question_goes_and_one_comes(self, clues):
        def change(manifest):
            page = manifest["forms"][0]["pages"][0]
            gone = page["fields"].pop()
            page["fields"].append({**gone, "key": "brand_new", "required": True})

        new = changed(clues, change)
        texts = marked(clues, new)
        assert any(text.endswith("is no longer asked") for text in texts)
        assert any(text.endswith("and must be answered") for text in texts)

    def test_a_condition_is_a_sentence(self, clues):
        rule = {"==": [{"var": "kind"}, "hoarding"]}
        new = changed(clues, lambda m: field(m, "seen_on").update(show_if=rule))
        (text,) = said(clues, new)
        assert "shown when always → shown when “What is it about?” is “Prices driven up”" in text
        with translation.override("zh-hans"):
            (text,) = said(clues, new)
        assert "「线索类型」是「哄抬物价」" in text

    def test_a_tighter_limit_is_marked_and_a_wider_is_not(self, clues):
        tight = changed(clues, lambda m: field(m, "description").update(min_length=50))
        assert marked(clues, tight)
        assert said(tight, clues) and not marked(tight, clues)


class TestProcesses:
    def test_a_deadline(self, clues):
        new = changed(clues, lambda m: steps(m)[0].update(deadline={"working_days": 9}))
        (text,) = said(clues, new)
        assert text.startswith("Step “") and "9 working days" in text

    def test_steps_come_go_and_move(self, clues):
        first = steps(clues)[0]
        new = changed(
            clues,
            lambda m: steps(m).insert(
                1, {**first, "key": "again", "title": {"zh": "再看", "en": "Look again"}}
            ),
        )
        title = first["title"]["en"]
        assert said(clues, new) == [f"Step “Look again” was added after “{title}”"]
        assert said(new, clues) == ["Step “Look again” was removed"]
        assert marked(new, clues)

    def test_what_a_desk_may_do(self, clues):
        first = steps(clues)[0]
        actions = [one for one in first["actions"] if one != "transfer"]
        new = changed(clues, lambda m: steps(m)[0].update(actions=actions))
        assert [text[-len("may no longer hand over") :] for text in said(clues, new)] == [
            "may no longer hand over"
        ]
        assert said(new, clues)[0].endswith("may now also hand over")


class TestCore:
    def test_ends_and_roles(self, clues):
        def change(manifest):
            manifest["ends"].remove("government")
            manifest["roles"][0]["verbs"].append("manage")
            manifest["version"] = "2.0.0"

        new = changed(clues, change)
        assert said(clues, new) == [
            f"The version goes from {clues['version']} to 2.0.0",
            "Is no longer shown at the end “Office”",
            "Role “Intake desk” now also: may manage the N-app",
        ]

    def test_sections_are_grouped_and_breaking_ones_come_first(self, clues):
        def change(manifest):
            manifest["version"] = "2.0.0"
            field(manifest, "description").update(help={"zh": "写清楚", "en": "Be clear"})
            field(manifest, "photos").update(required=True)

        core, forms = chapters(clues, changed(clues, change))
        assert (core.section, forms.section) == ("manifest", "forms")
        assert [one.is_breaking for one in forms.sentences] == [True, False]


def places(value, path=()):
    """Every place of a JSON value that an edit can hit."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*path, number))


def edited(manifest: dict, path: tuple, how: str):
    """The manifest after one edit at `path`, None when that changes nothing."""
    new = copy.deepcopy(manifest)
    here = new
    for part in path[:-1]:
        here = here[part]
    last = path[-1]
    if how == "remove":
        del here[last]
    elif how == "swap" and isinstance(here, list) and len(here) > 1:
        other = (last + 1) % len(here)
        here[last], here[other] = here[other], here[last]
    elif how == "copy" and isinstance(here, list):
        here.append(copy.deepcopy(here[last]))
    elif isinstance(here[last], bool):
        here[last] = not here[last]
    elif isinstance(here[last], int):
        here[last] += 1
    elif isinstance(here[last], str):
        here[last] += "x"
    else:
        here[last] = None
    text = [json.dumps(one, sort_keys=True) for one in (manifest, new)]
    return None if text[0] == text[1] else new


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_every_edit_is_said_and_no_edit_says_nothing(data):
    name = data.draw(st.sampled_from(sorted(MANIFESTS)))
    old = MANIFESTS[name]
    path = data.draw(st.sampled_from([one for one in places(old) if one]))
    how = data.draw(st.sampled_from(["remove", "swap", "copy", "change"]))
    new = edited(old, path, how)
    with translation.override("en"):
        if new is None:
            assert sentences(old, copy.deepcopy(old)) == []
        else:
            found = sentences(old, new)
            assert found, (path, how)
            assert all(one.text and one.path for one in found)
            assert any(one.section in (path[0], "manifest") for one in found)
            assert sentences(new, old), "the way back is said too"


@pytest.mark.parametrize("name", sorted(MANIFESTS))
def test_what_is_shipped_differs_from_nothing(name):
    assert sentences(MANIFESTS[name], copy.deepcopy(MANIFESTS[name])) == []
    assert validate_manifest(MANIFESTS[name], has_code=True)


@pytest.mark.parametrize("junk", [None, 3, "x", [], [3], [{"key": "a"}], {"zh": 1}, [[[]]]])
def test_a_draft_may_hold_anything(clues, junk):
    for key in ("forms", "processes", "roles", "title", "pages", "nonsense"):
        new = {**clues, key: junk}
        assert said(clues, new), key
        assert said(new, clues), key
