"""The drawing says what is done, now and later, at both widths, without a style attribute."""

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from platform_core.capabilities.process import layout, selectors, services, waking
from platform_core.capabilities.process.drawing import NARROW, WIDE
from platform_core.capabilities.process.models import Wait
from security.actors import Actor
from tests.factories import MAKER, make_citizen, make_official

from .makers import act, approve, make_napp, open_task, open_tasks, start, text
from .test_waits import deliver

IS_DANGEROUS = {"==": [{"var": "dangerous"}, True]}
LANES = [
    {"title": text("First desk"), "steps": [approve("a")]},
    {"title": text("Second desk"), "steps": [approve("b", role="boss")]},
]
STEPS = [
    approve("accept", deadline={"working_days": 1}),
    {
        "kind": "condition",
        "title": text("Size"),
        "branches": [
            {"title": text("Large"), "when": IS_DANGEROUS, "steps": [approve("large")]},
            {"title": text("Small"), "steps": []},
        ],
    },
    {"kind": "parallel", "title": text("Countersign"), "branches": LANES},
    approve("decide", role="boss"),
]


def states(drawing):
    found = {}

    def walk(nodes):
        for node in nodes:
            found[node.key] = node.state
            for lane in node.lanes:
                walk(lane.nodes)

    walk(drawing.nodes)
    return found


@pytest.mark.django_db
class TestStates:
    def test_from_beginning_to_end(self, clerk, reviewer):
        instance = start(make_napp(STEPS))
        assert states(selectors.drawing(instance, clerk)) == {
            "start": "done",
            "accept": "now",
            "condition_1": "later",
            "large": "later",
            "parallel_1": "later",
            "a": "later",
            "b": "later",
            "decide": "later",
            "close": "later",
        }
        act(clerk, open_task(instance))
        act(clerk, open_task(instance, "a"))
        instance.refresh_from_db()
        now = states(selectors.drawing(instance, clerk))
        assert (now["accept"], now["condition_1"], now["large"]) == ("done", "done", "skipped")
        assert (now["parallel_1"], now["a"], now["b"]) == ("now", "done", "now")
        act(reviewer, open_task(instance, "b"))
        act(reviewer, open_task(instance))
        instance.refresh_from_db()
        assert states(selectors.drawing(instance, clerk))["close"] == "done"

    def test_a_refusal_and_what_was_not_needed(self, clerk):
        instance = start(make_napp(STEPS))
        act(clerk, open_task(instance), "reject")
        instance.refresh_from_db()
        found = states(selectors.drawing(instance, clerk))
        assert (found["accept"], found["decide"], found["close"]) == ("bad", "skipped", "bad")

    def test_waiting_for_the_applicant_and_after_a_return(self, clerk, reviewer):
        instance = start(make_napp())
        act(clerk, open_task(instance), "correct")
        instance.refresh_from_db()
        assert states(selectors.drawing(instance, clerk))["accept"] == "waiting"
        services.answer_correction(actor=Actor.anonymous(), instance=instance)
        act(clerk, open_task(instance))
        act(reviewer, open_task(instance), "return", to_node="accept")
        instance.refresh_from_db()
        found = states(selectors.drawing(instance, clerk))
        assert (found["accept"], found["decide"]) == ("now", "later")

    def test_names_are_for_officials_only(self, clerk, reviewer):
        instance = start(make_napp())
        act(clerk, open_task(instance))
        instance.refresh_from_db()
        for user, shown in ((clerk, True), (make_citizen("eve"), False), (None, False)):
            html = render_to_string(
                "process/drawing.html", {"drawing": selectors.drawing(instance, user)}
            )
            assert ("Alice" in html) is shown

    def test_it_is_one_query(self, clerk, django_assert_num_queries):
        instance = start(make_napp(STEPS))
        selectors.drawing(instance, clerk)
        with django_assert_num_queries(1):
            selectors.drawing(instance, clerk)

    def test_the_page_holds_no_style_and_escapes_titles(self, clerk):
        step = approve("a")
        step["title"] = text("<script>alert(1)</script>")
        html = render_to_string(
            "process/drawing.html", {"drawing": selectors.drawing(start(make_napp([step])), clerk)}
        )
        assert "style=" not in html and "<script" not in html
        assert "&lt;script" in html


def shown(drawing):
    """Every node's lines by key, sub-processes included."""
    found = {}

    def walk(nodes):
        for node in nodes:
            found[node.key] = (node.state, node.lines)
            for lane in node.lanes:
                walk(lane.nodes)

    walk(drawing.nodes)
    return found


def clerks(number):
    return [make_official(f"clerk{n}", kind="market", duties=["clerk"]) for n in range(number)]


