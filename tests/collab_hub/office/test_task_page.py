"""The page of a task through its public door: what is shown, what is done, what is refused."""

import re
import time

import pytest

from platform_core.capabilities.process import services as process
from platform_core.capabilities.process.models import ProcessInstance, Task
from platform_core.common import events
from platform_core.napps import services as napps
from security.audit.models import AuditEntry
from security.organs import services as organs
from tests.factories import (
    LONG_AGO,
    MAKER,
    actor_of,
    make_department,
    make_official,
    make_staff,
    sign_in,
)

from ..makers import ACCEPT, COPY, FILL, make_case, make_napp, open_task


def page(task) -> str:
    return f"/office/tasks/{task.pk}/"


def act(client, task, action, **more):
    data = {"action": action, "version": task.version, **more}
    return client.post(f"{page(task)}act/", data)


def html(response) -> str:
    return response.content.decode()


@pytest.fixture
def task(stall):
    return open_task(make_case(stall))


@pytest.fixture
def second(clerk, reviewer, stall):
    """A task at the second desk, after Alice has accepted."""
    case = make_case(stall)
    first = open_task(case)
    process.act(
        actor=actor_of(clerk), task_id=first.pk, action="approve", version=1, opinion="All there."
    )
    return open_task(case)


def test_strangers_and_citizens_find_nothing(client, task, stranger, citizen):
    assert client.get(page(task)).status_code == 302
    sign_in(client, stranger)
    assert client.get(page(task)).status_code == 404
    assert act(client, task, "approve").status_code == 404
    assert client.post(f"{page(task)}unmask/", {"reason": "curious"}).status_code == 404
    sign_in(client, citizen)
    assert client.get(page(task)).status_code == 403
    assert act(client, task, "approve").status_code == 403


def test_the_page_shows_the_case_with_personal_numbers_masked(office, clerk, task):
    response = office(clerk).get(page(task))
    text = html(response)
    assert str(task.instance) in text.replace("&#x27;", "'")
    assert task.instance.subject_number in text
    assert "138****2046" in text and "13812342046" not in text
    assert "no-store" in response["Cache-Control"]


def test_opening_tells_whoever_keeps_the_access_list(office, clerk, task, monkeypatch):
    heard = []
    listener = lambda **facts: heard.append(facts)  # noqa: E731
    monkeypatch.setitem(events._listeners, "subject.read", [listener])
    office(clerk).get(page(task))
    (facts,) = heard
    assert (facts["subject_type"], facts["actor"].user) == ("test.stall", clerk)


def test_unmasking_needs_a_reason_and_leaves_a_trace(office, clerk, task):
    client = office(clerk)
    refused = client.post(f"{page(task)}unmask/", {"reason": " "})
    assert refused.status_code == 422
    assert "13812342046" not in html(refused)
    shown = client.post(f"{page(task)}unmask/", {"reason": "Calling the applicant"})
    assert "13812342046" in html(shown)
    assert "13812342046" not in html(client.get(page(task)))
    trace = AuditEntry.objects.get(verb="read", actor=clerk)
    assert trace.after["reason"] == "Calling the applicant"
    assert "mobile" in trace.after["fields"] and "number" in trace.after["fields"]
    assert "13812342046" not in str(trace.after)


def test_claiming_keeps_the_person_on_the_page(office, clerk, task):
    client = office(clerk)
    response = client.post(
        f"{page(task)}act/", {"action": "claim", "version": task.version, "view": "box=pool"}
    )
    assert response.headers["Location"] == f"{page(task)}?box=pool"
    task.refresh_from_db()
    assert task.assignee == clerk
    assert "The task is yours now." in html(client.get(page(task)))


def test_releasing_gives_it_back(office, clerk, other_clerk, task):
    process.claim_task(actor=actor_of(clerk), task_id=task.pk)
    task.refresh_from_db()
    response = act(office(clerk), task, "release")
    assert response.headers["Location"] == "/office/inbox/"
    task.refresh_from_db()
    assert task.assignee is None


def test_approving_leads_back_to_the_same_view(office, clerk, reviewer, task):
    client = office(clerk)
    data = {"action": "approve", "version": task.version, "opinion": "好的 𠮷", "view": "q=Chen"}
    response = client.post(f"{page(task)}act/", data)
    assert response.headers["Location"] == "/office/inbox/?q=Chen"
    task.refresh_from_db()
    assert (task.state, task.outcome, task.opinion) == ("done", "approve", "好的 𠮷")
    assert "Approved: " in html(client.get("/office/inbox/"))


