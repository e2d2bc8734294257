"""What a manifest may say about tables, and where its mistakes are found."""

import json
from pathlib import Path

import pytest

from platform_core.capabilities.decisions import check_decision
from platform_core.capabilities.rules import Column, lookups, register_lookup_source
from platform_core.napps.manifest import ManifestInvalid, validate_manifest
from tests.platform_core.capabilities.decisions.makers import risk, table, text

FOLDER = Path("platform_core/capabilities/decisions")


def manifest(*decisions):
    return {
        "schema": 1, "slug": "tables", "version": "1.0.0", "title": text("表", "Tables"),
        "summary": text("表", "Tables"), "icon": "list", "ends": ["government"],
        "department": "economy", "decisions": list(decisions),
    }  # fmt: skip


def problems(*decisions):
    with pytest.raises(ManifestInvalid) as refusal:
        validate_manifest(manifest(*decisions))
    return {problem.place: problem.message for problem in refusal.value.problems}


def compare(op, value):
    return {"is": "compare", "op": op, "value": value}


def with_cell(cell, key="staff"):
    rows = risk()["rows"]
    rows[0]["cells"] = {key: cell}
    return risk(rows=rows)


def with_input(**changes):
    inputs = risk()["inputs"]
    inputs[0] |= changes
    return risk(inputs=inputs)


def test_a_sound_table_is_taken():
    assert validate_manifest(manifest(risk())).section("decisions")[0].key == "risk"


def test_the_demo_is_sound():
    tables = json.loads((FOLDER / "demo.json").read_text())
    validate_manifest(manifest(*tables))
    assert {one["hit"] for one in tables} == {"unique", "first", "collect"}


@pytest.mark.parametrize(
    ("wrong", "place", "words"),
    [
        (with_cell(compare("<", "many")), "rows[0].cells.staff", "does not fit"),
        (with_cell(compare("<", 3), "industry"), "rows[0].cells.industry", "by size"),
        (with_cell({"is": "equal", "value": "mine"}, "industry"), "rows[0].cells.industry",
         "not an answer"),
        (with_cell({"is": "empty"}), "rows[0].cells.staff", "never empty"),
        (with_cell({"is": "equal", "value": 1.5}), "rows[0].cells.staff", "decimals"),
        (with_cell(compare("<", 3), "colour"), "rows[0].cells.colour", "no input"),
        (with_cell({"is": "between", "from": 5, "to": 1}), "rows[0].cells.staff", "above"),
        (with_input(min=5, max=1), "inputs[0].min", "above"),
        (with_input(key="industry"), "inputs[1].key", "twice"),
        (with_input(options=[{"value": "a", "label": text("甲")}]), "inputs[0].options", "choice"),
        (with_input(expression={"explode": []}), "inputs[0].expression", "no operation"),
        (with_input(type="text", decimals=None), "inputs[0].min", "bounds"),
        (risk(default={"level": "none"}), "default.level", "not an answer"),
        (risk(default={}), "default", "Say what"),
        (risk(hit="collect", aggregate="sum"), "outputs[0].type", "collected"),
        (risk(tests=[{"inputs": {"mine": 1}}]), "tests[0].inputs", "does not ask"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_where_it_stands(wrong, place, words):
    found = problems(wrong)
    assert words in found[f"decisions[0].{place}"], found


@pytest.mark.parametrize(
    "wrong",
    [
        risk(hit="collect"),
        risk(aggregate="sum"),
        risk(hit="priority"),
        with_cell({"is": "formula", "text": "staff > 3"}),
        with_cell(compare("<", 1e300)),
        with_cell(compare("<", "\x01")),
        with_cell({"is": "one_of", "values": list(range(201))}),
        risk(rows=[]),
    ],
)
def test_what_is_no_table_at_all_is_refused(wrong):
    assert problems(wrong)


def test_more_values_than_can_be_proven_are_refused():
    values = {"is": "one_of", "values": list(range(1, 151))}
    rows = [{"cells": {"staff": values}, "results": {"level": "low"}}] * 14
    assert any("2000" in words for words in problems(risk(rows=rows)).values())


def test_a_gap_is_an_error_unless_the_table_says_what_holds_otherwise():
    rows = risk()["rows"][:2]
    words = problems(risk(rows=rows, tests=[]))["decisions[0].rows"]
    assert words == "No row fires for Staff: 300; Industry: Industry."
    for cure in ({"default": {"level": "high"}}, {"incomplete": True}):
        assert not list(check_decision(table(rows=rows, tests=[], **cure)))


def test_an_overlap_is_an_error_with_both_rows_and_an_example():
    rows = risk()["rows"]
    rows[1]["cells"]["staff"] = compare(">=", 299)
    words = problems(risk(rows=rows))["decisions[0].rows[1]"]
    assert words.startswith("Rows 1 and 2 fire together, for example for Staff: 299; ")


def test_a_row_without_effect_is_an_error():
    rows = [*risk()["rows"], {"results": {"level": "low"}}]
    found = problems(risk(hit="first", rows=rows))
    assert "leave nothing" in found["decisions[0].rows[3]"]


def test_a_test_row_must_pass_and_tells_what_it_got():
    tests = [{"inputs": {"staff": 5, "industry": "shop"}, "expect": {"level": "high"}}]
    found = problems(risk(tests=tests))
    assert found == {"decisions[0].tests[0]": "Test 1: expected Level: High, got Level: Low."}
    tests[0]["expect"] = None
    assert "nothing" in problems(risk(tests=tests))["decisions[0].tests[0]"]


def test_a_test_row_may_expect_that_nothing_is_said():
    decision = risk(
        rows=risk()["rows"][:1],
        incomplete=True,
        tests=[{"inputs": {"staff": 900, "industry": "shop"}, "expect": None}],
    )
    validate_manifest(manifest(decision))


@pytest.mark.parametrize("expect", [{}, {"level": 3}, {"level": ["low"]}, {"level": None}])
def test_an_expectation_of_another_shape_fails(expect):
    tests = [{"inputs": {"staff": 5, "industry": "shop"}, "expect": expect}]
    assert "expected" in problems(risk(tests=tests))["decisions[0].tests[0]"]


def test_a_computed_input_may_not_name_the_data_of_another_department(monkeypatch):
    monkeypatch.setattr(lookups, "_sources", dict(lookups._sources))
    register_lookup_source(
        "health_outbreaks",
        label=text("疫点", "outbreaks"),
        columns={"risk": Column("number", text("风险", "risk"))},
        find=lambda key, today: {"risk": 3},
        may_use=lambda manifest: manifest is not None and manifest.department == "health",
    )
    asked = {"lookup": ["health_outbreaks", {"var": "where"}, "risk"]}
    inputs = risk()["inputs"]
    inputs[0] |= {"expression": asked, "required": False}
    decision = risk(inputs=inputs, tests=[], incomplete=True)
    words = problems(decision)["decisions[0].inputs[0].expression"]
    assert "that this definition may use" in words
    validate_manifest(manifest(decision) | {"department": "health"})
