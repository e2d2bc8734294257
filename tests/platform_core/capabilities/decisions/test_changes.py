"""What changed in a decision table, row by row, in sentences."""

import copy
import json
from pathlib import Path

import pytest

from platform_core.capabilities import decisions
from platform_core.napps.changes import sentences
from platform_core.napps.manifest import section_is_sound

DEMO = json.loads((Path(decisions.__file__).parent / "demo.json").read_text(encoding="utf-8"))


def tables() -> list:
    """The tables of the capability's own demonstration."""
    found = DEMO if isinstance(DEMO, list) else DEMO.get("decisions", [DEMO])
    return copy.deepcopy(found)


def said(old, new) -> list[str]:
    return [one.text for one in sentences({"decisions": old}, {"decisions": new})]


@pytest.fixture
def old():
    found = tables()
    assert section_is_sound("decisions", found)
    return found


def test_a_row_is_added_and_removed_as_a_sentence(old):
    new = copy.deepcopy(old)
    gone = new[0]["rows"].pop()
    assert gone
    (text,) = said(old, new)
    assert f"row {len(old[0]['rows'])} was removed: " in text
    (text,) = said(new, old)
    assert f"row {len(old[0]['rows'])} was added: " in text


def test_a_table_comes_and_goes_and_breaks_who_used_it(old):
    (text,) = said([], old[:1])
    assert text.startswith("The decision “") and text.endswith("was added")
    found = sentences({"decisions": old[:1]}, {"decisions": []})
    assert [one.is_breaking for one in found] == [True]


def test_rows_that_change_places_are_said(old):
    new = copy.deepcopy(old)
    rows = next(table["rows"] for table in new if len(table["rows"]) > 1)
    rows[0], rows[1] = rows[1], rows[0]
    assert said(old, new) and said(old, copy.deepcopy(old)) == []


def test_an_output_that_a_draft_renamed_and_its_rows_did_not(old):
    new = copy.deepcopy(old)
    new[0]["outputs"][0]["key"] += "x"
    assert section_is_sound("decisions", new)
    assert said(old, new) and said(new, old)