@pytest.mark.parametrize("action", ["reject", "return", "correct"])
def test_a_refusal_without_reason_keeps_the_page(office, reviewer, second, action):
    response = act(office(reviewer), second, action, fields=["place"], to_node="accept")
    assert response.status_code == 422
    text = html(response)
    assert 'href="#opinion"' in text and 'aria-invalid="true"' in text
    second.refresh_from_db()
    assert second.state == "open"


def test_rejecting_closes_the_process(office, reviewer, second):
    assert (
        act(office(reviewer), second, "reject", opinion="Too close to the road.").status_code == 302
    )
    instance = ProcessInstance.objects.get(pk=second.instance_id)
    assert (instance.status, instance.outcome) == ("ended", "rejected")


def test_asking_for_a_correction_names_the_answers(office, clerk, task):
    client = office(clerk)
    refused = act(client, task, "correct", opinion="The place is unclear.", fields=["nonsense"])
    assert refused.status_code == 422
    assert "Choose at least one answer" in html(refused)
    assert "The place is unclear." in html(refused)
    assert act(client, task, "correct", opinion="Unclear.", fields=["place"]).status_code == 302
    instance = ProcessInstance.objects.get(pk=task.instance_id)
    assert instance.status == "waiting"
    event = instance.events.get(kind="correction_asked")
    assert event.data["fields"] == ["place"]


def test_returning_goes_back_to_the_chosen_step(office, clerk, reviewer, second):
    client = office(reviewer)
    assert '<option value="accept"' in html(client.get(page(second)))
    assert act(client, second, "return", opinion="Look again.", to_node="accept").status_code == 302
    assert open_task(second.instance).node == "accept"


def test_handing_over_offers_colleagues_of_the_role_only(
    office, clerk, other_clerk, reviewer, task
):
    client = office(clerk)
    offered = re.search(r'id="to_user".*?</select>', html(client.get(page(task))), re.S)[0]
    assert "Bob" in offered and "Carol" not in offered and "Alice" not in offered
    assert act(client, task, "transfer", to_user=str(reviewer.pk)).status_code == 422
    assert act(client, task, "transfer", to_user=str(other_clerk.pk)).status_code == 302
    task.refresh_from_db()
    assert task.assignee == other_clerk


def test_a_second_clerk_learns_who_was_faster_and_keeps_the_words(office, clerk, other_clerk, task):
    seen = task.version
    process.act(actor=actor_of(clerk), task_id=task.pk, action="approve", version=seen)
    response = act(office(other_clerk), task, "reject", opinion="My long 𠮷 reason.")
    assert response.status_code == 409
    text = html(response)
    assert "Alice was faster" in text
    assert "My long 𠮷 reason." in text
    assert "was not carried out" in text


def test_a_claimed_task_is_a_conflict_that_can_be_read(office, clerk, other_clerk, task):
    process.claim_task(actor=actor_of(clerk), task_id=task.pk)
    response = act(office(other_clerk), task, "claim")
    assert response.status_code == 409
    assert "Alice" in html(response)


def test_an_old_page_of_ones_own_keeps_the_words_in_their_place(office, clerk, task):
    client = office(clerk)
    process.claim_task(actor=actor_of(clerk), task_id=task.pk)
    response = act(client, task, "approve", opinion="Typed before.")
    assert response.status_code == 409
    field = re.search(r'<textarea[^>]*id="opinion".*?</textarea>', html(response), re.S)[0]
    assert "Typed before." in field


def test_a_double_click_does_it_once(office, clerk, task):
    client = office(clerk)
    assert act(client, task, "approve").status_code == 302
    assert act(client, task, "approve").status_code == 409
    assert Task.objects.filter(instance=task.instance, node="decide").count() == 1


def test_a_task_that_is_done_says_so(office, clerk, other_clerk, task):
    process.act(actor=actor_of(clerk), task_id=task.pk, action="approve", version=task.version)
    text = html(office(other_clerk).get(page(task)))
    assert "Alice finished this task" in text
    assert 'name="action"' not in text


@pytest.mark.parametrize(
    "sent",
    [
        {"action": "explode"},
        {"action": ""},
        {"action": "approve", "version": "x"},
        {"action": "approve", "version": "9" * 30},
        {"action": "approve", "opinion": "x" * 2001},
        {"action": "approve", "opinion": "\x00"},
        {"action": "transfer", "to_user": "'; drop table"},
        {"action": "return", "opinion": "x", "to_node": "nowhere"},
        {"action": "approve", "view": "box=%FF&q=" + "x" * 900},
    ],
)
def test_nonsense_gets_an_answer(office, clerk, task, sent):
    data = {"version": task.version, **sent}
    response = office(clerk).post(f"{page(task)}act/", data)
    assert response.status_code in {302, 409, 422}


