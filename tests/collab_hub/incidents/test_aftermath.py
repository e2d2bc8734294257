"""The facts of the after-action report come from the log alone."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from collab_hub.incidents.aftermath import facts_of

START = datetime(2026, 11, 27, 15, 50, tzinfo=UTC)  # ten minutes before midnight in China


@dataclass
class Line:
    kind: str
    minutes: int
    facts: dict = field(default_factory=dict)

    @property
    def at(self):
        return START + timedelta(minutes=self.minutes)


def due(minutes: int) -> str:
    return (START + timedelta(minutes=minutes)).isoformat()


def given(key: str, minutes: int, due_in: int) -> Line:
    words = {"zh": key, "en": key}
    return Line("task", minutes, {"task": key, "title": words, "organ": words,
                                  "due_at": due(due_in)})  # fmt: skip


def moved(key: str, to: str, minutes: int) -> Line:
    return Line("move", minutes, {"task": key, "from": "waiting", "to": to})


def lent(kind: str, amount: int, minutes: int) -> Line:
    return Line(kind, minutes, {"resource": "suits", "organ": "health", "amount": amount})


STORY = [
    Line("activate", 0),
    given("a", 0, 30), given("b", 0, 60), given("c", 0, 600), given("d", 0, 10),
    Line("call", 0, {"person": 1, "name": "Li"}), Line("call", 0, {"person": 2, "name": "Bao"}),
    Line("confirm", 7, {"person": 1, "name": "Li"}),
    Line("climb", 10, {"person": 2, "to": ["Qin"]}), Line("climb", 20, {"person": 2, "to": ["Wu"]}),
    Line("climb", 30, {"person": 2, "to": []}),
    moved("a", "doing", 12), moved("a", "done", 45),
    moved("d", "dropped", 50),
    lent("lend", 30, 50), lent("give_back", 10, 60), lent("use_up", 5, 61),
    Line("message", 62, {"needs_confirming": True}), Line("message", 63, {}),
    Line("report", 70, {"number": 1, "figures": {"f1": 2}}),
    moved("b", "done", 40), moved("b", "doing", 80),
    Line("holder", 85), Line("piece", 90),
    Line("end", 120),
]  # fmt: skip


def test_first_response_answers_lateness_and_what_is_left():
    facts = facts_of(STORY, START + timedelta(days=9))
    assert facts.first_response == timedelta(minutes=7) and facts.lasted == timedelta(minutes=120)
    assert [(one.person, one.took, one.climbed) for one in facts.answers] == [
        ("Li", timedelta(minutes=7), 0), ("Bao", None, 2),
    ]  # fmt: skip
    late = {one.key: one.late for one in facts.late}
    # Opened again, "b" counts until the end; what was dropped is never late.
    assert late == {"a": timedelta(minutes=15), "b": timedelta(minutes=60)}
    assert [one.key for one in facts.open] == ["b", "c"]
    assert facts.out == {"suits": {"health": 15}}
    assert (facts.messages, facts.unconfirmed, facts.additions) == (2, 1, 1)
    assert facts.changes_of_holder == 1 and facts.reports[0]["number"] == 1


def test_a_clock_put_back_makes_no_negative_time():
    story = [Line("activate", 60), Line("call", 60, {"person": 1, "name": "Li"}),
             Line("confirm", 0, {"person": 1})]  # fmt: skip
    facts = facts_of(story, START)
    assert facts.first_response == timedelta(0) == facts.answers[0].took


def test_while_it_runs_now_is_the_end():
    facts = facts_of(STORY[:5], START + timedelta(minutes=40))
    assert {one.key for one in facts.late} == {"a", "d"} and facts.lasted is None


def test_one_answer_is_for_every_call():
    called = {"person": 1, "name": "Li"}
    story = [Line("activate", 0), Line("call", 0, called), Line("call", 3, called),
             Line("confirm", 5, called)]  # fmt: skip
    facts = facts_of(story, START + timedelta(minutes=9))
    assert [one.took for one in facts.answers] == [timedelta(minutes=5), timedelta(minutes=2)]
