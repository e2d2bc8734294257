"""Which of the holders of a role gets a task: load, turns, superiors, answers, earlier steps."""

from collections import Counter

import pytest

from platform_core.capabilities.process.models import AssignmentTurn, Task
from tests.factories import LONG_AGO, make_citizen, make_department, make_official

from .makers import FORM, T, act, approve, make_napp, open_task, open_tasks, start, text
from .test_capability import problems
from .test_concurrency import at_once, split


def desk(key="accept", by="pool", **more):
    role = more.pop("role", "desk")
    assign = {"role": role, "by": by, **more.pop("assign", {})}
    return {**approve(key, **more), "assign": assign}


def clerks_of(number: int) -> list:
    return [make_official(f"clerk{n}", kind="market", duties=["clerk"]) for n in range(number)]


def head_of(department, name: str, duties=()):
    person = make_official(name, department=department, duties=duties, title="局长")
    (post,) = person.posts.all()
    post.is_head = True
    post.save()
    return person


@pytest.mark.django_db
class TestLoad:
    def test_fifty_cases_are_shared_evenly(self):
        version, clerks = make_napp([desk(by="least_loaded")]), clerks_of(5)
        for number in range(50):
            start(version, subject_id=number)
        held = Counter(Task.objects.values_list("assignee", flat=True))
        assert held == {clerk.pk: 10 for clerk in clerks}

    def test_whoever_has_finished_more_gets_the_next(self):
        version, clerks = make_napp([desk(by="least_loaded")]), clerks_of(3)
        tasks = [open_task(start(version, subject_id=number)) for number in range(6)]
        for task in tasks:
            if task.assignee == clerks[1]:
                act(clerks[1], task)
        assert open_task(start(version, subject_id=7)).assignee == clerks[1]

    def test_of_equals_the_one_who_has_waited_longest(self):
        version, clerks = make_napp([desk(by="least_loaded")]), clerks_of(3)
        for number in range(3):
            task = open_task(start(version, subject_id=number))
            act(task.assignee, task)
        assert open_task(start(version, subject_id=9)).assignee == clerks[0]

    def test_the_starter_does_not_get_the_decision(self):
        version, clerks = make_napp([desk(by="least_loaded")]), clerks_of(2)
        for number in range(4):
            task = open_task(start(version, starter=clerks[0], subject_id=number))
            assert task.assignee == clerks[1]