def test_a_copy_is_read_and_gone(office, clerk, reviewer):
    case = make_case(make_napp(COPY, ACCEPT))
    copy = Task.objects.get(instance=case, kind="cc")
    client = office(reviewer)
    assert "Mark as read" in html(client.get(page(copy)))
    assert act(client, copy, "read").status_code == 302
    copy.refresh_from_db()
    assert copy.state == "done"


def test_a_fill_in_step_asks_its_form(office, clerk):
    case = make_case(make_napp(FILL, ACCEPT))
    task = open_task(case)
    client = office(clerk)
    assert "What you saw" in html(client.get(page(task)))
    refused = act(client, task, "submit", seen="", fits="", opinion="I was there.")
    assert refused.status_code == 422
    assert "I was there." in html(refused)
    done = act(client, task, "submit", seen="A tidy stall.", fits="yes")
    assert done.status_code == 302, html(done)
    assert open_task(case).node == "accept"


def test_a_head_may_read_what_the_department_does(client, task):
    head = make_staff("heidi", kind="official")
    organs.appoint(
        actor=MAKER, user=head, department=make_department("market"), title="Head",
        duties=["head"], is_head=True, valid_from=LONG_AGO,
    )  # fmt: skip
    sign_in(client, head)
    text = html(client.get(page(task)))
    assert "You may read it" in text
    assert 'name="action"' not in text


def test_switching_the_napp_off_hides_its_tasks(office, clerk, task, stall):
    napps.disable_napp(actor=MAKER, napp=stall.napp)
    client = office(clerk)
    assert client.get(page(task)).status_code == 404
    assert str(task.instance) not in html(client.get("/office/inbox/"))


def test_a_decider_in_another_county_is_a_stranger(client, task):
    other = make_official("erin", kind="market", region="330110", duties=["clerk"])
    sign_in(client, other)
    assert client.get(page(task)).status_code == 404


def test_the_history_tells_who_decided_where(office, reviewer, second):
    text = html(office(reviewer).get(page(second)))
    assert "Accept · Approved" in text
    assert "All there." in text
    assert "Alice · Xihu District market" in text


OPINION = "The photo shows another stall 𠮷."


def test_what_was_sent_after_the_session_ended_is_offered_again(client, clerk, task):
    answer = act(client, task, "correct", opinion=OPINION, fields=["photos"], view="box=pool")
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]
    assert f"{page(task)}%3Fbox%3Dpool" in answer["Location"]
    sign_in(client, clerk)
    shown = html(client.get(page(task)))
    assert OPINION in shown
    assert "You had been signed out" in shown
    assert re.search(r'value="photos" checked', shown)
    assert Task.objects.get(pk=task.pk).state == "open"
    assert OPINION not in html(client.get(page(task)))


def idle_for_an_hour(client):
    session = client.session
    session["gov_seen"] = session["gov_since"] = session.get("gov_since", time.time()) - 3600
    session.save()


def test_an_opinion_outlives_an_idle_session_for_its_writer_alone(client, clerk, task):
    other = make_official("bella", kind="market", duties=["clerk"])
    for person, finds_it in ((other, False), (clerk, True)):
        sign_in(client, clerk)
        client.get(page(task))
        idle_for_an_hour(client)
        assert "/accounts/login/" in act(client, task, "approve", opinion=OPINION)["Location"]
        assert OPINION not in str(dict(client.session))
        sign_in(client, person)
        assert (OPINION in html(client.get(page(task)))) is finds_it
    assert Task.objects.get(pk=task.pk).state == "open"


def test_a_fill_in_step_outlives_the_session(client, clerk):
    task = open_task(make_case(make_napp(FILL, ACCEPT)))
    act(client, task, "submit", seen="Two tables, no awning.", fits="yes")
    sign_in(client, clerk)
    assert "Two tables, no awning." in html(client.get(page(task)))


def test_other_pages_lead_to_the_sign_in_when_idle(client, clerk):
    sign_in(client, clerk)
    client.get("/office/")
    idle_for_an_hour(client)
    assert "/accounts/login/" in client.post("/office/messages/read/")["Location"]