@pytest.mark.django_db
class TestSeats:
    def test_a_vote_shows_how_it_stands_to_officials(self):
        people = clerks(5)
        step = approve("vote", mode="vote", share=60)
        step["actions"] = ["approve", "reject", "abstain"]
        instance = start(make_napp([step]))
        for person, action in zip(people, ["approve", "reject", "approve"], strict=False):
            act(person, next(t for t in open_tasks(instance) if t.assignee == person), action)
        instance.refresh_from_db()
        state, lines = shown(selectors.drawing(instance, people[0]))["vote"]
        assert state == "now" and lines[1] == "Votes: 3 of 5, 2 for; 3 needed"
        assert any(line.startswith("Clerk1 · against") for line in lines)
        _state, public = shown(selectors.drawing(instance, None))["vote"]
        assert not any("Votes" in line or "against" in line for line in public)

    def test_an_order_shows_who_comes_then(self):
        people = clerks(3)
        instance = start(make_napp([approve("sign", mode="in_order")]))
        act(people[0], open_task(instance))
        instance.refresh_from_db()
        _state, lines = shown(selectors.drawing(instance, people[0]))["sign"]
        assert lines[1].startswith("Clerk0 ·") and lines[2:] == ["Clerk1", "Then: Clerk2"]

    def test_a_lost_vote_is_where_it_ended(self):
        (person,) = clerks(1)
        step = approve("vote", mode="vote", share=60)
        step["actions"] = ["approve", "reject"]
        instance = start(make_napp([step]))
        act(person, open_task(instance), "reject")
        instance.refresh_from_db()
        assert shown(selectors.drawing(instance, person))["vote"][0] == "bad"


@pytest.mark.django_db
class TestMachines:
    def napp(self):
        timer = {"kind": "timer", "title": text("Rest"), "days": 3}
        sub = {"kind": "subprocess", "key": "below", "title": text("Survey"), "process": "other"}
        ask = {"kind": "correct", "title": text("Ask"), "fields": ["dangerous"], "note": text("?")}
        processes = [
            {"key": "main", "title": text("Main"), "steps": [sub, timer, ask, approve("last")]},
            {"key": "other", "title": text("Other"), "steps": [approve("b")]},
        ]
        return make_napp([], processes=processes)

    def test_what_waits_for_what(self, clerk, django_assert_num_queries):
        instance = start(self.napp())
        with django_assert_num_queries(3):
            drawing = selectors.drawing(instance, clerk)
        found = shown(drawing)
        assert (found["below"][0], found["b"][0], found["timer_1"][0]) == ("now", "now", "later")
        act(clerk, open_task(instance.children.get()))
        deliver()
        instance.refresh_from_db()
        found = shown(selectors.drawing(instance, clerk))
        assert (found["below"][0], found["b"][0]) == ("done", "done")
        assert found["timer_1"][0] == "now" and found["timer_1"][1][1].startswith("Until: ")
        waking.sweep_timers(actor=MAKER, now=Wait.objects.get(kind="timer").due_at)
        instance.refresh_from_db()
        found = shown(selectors.drawing(instance, clerk))
        assert (found["timer_1"][0], found["correct_1"][0]) == ("done", "waiting")
        services.answer_correction(actor=Actor.anonymous(), instance=instance)
        instance.refresh_from_db()
        assert shown(selectors.drawing(instance, clerk))["correct_1"][0] == "done"


class Thing:
    """The least that the layout asks of a node."""

    def __init__(self, title, lanes=(), lines=("Later",)):
        self.title, self.lanes, self.lines = title, lanes, () if lanes else lines
        self.kind, self.state, self.is_taken, self.nodes = "approve", "later", True, ()


class LaneOf:
    def __init__(self, nodes):
        self.title, self.nodes, self.is_taken = "Lane", nodes, True


words = st.text("汉字漢𠮷 abcWIM，。()", min_size=1, max_size=60)
things = st.recursive(
    words.map(Thing),
    lambda inner: st.builds(
        lambda title, lanes: Thing(title, [LaneOf(nodes) for nodes in lanes]),
        words,
        st.lists(st.lists(inner, max_size=3), min_size=2, max_size=3),
    ),
    max_leaves=12,
)


@given(st.lists(things, min_size=1, max_size=4), st.sampled_from([WIDE, NARROW]))
def test_boxes_stay_inside_and_apart(nodes, width):
    picture = layout.draw(nodes, width)
    leaves = [box for box in picture.boxes if box.mark]
    for box in picture.boxes:
        assert box.x >= 0 and box.x + box.w <= width + 0.01
        assert box.y >= 0 and box.y + box.h <= picture.height + 0.01
    for number, one in enumerate(leaves):
        for other in leaves[number + 1 :]:
            apart_x = one.x + one.w <= other.x or other.x + other.w <= one.x
            apart_y = one.y + one.h <= other.y or other.y + other.h <= one.y
            assert apart_x or apart_y


@given(words, st.integers(60, 400), st.integers(1, 4))
def test_wrapped_words_fit_and_lose_nothing_but_the_end(text, room, limit):
    lines = layout.wrap(text, room, 13, limit)
    assert len(lines) <= limit
    if lines and not lines[-1].endswith("…"):
        assert "".join("".join(lines).split()) == "".join(text.split())
