"""Taken in or sent back, before anybody decides whether to accept."""

import pytest

from platform_core.capabilities.documents.models import Document
from platform_core.capabilities.notifications.models import Message
from platform_core.capabilities.process.models import Task
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.actors import Actor
from service_hub.cases.clockwork import sweep
from service_hub.cases.models import Case
from service_hub.cases.timeline import overview
from service_hub.handling import passing, prechecking
from tests.factories import actor_of

from ..makers import do, make_office
from .makers import filed, office_with_head, on, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return office_with_head()


def take_in(case, office, **more):
    return prechecking.take_in(actor=actor_of(office["clerk"]), case=case, **more)


def send_back(case, office, **more):
    said = {"ground": "not_ours", "reason": "The bank pays this out."} | more
    return prechecking.return_case(actor=actor_of(office["clerk"]), case=case, **said)


def test_taken_in_the_term_to_accept_runs_on_and_silence_still_counts(alice, office):
    case = filed(alice, on(9, 14))
    due = case.acceptance_due_at
    taken = take_in(case, office, at=on(9, 15))
    assert (taken.state, taken.acceptance_due_at, taken.received_at) == ("received", due, on(9, 14))
    assert Message.objects.filter(recipient=alice, template="case.taken_in").exists()
    with pytest.raises(Conflict, match="Taken in"):
        take_in(case, office)
    assert sweep(actor=Actor.system("t"), now=on(9, 30))["accepted"] == 1
    case.refresh_from_db()
    assert (case.state, case.accepted_at) == ("accepted", on(9, 14))


def test_sent_back_with_reason_notice_and_the_end_of_its_process(alice, office):
    case = filed(alice, on(9, 14))
    with pytest.raises(Unusable) as caught:
        send_back(case, office, ground="other", reason=" ")
    assert set(caught.value.errors) == {"ground", "reason"}
    back = send_back(case, office, at=on(9, 15))
    assert (back.state, back.closed_at, back.decided_at) == ("returned", on(9, 15), None)
    assert overview(back)["headline"] == "Your application was sent back"
    assert not Task.objects.filter(instance=case.process_id, state="open").exists()
    assert Document.objects.get(subject_id=str(case.pk)).template == "return_notice"
    assert case.events.get(kind="sent_back").params["ground"] == "not_ours"
    with pytest.raises(Conflict, match="already closed"):
        take_in(case, office)


def test_once_accepted_it_is_not_sent_back_and_nobody_sends_back_what_they_took_in(alice, office):
    case = filed(alice)
    Case.objects.filter(pk=case.pk).update(received_by=office["clerk"])
    with pytest.raises(NotAllowed):
        send_back(case, office)
    Case.objects.filter(pk=case.pk).update(received_by=None)
    do(case)
    with pytest.raises(Conflict):
        send_back(case, office)


def test_passed_on_with_a_notice_of_the_first_organ(alice, office):
    other = make_office("housing_fund", "330110")["clerk"].posts.get().department
    case = take_in(filed(alice), office)
    passing.pass_on(
        actor=actor_of(office["clerk"]), case=case, department=other.pk, reason="It is in Yuhang."
    )
    case.refresh_from_db()
    assert (case.state, case.department) == ("submitted", other)
    notice = Document.objects.get(subject_id=str(case.pk))
    assert (notice.template, notice.issuer_id) == (
        "passing_notice", office["clerk"].posts.get().department_id,
    )  # fmt: skip


def test_the_page_of_the_case_has_both_and_refuses_a_stale_one(alice, office):
    case, clerk = filed(alice), sign_in(office["clerk"])
    page = f"/office/cases/{case.pk}/"
    shown = clerk.get(page).content.decode()
    assert "Complete: take it in" in shown and "Send it back" in shown
    typed = {"version": case.version, "ground": "", "reason": "Not ours &"}
    wrong = clerk.post(f"{page}send-back/", typed)
    assert wrong.status_code == 422
    assert "Not ours &amp;" in wrong.content.decode()
    assert clerk.post(f"{page}take-in/", {"version": case.version}).status_code == 302
    assert clerk.post(f"{page}take-in/", {"version": case.version}).status_code == 409
    assert "take it in" not in clerk.get(page).content.decode()
