"""A suspended case: its clock stands, its applicant is told, and it may be urged afterwards."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from platform_core.capabilities.notifications.models import Message
from platform_core.capabilities.process.suspension.services import resume_process, suspend_process
from platform_core.common.errors import Conflict
from service_hub.cases import services
from service_hub.cases.clocks import clock_from
from service_hub.cases.models import Case
from service_hub.cases.timeline import history, overview
from tests.factories import actor_of, sign_in

from ..makers import do, file_rent, make_office, open_tasks

pytestmark = pytest.mark.django_db
CHINA = ZoneInfo("Asia/Shanghai")


def on(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=CHINA)


@pytest.fixture
def office(db):
    return make_office("housing_fund")


@pytest.fixture
def case(alice, office):
    return do(file_rent(alice))


def stop(case, user, **more):
    (task,) = open_tasks(case)
    suspend_process(
        actor=actor_of(user), task_id=task.pk, version=task.version, kind="hearing",
        reason="The neighbours are heard.", **more,
    )  # fmt: skip
    case.refresh_from_db()
    return task


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([], on(3, 16, 18)),
        ([(date(2026, 2, 12), date(2026, 2, 25))], on(3, 23, 18)),
        ([(date(2026, 2, 12), None)], None),
    ],
)
def test_the_days_of_a_procedure_are_not_counted(pauses, due):
    clock = clock_from(on(2, 10), 20, 20, pauses)
    assert (clock.promise_due_at, clock.legal_due_at) == (due, due)


def test_the_clock_of_the_case_stands_and_goes_on(case, office):
    before = case.promise_due_at
    task = stop(case, office["reviewer"])
    assert (case.state, case.promise_due_at, case.legal_due_at) == ("suspended", None, None)
    resume_process(actor=actor_of(office["reviewer"]), task_id=task.pk)
    case.refresh_from_db()
    assert case.state == Case.State.REVIEWING
    assert case.promise_due_at >= before


def test_the_applicant_is_told_in_writing_each_time(case, office, alice):
    for _time in range(2):
        task = stop(case, office["reviewer"])
        resume_process(actor=actor_of(office["reviewer"]), task_id=task.pk)
    told = Message.objects.filter(recipient=alice)
    assert told.filter(template="case.suspended").count() == 2
    body = told.filter(template="case.suspended").first().body
    assert "The neighbours are heard." in body["en"] and "Hearing" in body["en"]
    assert told.filter(template="case.resumed").count() == 2


def test_the_tracking_page_says_why(client, case, office, alice, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    until = timezone.localdate() + timedelta(days=7)
    stop(case, office["reviewer"], planned_until=until)
    case = Case.objects.get(pk=case.pk)
    assert overview(case)["headline"] == "The clock stands while a procedure runs"
    assert history(case, list(case.events.all()))[1]["state"] == "warn"
    sign_in(client, alice)
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "The neighbours are heard." in page
    assert "These days are not counted in the time we promised." in page


def test_a_suspended_case_can_be_withdrawn(case, office, alice):
    stop(case, office["reviewer"])
    services.withdraw_case(actor=actor_of(alice), case=Case.objects.get(pk=case.pk))
    case.refresh_from_db()
    assert case.state == Case.State.WITHDRAWN


def test_the_applicant_urges_from_half_of_the_term_on(client, case, office, alice, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    sign_in(client, alice)
    assert "Ask the office to hurry" not in client.get(f"/cases/{case.pk}/").content.decode()
    with pytest.raises(Conflict):
        services.urge_case(actor=actor_of(alice), case=case)
    (task,) = open_tasks(case)
    long_ago = timezone.now() - timedelta(days=30)
    type(task).objects.filter(pk=task.pk).update(opened_at=long_ago)
    assert "Ask the office to hurry" in client.get(f"/cases/{case.pk}/").content.decode()
    client.post(f"/cases/{case.pk}/urge/")
    assert case.events.filter(kind="urged").count() == 1
    again = client.post(f"/cases/{case.pk}/urge/", follow=True).content.decode()
    assert "You can urge from" in again
    assert case.events.filter(kind="urged").count() == 1
