"""Naming a deputy on the page, and what the deputy then finds in the inbox."""

from datetime import timedelta

import pytest
from django.utils import timezone

from platform_core.capabilities.process.delegation.models import Delegation
from tests.factories import make_department, make_official
from tests.platform_core.capabilities.process.test_choosing import head_of

from ..makers import make_case, open_task

PAGE = "/office/absence/"


def days(**more) -> dict:
    today = timezone.localdate()
    return {"valid_from": today, "valid_until": today + timedelta(days=3), **more}


def html(response) -> str:
    return response.content.decode()


def test_a_clerk_names_a_colleague_who_finds_the_work(office, clerk, stall):
    colleague = make_official("dora", kind="market", duties=(), name="Dora")
    case = make_case(stall, label="a stall")
    sent = office(clerk).post(PAGE, days(deputy=colleague.pk, reason="Leave"), follow=True)
    assert "Dora acts for Alice in these days." in html(sent)
    assert "Dora for Alice" in html(sent)
    inbox = html(office(colleague).get("/office/inbox/"))
    assert "a stall" in inbox and "for Alice until" in inbox
    page = html(office(colleague).get(f"/office/tasks/{open_task(case).pk}/"))
    assert "for Alice until" in page and "Approve" in page
    act = {"action": "approve", "version": 1}
    office(colleague).post(f"/office/tasks/{open_task(case).pk}/act/", act)
    done = case.tasks.get(node="accept")
    assert done.closed_by == colleague
    assert "Dora for Alice" in html(office(colleague).get(f"/office/tasks/{done.pk}/"))


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"deputy": ""}, "This field is required"),
        ({"valid_until": "2020-01-01"}, "The last day is before the first."),
        ({"valid_from": "soon"}, "Enter a valid date"),
        ({"reason": "x" * 201}, "at most 200 characters"),
    ],
)
def test_mistakes_are_said_at_their_fields_and_nothing_is_lost(office, clerk, sent, words):
    colleague = make_official("dora", kind="market", duties=(), name="Dora")
    answer = office(clerk).post(PAGE, days(deputy=colleague.pk) | {"reason": "Leave"} | sent)
    assert answer.status_code == 422
    assert words in html(answer)
    assert sent.get("reason", "Leave") in html(answer)
    assert not Delegation.objects.exists()


def test_a_head_names_one_for_somebody_of_the_department(office, clerk, other_clerk):
    head = head_of(make_department("market"), "head")
    page = html(office(head).get(PAGE, {"for": clerk.pk}))
    assert "For Alice, who is told." in page and ">Bob<" in page
    office(head).post(PAGE, days(principal=clerk.pk, deputy=other_clerk.pk))
    assert Delegation.objects.get().principal == clerk


def test_it_is_ended_by_whose_it_is(office, clerk, other_clerk):
    office(clerk).post(PAGE, days(deputy=other_clerk.pk))
    found = Delegation.objects.get()
    assert "End it now" not in html(office(other_clerk).get(PAGE))
    assert office(other_clerk).post(f"{PAGE}{found.pk}/end/").status_code == 404
    assert "End it now: Bob" in html(office(clerk).get(PAGE))
    office(clerk).post(f"{PAGE}{found.pk}/end/")
    found.refresh_from_db()
    assert found.ended_by == clerk
