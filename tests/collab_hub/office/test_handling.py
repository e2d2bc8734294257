"""Beside the actions of a step: stopping the clock, letting it go on, urging."""

from datetime import timedelta

import pytest
from django.utils import timezone

from platform_core.capabilities.process.models import ProcessInstance, Task
from tests.factories import make_department
from tests.platform_core.capabilities.process.test_choosing import head_of

from ..makers import DECIDE, make_case, make_napp, open_task, text


def html(response) -> str:
    return response.content.decode()


@pytest.fixture
def case(db):
    """A case at a desk of clerks, past its acceptance."""
    step = {**DECIDE, "assign": {"role": "desk"}, "title": text("Review", "审查")}
    return make_case(make_napp(step), label="a stall")


def send(client, case, path, **data):
    task = open_task(case)
    sent = {"version": task.version, **data}
    return client.post(f"/office/tasks/{task.pk}/{path}/", sent, follow=True)


REASON = {"suspend-kind": "hearing", "suspend-reason": "The neighbours are heard."}


def test_the_clock_is_stopped_and_goes_on(office, clerk, case):
    page = html(office(clerk).get(f"/office/tasks/{open_task(case).pk}/"))
    assert "Stop the clock" in page
    answer = html(send(office(clerk), case, "suspend", **REASON))
    assert "The clock stands. The applicant is told why." in answer
    assert "The neighbours are heard." in answer and "Let it go on" in answer
    assert ">Approve<" not in answer
    assert "Suspended" in html(office(clerk).get("/office/inbox/"))
    answer = html(send(office(clerk), case, "resume"))
    assert "The clock goes on." in answer and "Stopped the clock" in answer


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"suspend-reason": ""}, "This field is required"),
        ({"suspend-planned_until": "2020-01-01"}, "This day has passed already."),
        ({"suspend-kind": "holiday"}, "not one of the available choices"),
    ],
)
def test_mistakes_stand_at_their_fields(office, clerk, case, changes, words):
    answer = send(office(clerk), case, "suspend", **{**REASON, **changes})
    assert answer.status_code == 422
    assert words in html(answer)
    assert changes.get("suspend-reason", "The neighbours are heard.") in html(answer)
    assert not ProcessInstance.objects.filter(status="paused").exists()


def test_whoever_is_late_is_told_and_keeps_the_reason(office, clerk, other_clerk, case):
    old = open_task(case).version
    send(office(other_clerk), case, "act", **{"action": "claim"})
    answer = send(office(clerk), case, "suspend", **REASON, version=old)
    assert answer.status_code == 409
    assert "Bob was faster" in html(answer)


def test_a_head_urges_and_the_inbox_shows_it(office, clerk, case):
    head = head_of(make_department("market"), "head")
    page = html(office(head).get(f"/office/tasks/{open_task(case).pk}/"))
    assert "It can be urged from" in page
    Task.objects.update(opened_at=timezone.now() - timedelta(days=30))
    assert "They are asked to hurry." in html(send(office(head), case, "urge"))
    assert ">Urged<" in html(office(clerk).get("/office/inbox/"))
    assert send(office(head), case, "urge").status_code == 409
    assert send(office(clerk), case, "urge").status_code == 403
