"""Another organ is asked inside a case: its task, its term, its answer, and who waits for it."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from platform_core.capabilities.notifications.models import Message
from platform_core.capabilities.process import selectors as process
from platform_core.capabilities.process import services, tasks
from platform_core.capabilities.process.consultations import selectors
from platform_core.capabilities.process.consultations.models import Consultation
from platform_core.capabilities.process.consultations.services import (
    answer_opinion,
    ask_opinions,
    withdraw_question,
)
from platform_core.capabilities.process.models import ProcessEvent, Task
from platform_core.capabilities.process.suspension.services import suspend_process
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from tests.factories import actor_of, make_department, make_official

from ..makers import act, approve, make_napp, open_task, start
from ..test_choosing import head_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def expert(db):
    return make_official("hanna", kind="health", duties=["clerk"], name="Hanna")


@pytest.fixture
def task(clerk, expert):
    steps = [approve("review", stage="review"), approve("last")]
    return open_task(start(make_napp(steps)))


def ask(user, task, departments=None, **more):
    task.refresh_from_db()
    departments = departments or [make_department("health").pk]
    words = {"question": "Is the place clean?", "working_days": 5, **more}
    return ask_opinions(
        actor=actor_of(user), task_id=task.pk, version=task.version, departments=departments,
        **words,
    )  # fmt: skip


def answer(user, asked, answer="agree", text=""):
    asked.task.refresh_from_db()
    return answer_opinion(
        actor=actor_of(user), task_id=asked.task_id, version=asked.task.version, answer=answer,
        text=text,
    )  # fmt: skip


def test_the_other_department_gets_a_task_with_a_term(task, clerk, expert):
    (asked,) = ask(clerk, task)
    assert list(process.inbox(expert, "pool")) == [asked.task]
    assert asked.task.due_at == asked.due_at > timezone.now()
    assert process.inbox_counts(expert)["pool"] == 1
    assert Message.objects.get(template="opinion_asked").recipient == expert
    # Inside the case: the organ that is asked sees it, through its own task.
    assert process.instance_for(expert, task.instance_id) == task.instance
    found = process.task_for(expert, asked.task_id)
    assert process.allowed_actions(expert, found) == ["claim", "answer"]


@pytest.mark.parametrize(
    ("word", "text"),
    [("agree", ""), ("conditions", "Two sinks."), ("object", "There is no water.")],
)
def test_it_answers_and_who_asked_is_told(task, clerk, expert, word, text):
    (asked,) = ask(clerk, task)
    answer(expert, asked, word, text)
    (line,) = selectors.consultations_of(clerk, task.instance)
    assert (line["one"].answer, line["one"].text) == (word, text)
    assert Message.objects.get(template="opinion_given").recipient == clerk
    kinds = ProcessEvent.objects.filter(instance=task.instance).values_list("kind", flat=True)
    assert list(kinds)[1:] == ["opinion_asked", "opinion_given"]
    with pytest.raises(Conflict):
        answer(expert, asked, word, text)


@pytest.mark.parametrize(
    ("word", "text", "place"),
    [("maybe", "x", "answer"), ("object", " ", "text"), ("conditions", "", "text"),
     ("agree", "a\x00", "text")],
)  # fmt: skip
def test_an_answer_says_why(task, clerk, expert, word, text, place):
    (asked,) = ask(clerk, task)
    with pytest.raises(Unusable) as error:
        answer(expert, asked, word, text)
    assert set(error.value.errors) == {place}


def test_a_step_waits_for_what_has_to_be_awaited(task, clerk, expert):
    (asked,) = ask(clerk, task, is_mandatory=True)
    with pytest.raises(Conflict, match="awaited"):
        act(clerk, task)
    with pytest.raises(Conflict, match="awaited"):
        act(clerk, task, "reject")
    answer(expert, asked)
    act(clerk, task)
    assert open_task(task.instance).node == "last"


def test_a_step_does_not_wait_for_the_others(task, clerk, expert):
    ask(clerk, task)
    act(clerk, task)


def test_several_departments_are_asked_at_once(task, clerk, expert):
    make_official("ed", kind="economy", duties=["clerk"])
    chosen = [make_department(kind).pk for kind in ("health", "economy")]
    first, second = ask(clerk, task, chosen, is_mandatory=True)
    answer(expert, first)
    with pytest.raises(Conflict):
        act(clerk, task)
    withdraw_question(actor=actor_of(clerk), task_id=task.pk, consultation_id=second.pk)
    act(clerk, task)
    second.task.refresh_from_db()
    assert second.task.state == "cancelled"


def test_without_a_holder_of_the_role_the_head_is_asked(task, clerk):
    department = make_department("economy")
    with pytest.raises(Unusable) as error:
        ask(clerk, task, [department.pk])
    assert "Nobody there" in error.value.errors["departments"][0]
    head = head_of(department, "ed")
    (asked,) = ask(clerk, task, [department.pk])
    assert asked.task.assignee == head
    answer(head, asked)


@pytest.mark.parametrize(
    ("changes", "place"),
    [({"question": "  "}, "question"), ({"question": "x" * 2001}, "question"),
     ({"working_days": None}, "working_days"), ({"working_days": 61}, "working_days"),
     ({"departments": [0]}, "departments")],
)  # fmt: skip
def test_what_is_missing_is_named(task, clerk, changes, place):
    with pytest.raises(Unusable) as error:
        ask(clerk, task, **changes)
    assert set(error.value.errors) == {place}


def test_who_may_ask_and_answer(task, clerk, stranger, expert, reviewer):
    with pytest.raises(NotAllowed):
        ask(expert, ask(clerk, task)[0].task)
    outsider = make_official("otto", kind="education", duties=["clerk"])
    with pytest.raises(Http404):
        ask(outsider, task)
    own = open_task(start(task.instance.napp_version, starter=clerk, subject_id=2))
    with pytest.raises(NotAllowed):
        ask(clerk, own)


def test_nobody_answers_on_an_application_of_their_own(clerk, other_clerk, expert):
    task = open_task(start(make_napp([approve("review")]), starter=expert))
    make_official("heinz", kind="health", duties=["clerk"])
    (asked,) = ask(clerk, task)
    with pytest.raises(NotAllowed):
        answer(expert, asked)
    assert selectors.consultations_of(expert, task.instance) == []


def test_questions_end_with_the_case(task, clerk, expert):
    (asked,) = ask(clerk, task)
    services.withdraw_process(actor=actor_of(clerk), instance=task.instance, reason="Sold.")
    asked.refresh_from_db()
    asked.task.refresh_from_db()
    assert (asked.state, asked.task.state) == ("withdrawn", "cancelled")


def test_a_late_answer_is_reminded_and_nothing_else_stumbles_over_it(task, clerk, expert):
    (asked,) = ask(clerk, task)
    past = timezone.now() - timedelta(days=2)
    Task.objects.filter(pk=asked.task_id).update(due_at=past, warn_at=past)
    tasks.sweep_deadlines()
    assert Message.objects.filter(template="task_overdue", recipient=expert).exists()
    with pytest.raises(Unusable):
        act(expert, asked.task)
    suspend_process(
        actor=actor_of(clerk), task_id=task.pk, version=1, kind="experts", reason="Experts."
    )
    # What another organ says is often what the suspension waits for.
    answer(expert, asked)
    assert Consultation.objects.get().state == "answered"
