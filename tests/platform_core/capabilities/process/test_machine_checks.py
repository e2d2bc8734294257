"""What the manifest refuses of votes, machines and sub-processes, and where the message stands."""

import pytest

from platform_core.napps import code
from platform_core.napps.manifest import ManifestInvalid, validate_manifest

from .makers import T, approve, manifest, text
from .test_capability import problems

TIMER = {"kind": "timer", "title": T}
NOTICE = {"kind": "notify", "title": T, "to": "starter"}
WORDS = {"title": text("Hello"), "body": text("{number}")}
SUB = {"kind": "subprocess", "key": "below", "title": T, "process": "other"}


def process(key, *steps):
    return {"key": key, "title": T, "steps": list(steps)}


def test_every_kind_of_step_passes_when_what_it_names_is_there():
    steps = [
        approve("sign", mode="in_order", order=["boss", "desk"]),
        approve("vote", mode="vote", share=67, on_lost="return", actions=["approve", "reject"]),
        {"kind": "correct", "title": T, "fields": ["dangerous"], "note": T},
        {**TIMER, "working_days": 3},
        {**NOTICE, "text": WORDS},
        {**NOTICE, "to": {"role": "boss"}, "text": WORDS},
        {**SUB, "on_rejected": "return"},
    ]
    found = problems(steps, processes=[process("main", *steps), process("other", approve("b"))])
    assert found == {}


@pytest.mark.parametrize(
    ("step", "place", "words"),
    [
        (approve("a", mode="vote"), "", "share"),
        (approve("a", share=50), "", "share"),
        (approve("a", mode="vote", share=50, actions=["approve"]), "", "vote against"),
        (approve("a", actions=["approve", "abstain"]), "", "abstain"),
        (approve("a", mode="all", order=["desk"]), "", "in_order"),
        (approve("a", mode="in_order", order=["desk", "nobody"]), ".order[1]", "nobody"),
        (approve("a", mode="vote", share=50, on_lost="return", actions=["approve", "reject"]),
         ".on_lost", "before this one"),
        ({"kind": "correct", "title": T, "fields": ["secret"], "note": T}, ".fields[0]", "secret"),
        ({"kind": "decision", "key": "d", "title": T, "decision": "none"}, ".decision", "none"),
        ({"kind": "call", "key": "c", "title": T, "hook": "tell"}, ".hook", "code of its own"),
        ({**TIMER, "days": 1, "working_days": 1}, "", "exactly one"),
        (TIMER, "", "exactly one"),
        ({**TIMER, "until": "secret"}, ".until", "secret"),
        ({**TIMER, "until": "dangerous"}, ".until", "not a date"),
        (NOTICE, "", "either"),
        ({**NOTICE, "template": "nothing"}, ".template", "nothing"),
        ({**NOTICE, "text": {**WORDS, "body": text("{password}")}}, ".text.body.en", "password"),
        ({**NOTICE, "text": {**WORDS, "body": text("{0.real}")}}, ".text.body.en", "plain name"),
        ({**NOTICE, "to": {"role": "nobody"}, "text": WORDS}, ".to.role", "nobody"),
        (SUB, ".process", "no process"),
    ],
)  # fmt: skip
def test_what_is_refused(step, place, words):
    found = problems([step])
    wanted = f"processes[0].steps[0]{place}"
    assert any(where.startswith(wanted) and words in said for where, said in found.items()), found


class TestFamilies:
    def refused(self, *processes):
        return " ".join(problems([], processes=list(processes)).values())

    def below(self, key):
        return {**SUB, "process": key}

    def test_circles(self):
        assert "never end" in self.refused(process("a", self.below("a")))
        found = self.refused(
            process("a", self.below("b")), process("b", self.below("c")),
            process("c", self.below("b")),
        )  # fmt: skip
        assert "never end" in found

    def test_depth(self):
        chain = [process(f"p{n}", self.below(f"p{n + 1}")) for n in range(3)]
        assert self.refused(*chain, process("p3", approve("x"))) == ""
        chain = [process(f"p{n}", self.below(f"p{n + 1}")) for n in range(4)]
        assert "deep" in self.refused(*chain, process("p4", approve("x")))

    def test_a_fan_that_would_grow_into_thousands(self):
        def many(below):
            return [{**self.below(below), "key": f"s{n}"} for n in range(12)]

        leaf = process("leaf", *[approve(f"x{n}") for n in range(10)])
        found = self.refused(process("a", *many("b")), process("b", *many("leaf")), leaf)
        assert "more than 1000 steps" in found


class TestCalls:
    CALL = {"kind": "call", "key": "c", "title": T, "hook": "tell",
            "returns": [{"key": "day", "type": "date"}]}  # fmt: skip

    def found(self, *steps):
        try:
            validate_manifest(manifest(list(steps)), has_code=True)
        except ManifestInvalid as error:
            return {problem.place: problem.message for problem in error.problems}
        return {}

    @pytest.fixture(autouse=True)
    def _hooks(self, monkeypatch):
        monkeypatch.setitem(code._hooks, ("market_stall", "step", "tell"), print)
        monkeypatch.setitem(code._hooks, ("market_stall", "other", "show"), print)

    def test_it_names_a_hook_for_steps_and_fields_that_are_asked(self):
        assert self.found(self.CALL) == {}
        assert (
            "no hook" in self.found({**self.CALL, "hook": "nothing"})["processes[0].steps[0].hook"]
        )
        other = self.found({**self.CALL, "hook": "show"})
        assert "for a step" in other["processes[0].steps[0].hook"]
        asks = self.found({**self.CALL, "asks": ["dangerous", "secret"]})
        assert "secret" in asks["processes[0].steps[0].asks[1]"]

    def test_what_it_gives_back_is_known_behind_it_and_of_its_kind(self):
        def asks(rule):
            branches = [{"when": rule, "steps": []}, {"steps": []}]
            return {"kind": "condition", "branches": branches}

        fits = asks({"==": [{"var": "c_day"}, {"today": []}]})
        assert any("c_day" in said for said in self.found(fits, self.CALL).values())
        assert any(
            "branches[0]" in where
            for where in self.found(self.CALL, asks({">": [{"+": [{"var": "c_day"}, 1]}, 2]}))
        )