@pytest.mark.django_db
class TestTurns:
    def test_everybody_in_turn(self):
        version, clerks = make_napp([desk(by="round_robin")]), clerks_of(4)
        given = [open_task(start(version, subject_id=n)).assignee for n in range(50)]
        assert given == [clerks[n % 4] for n in range(50)]

    def test_who_is_left_out_does_not_stop_the_round(self):
        version, clerks = make_napp([desk(by="round_robin")]), clerks_of(3)
        given = [open_task(start(version, starter=clerks[1])).assignee for _n in range(4)]
        assert given == [clerks[0], clerks[2], clerks[0], clerks[2]]

    def test_departments_have_rounds_of_their_own(self):
        version, clerks = make_napp([desk(by="round_robin")]), clerks_of(2)
        other = make_department("market", "330110")
        there = make_official("there", department=other, duties=["clerk"])
        assert open_task(start(version)).assignee == clerks[0]
        assert open_task(start(version, department=other)).assignee == there
        assert open_task(start(version)).assignee == clerks[1]

    def test_without_a_holder_the_head_gets_it(self):
        head = head_of(make_department("market"), "head")
        assert open_task(start(make_napp([desk(by="round_robin")]))).assignee == head

    def test_without_anybody_it_is_stranded_and_not_lost(self):
        task = open_task(start(make_napp([desk(by="round_robin")])))
        assert (task.assignee, task.is_stranded) == (None, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by", ["round_robin", "least_loaded"])
def test_starts_at_once_are_shared_evenly(by):
    version, clerks = make_napp([desk(by=by)]), clerks_of(3)
    calls = [lambda n=n: start(version, subject_id=n, department=department) for n in range(9)]
    department = make_department("market")
    won, lost = split(at_once(*calls))
    assert not lost and len(won) == 9
    held = Counter(Task.objects.values_list("assignee", flat=True))
    assert held == {clerk.pk: 3 for clerk in clerks}
    assert AssignmentTurn.objects.count() == 1


@pytest.mark.django_db
class TestSuperior:
    def test_the_head_of_the_starters_department(self, clerk, reviewer):
        head = head_of(make_department("market"), "head")
        version = make_napp([desk(by="superior")])
        assert open_task(start(version, starter=clerk)).assignee == head

    def test_a_head_asks_the_head_above(self):
        above = make_department("economy")
        below = make_department("market", parent=above)
        chief = head_of(above, "chief")
        head = head_of(below, "head", duties=["clerk"])
        version = make_napp([desk(by="superior")])
        assert open_task(start(version, starter=head)).assignee == chief

    def test_the_superior_of_the_last_handler(self, clerk, reviewer):
        head = head_of(make_department("market"), "head")
        version = make_napp([desk(), desk("sign", by="superior", assign={"of": "handler"})])
        instance = start(version, starter=make_citizen("dave"))
        act(clerk, open_task(instance))
        assert open_task(instance).assignee == head

    def test_an_applicant_has_no_superior_and_the_pool_gets_it(self, clerk):
        instance = start(make_napp([desk(by="superior")]), starter=make_citizen("dave"))
        assert open_task(instance).assignee is None


WHERE = {
    "key": "where",
    "title": text("Where"),
    "pages": [
        {
            "key": "main",
            "title": text("Main"),
            "fields": [
                {"type": "text", "key": "who", "label": text("Who")},
                {
                    "type": "choice",
                    "key": "topic",
                    "label": text("Topic"),
                    "options": [
                        {"value": "stall", "label": text("Stall")},
                        {"value": "food", "label": text("Food")},
                    ],
                },
            ],
        }
    ],
}


@pytest.mark.django_db
class TestAnswers:
    def by_topic(self):
        kinds = {"stall": "market", "food": "health"}
        step = desk(by="field", assign={"field": "topic", "kinds": kinds})
        return make_napp([step], forms=[FORM, WHERE])

    def test_a_choice_names_the_department(self, clerk, stranger):
        instance = start(self.by_topic(), facts={"topic": "food"})
        task = open_task(instance)
        assert task.pool_department == make_department("health")
        act(stranger, task)

    def test_another_answer_leaves_it_where_it_was(self, clerk):
        task = open_task(start(self.by_topic(), facts={"topic": None}))
        assert task.pool_department == make_department("market")

    def test_an_answer_names_a_holder_of_the_role(self, clerk, other_clerk, stranger):
        step = desk(by="field", assign={"field": "who"})
        version = make_napp([step], forms=[FORM, WHERE])
        assert open_task(start(version, facts={"who": "bob"})).assignee == other_clerk
        # Whoever is named without the role does not get it: an applicant may write anything.
        assert open_task(start(version, facts={"who": "mallory"})).assignee is None

    def test_an_answer_names_a_department_by_its_code(self, clerk, stranger):
        version = make_napp([desk(by="field", assign={"field": "who"})], forms=[FORM, WHERE])
        code = make_department("health").code
        assert open_task(start(version, facts={"who": code})).pool_department.kind == "health"


@pytest.mark.django_db
class TestSamePerson:
    def version(self):
        last = desk("close", by="same_as", assign={"step": "accept"})
        return make_napp([desk(), desk("decide", role="boss"), last])

    def test_whoever_did_the_step(self, clerk, other_clerk, reviewer):
        instance = start(self.version())
        act(other_clerk, open_task(instance))
        act(reviewer, open_task(instance))
        assert open_task(instance).assignee == other_clerk

    def test_whoever_has_left_does_not_get_it(self, clerk, other_clerk, reviewer):
        instance = start(self.version())
        act(other_clerk, open_task(instance))
        other_clerk.posts.update(valid_from=LONG_AGO, valid_until=LONG_AGO)
        act(reviewer, open_task(instance))
        assert open_task(instance).assignee is None


@pytest.mark.parametrize(
    ("steps", "place", "words"),
    [
        ([desk(by="round_robin", mode="all")], "assign.by", "asks several"),
        ([desk(by="field", assign={"field": "nothing"})], "assign.field", "no field"),
        ([desk(by="same_as", assign={"step": "accept"})], "assign.step", "no earlier step"),
        ([desk(by="same_as")], "assign", "only there"),
        ([desk(assign={"field": "dangerous"})], "assign", "only there"),
        (
            [{"kind": "cc", "title": T, "assign": {"role": "desk", "by": "round_robin"}},
             desk("b")],
            "assign.by", "asks several",
        ),
    ],
)  # fmt: skip
def test_what_cannot_choose_anybody_is_refused(steps, place, words):
    found = problems(steps)
    assert any(place in where and words in message for where, message in found.items()), found


def test_tasks_given_to_one_are_not_in_the_pool(db, clerk, other_clerk):
    instance = start(make_napp([desk(by="round_robin")]))
    assert [task.assignee for task in open_tasks(instance)] == [clerk]
