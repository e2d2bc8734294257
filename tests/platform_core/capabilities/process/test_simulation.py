"""Before it is published a process is played through: what can never happen, or never end, is
found."""

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings

from platform_core.capabilities.process.checks import ends_always
from platform_core.capabilities.process.simulation import simulate
from platform_core.capabilities.process.ways import ways

from .flows import (
    approve,
    cc,
    condition,
    correct,
    decision,
    end,
    fill,
    parallel,
    plan_of,
    plans,
    subprocess,
    timer,
    vote,
)

ALL = ["approve", "return", "reject", "correct"]


def test_a_sound_process_is_met_in_every_state():
    plan = plan_of(
        approve("accept", actions=ALL),
        parallel([approve("health", actions=ALL)], [fill("visit"), cc()]),
        condition([approve("board", mode="vote", share=50)], [decision("risk"), timer()]),
        subprocess("review", on_rejected="return"),
        approve("last", mode="in_order"),
    )
    report = simulate(plan)
    assert report.is_sound and report.is_complete
    assert report.ends == {"approved", "rejected"}
    assert report.states > 20


def test_a_process_that_can_only_be_refused_is_not_sound():
    report = simulate(plan_of(approve("a"), correct(), end("rejected")))
    assert report.ends == {"rejected"}
    assert not report.is_sound


def test_a_refusal_that_somebody_writes_first_is_sound():
    plan = plan_of(approve("a"), condition([fill("letter"), end("rejected")], []))
    assert simulate(plan).is_sound


def test_what_stands_behind_an_end_is_named():
    plan = plan_of(condition([end()], [end("rejected")]), approve("never"))
    report = simulate(plan)
    assert report.unreached == ["never"]
    assert not report.is_sound


def test_too_many_states_are_walked_at_random_and_said_so():
    lanes = [[approve(f"s{lane}_{n}", actions=ALL) for n in range(3)] for lane in range(6)]
    report = simulate(plan_of(approve("a"), parallel(*lanes), vote("v")), states=200)
    assert not report.is_complete
    assert report.states > 200
    assert report.ends == {"approved", "rejected"}
    assert report.unreached == []


def test_a_hostile_breadth_ends_in_bounded_work():
    lanes = [[approve(f"s{n}", mode="vote", share=50)] for n in range(20)]
    inner = parallel(*lanes)
    report = simulate(plan_of(inner), states=300)
    assert report.states < 60_000


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(plans)
def test_no_random_process_gets_stuck(plan):
    report = simulate(plan, states=200)
    assert report.stuck == []
    assert report.hopeless == []
    assert "approved" in report.ends or not report.is_complete or ends_always(plan.process.steps)


class TestWays:
    def test_every_way_is_told_with_its_rule(self):
        plan = plan_of(
            approve("a"),
            condition([approve("b")], [end("rejected")]),
            parallel([approve("c")], [approve("d")]),
        )
        with translation.override("en"):
            told = ways(plan.process, {"f0": {"zh": "急", "en": "Urgent"}})
        assert told == [
            "Step → [“Urgent”] → Step → (Step and at the same time Step) → Approved",
            "Step → [otherwise] → Refused",
        ]

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_very_many_ways_end_with_a_word_that_there_are_more(self, language):
        plan = plan_of(*[condition([approve(f"a{n}")], [approve(f"b{n}")]) for n in range(12)])
        with translation.override(language):
            told = ways(plan.process, {})
        assert len(told) == 31
        assert "30" in told[-1]
