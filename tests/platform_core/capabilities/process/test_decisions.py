"""A decision table inside a process: what it reads, what it gives, what is kept of it."""

import pytest

from platform_core.capabilities.process.models import ProcessEvent
from platform_core.napps.manifest import ManifestInvalid, validate_manifest
from tests.factories import make_official

from .makers import act, approve, make_napp, manifest, open_task, start, text

pytestmark = pytest.mark.django_db

INPUT = {"key": "dangerous", "label": text("Dangerous"), "type": "yes_no"}
OUTPUT = {"key": "weight", "label": text("Weight"), "type": "number"}
TABLE = {
    "key": "risk",
    "title": text("Risk"),
    "inputs": [INPUT],
    "outputs": [OUTPUT],
    "hit": "unique",
    "rows": [
        {"cells": {"dangerous": {"is": "equal", "value": True}}, "results": {"weight": 2.5}},
        {"cells": {"dangerous": {"is": "equal", "value": False}}, "results": {"weight": 1}},
    ],
    "incomplete": True,
}
DECIDE = {"kind": "decision", "key": "grade", "title": text("Grade"), "decision": "risk"}
STEPS = [
    DECIDE,
    {
        "kind": "condition",
        "branches": [
            {"when": {">": [{"var": "grade_weight"}, 2]}, "steps": [approve("strict")]},
            {"steps": [approve("easy")]},
        ],
    },
]


@pytest.mark.parametrize(
    ("facts", "step", "detail"),
    [
        ({"dangerous": True}, "strict", {"rows": [1], "outputs": {"weight": 2.5}}),
        ({"dangerous": False}, "easy", {"rows": [2], "outputs": {"weight": 1}}),
        ({}, "easy", {"rows": [], "outputs": {"weight": None}, "problem": "nothing", "place": ""}),
    ],
)
def test_a_table_chooses_the_way_and_its_rows_are_kept(facts, step, detail):
    instance = start(make_napp(STEPS, decisions=[TABLE]), facts=facts)
    assert open_task(instance).node == step
    event = ProcessEvent.objects.get(instance=instance, kind="decided")
    assert detail.items() <= event.data.items()


def test_a_table_that_does_not_take_an_answer_is_looked_at_by_the_head():
    head = make_official("frank", kind="market", duties=["head"])
    head.posts.update(is_head=True)
    strict = {**TABLE, "incomplete": False, "default": {"weight": 0}}
    instance = start(make_napp(STEPS, decisions=[strict]), facts={"dangerous": "perhaps"})
    task = open_task(instance)
    assert (task.node, task.assignee) == ("grade", head)
    event = ProcessEvent.objects.get(instance=instance, kind="decided")
    assert event.data["problem"] == "unfit"
    act(head, task, "retry")
    again = open_task(instance)
    assert again.node == "grade" and again.pk != task.pk
    act(head, again)
    assert open_task(instance).node == "easy"


def test_a_table_that_asks_what_the_process_does_not_know_is_refused():
    inputs = [INPUT | {"type": "number"}, INPUT | {"key": "gone"}]
    wrong = {**TABLE, "inputs": inputs, "rows": [{"results": {"weight": 1}}]}
    with pytest.raises(ManifestInvalid) as refused:
        validate_manifest(manifest(STEPS, decisions=[wrong]))
    said = [problem.message for problem in refused.value.problems]
    assert "another kind" in said[0] and "no field “gone”" in said[1]


def test_a_choice_of_the_table_is_known_to_the_conditions_behind_it():
    options = [{"value": "red", "label": text("Red")}]
    rows = [{"results": {"weight": "red"}}]
    outputs = [OUTPUT | {"type": "choice", "options": options}]
    table = {**TABLE, "outputs": outputs, "rows": rows, "incomplete": False}
    steps = [DECIDE, {"kind": "condition", "branches": [
        {"when": {"==": [{"var": "grade_weight"}, "blue"]}, "steps": [approve("strict")]},
        {"steps": []}]}]  # fmt: skip
    with pytest.raises(ManifestInvalid) as refused:
        validate_manifest(manifest(steps, decisions=[table]))
    assert "blue" in refused.value.problems[0].message
