"""The manifest section: what it refuses, and that the message finds the place."""

import copy
import json

import pytest

from platform_core.capabilities.process.definition import Process
from platform_core.napps.manifest import ManifestInvalid, validate_manifest

from .makers import T, approve, manifest

IS_DANGEROUS = {"==": [{"var": "dangerous"}, True]}


def problems(steps, **more):
    try:
        validate_manifest(manifest(copy.deepcopy(steps), **more))
    except ManifestInvalid as error:
        return {problem.place: problem.message for problem in error.problems}
    return {}


def condition(*branches):
    return {"kind": "condition", "branches": list(branches)}


def test_a_sound_process_passes():
    steps = [
        approve("accept", stage="acceptance"),
        condition({"when": IS_DANGEROUS, "steps": [approve("a")]}, {"steps": []}),
        {"kind": "parallel", "branches": [{"steps": [approve("x")]}, {"steps": [approve("y")]}]},
        {"kind": "fill", "key": "f", "title": T, "form": "opinion", "assign": {"role": "desk"}},
        {"kind": "cc", "title": T, "assign": {"role": "boss"}},
        {"kind": "end", "outcome": "approved"},
    ]
    assert problems(steps) == {}


@pytest.mark.parametrize(
    ("steps", "place", "words"),
    [
        ([approve("a"), approve("a")], "processes[0].steps[1].key", "twice"),
        ([approve("a", role="nobody")], "processes[0].steps[0].assign.role", "nobody"),
        (
            [approve("a", stage="decision"), approve("b", stage="acceptance")],
            "processes[0].steps[1].stage",
            "order",
        ),
        ([{"kind": "end"}, approve("a")], "processes[0].steps[1]", "never be reached"),
        (
            [condition({"when": IS_DANGEROUS, "steps": []}, {"when": IS_DANGEROUS, "steps": []})],
            "processes[0].steps[0].branches[1].when",
            "last branch",
        ),
        (
            [condition({"steps": []}, {"steps": []})],
            "processes[0].steps[0].branches[0].when",
            "rule",
        ),
        (
            [condition({"when": {"==": [{"var": "colour"}, 1]}, "steps": []}, {"steps": []})],
            "processes[0].steps[0].branches[0].when",
            "colour",
        ),
        (
            [{"kind": "fill", "key": "f", "title": T, "form": "none", "assign": {"role": "desk"}}],
            "processes[0].steps[0].form",
            "none",
        ),
        ([], "processes[0].steps", "empty"),
        ([{"kind": "fly"}], "processes[0].steps[0]", "fly"),
        ([approve("a", colour="red")], "processes[0].steps[0].colour", "not known"),
        ([approve("a", actions=["reject"])], "processes[0].steps[0].actions", "approve"),
        (
            [approve("a", deadline={"working_days": -1})],
            "processes[0].steps[0].deadline.working_days",
            "0",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_place(steps, place, words):
    found = problems(steps)
    assert place in found, found
    assert words in found[place]


def test_steps_behind_branches_that_all_end_are_unreachable():
    ends = condition(
        {"when": IS_DANGEROUS, "steps": [{"kind": "end"}]},
        {"steps": [{"kind": "end", "outcome": "rejected"}]},
    )
    assert "processes[0].steps[1]" in problems([ends, approve("a")])


def test_a_role_that_may_only_use_cannot_be_given_a_step():
    roles = [{"key": "desk", "title": T, "verbs": ["use"]}]
    assert "handle" in problems([approve("a")], roles=roles)["processes[0].steps[0].assign.role"]


def test_too_deep_and_too_long_are_refused():
    deep = [approve("x")]
    for _level in range(12):
        deep = [{"kind": "parallel", "branches": [{"steps": deep}, {"steps": []}]}]
    assert "deep" in " ".join(problems(deep).values())
    many = [approve(f"s{n}") for n in range(300)]
    assert "200" in " ".join(problems(many).values())


@pytest.mark.parametrize(
    "steps",
    [
        None,
        7,
        "steps",
        {"a": 1},
        [None],
        [[]],
        [{"kind": None}],
        [{"branches": 3}],
        [{"kind": "parallel", "branches": [None, 3]}],
        [{"kind": "condition", "branches": "ab"}],
    ],
)
def test_nonsense_is_a_problem_never_an_error(steps):
    raw = manifest([])
    raw["processes"][0]["steps"] = steps
    with pytest.raises(ManifestInvalid):
        validate_manifest(json.dumps(raw))


def test_blocks_get_keys_in_reading_order():
    lanes = [{"steps": [{"kind": "cc", "title": T, "assign": {"role": "desk"}}]}, {"steps": []}]
    raw = {"key": "p", "title": T, "steps": [{"kind": "parallel", "branches": lanes}] * 2}
    process = Process.model_validate(raw)
    assert [step.key for step in process.steps] == ["parallel_1", "parallel_2"]
    assert process.steps[1].branches[0].steps[0].key == "cc_2"


def test_case_is_another_word_for_implementing():
    step = approve("a")
    step["assign"]["department"] = "case"
    process = Process.model_validate({"key": "p", "title": T, "steps": [step]})
    assert process.steps[0].assign.department == "implementing"
