"""Duties of a firm: which are its own, when, how they are done, who is told."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.outbox.models import OutboxMessage
from platform_core.napps.manifest import ManifestInvalid, validate_manifest
from platform_core.napps.services import register_napp, switch_version
from service_hub.cases.services import file_values, withdraw_case
from service_hub.duties import selectors, services, tasks
from service_hub.duties.models import Duty, DutyMark
from service_hub.firms.deadlines import calendar_token, deadlines_of
from service_hub.todos import todos_of
from tests.factories import MAKER, actor_of, make_department
from tests.service_hub.firms.makers import make_members
from tests.service_hub.firms.test_members import again
from tests.service_hub.makers import item_of, manifest_of, plan_values
from tests.service_hub.portal.test_views import text_of

from .makers import declare, duty

pytestmark = pytest.mark.django_db
RESUME = "return_to_work/resume"
NOON = "2026-11-10T04:00:00Z"


def file_plan(user, firm):
    item = item_of("return_to_work", "resume")
    make_department("economy")
    values = plan_values(user, firm)
    return file_values(actor=actor_of(user, firm), item=item, values=values).case


@time_machine.travel(NOON, tick=False)
def test_a_duty_stands_at_the_deadlines_in_the_calendar_and_among_what_waits(portal, client):
    firm, people = make_members("agent")
    declare(duty())
    agent = again(people["agent"])
    first, second, third = deadlines_of(agent, firm)
    assert [one.on for one in (first, second, third)] == [
        date(2026, 11, 28), date(2026, 12, 28), date(2027, 1, 28),
    ]  # fmt: skip
    assert first.light == {"level": "y", "words": "18 days left"}
    assert [one.key for one in todos_of(actor_of(agent, firm))] == [first.key]
    address = f"/enterprise/firm/calendar/{calendar_token(agent, firm)}.ics"
    assert "DTSTART;VALUE=DATE:20261128" in client.get(address).content.decode()
    page = text_of(portal(agent, firm).get(first.url))
    assert "for month 11 of 2026" in page and "《条例》第八条" in page


@time_machine.travel(NOON, tick=False)
def test_rules_say_whose_a_duty_is():
    firm, people = make_members()
    declare(
        duty("all"),
        duty("large", firms={">": [{"var": "staff"}, 300]}),
        duty("small", firms={"<=": [{"var": "staff"}, 300]}),
    )
    lines = selectors.lines_for(people["legal"], firm)
    assert {one.duty.key for one in lines} == {"all", "small"}
    assert all(one.is_certain for one in lines)
    stranger, _people = make_members()
    assert selectors.lines_for(people["legal"], stranger) == []


@time_machine.travel(NOON, tick=False)
def test_filing_does_the_oldest_open_time_and_withdrawing_undoes_it(portal):
    firm, people = make_members()
    declare(duty(service=RESUME), duty("decided", service=RESUME, done_by="approved"))
    boss = again(people["legal"])
    case = file_plan(boss, firm)
    mark = DutyMark.objects.get()
    assert (mark.duty.key, mark.period, mark.kind, mark.case) == (
        "report", "2026-11", "filed", case,
    )  # fmt: skip
    days = [one.on for one in deadlines_of(boss, firm) if one.url_args[1] == "report"]
    assert days[0] == date(2026, 12, 28)
    page = text_of(portal(boss, firm).get("/enterprise/firm/deadlines/"))
    assert "Done lately" in page and "Done by a case" in page
    with pytest.raises(Conflict):
        services.take_back(actor=actor_of(boss, firm), mark=mark)
    withdraw_case(actor=actor_of(boss, firm), case=case)
    assert not DutyMark.objects.exists()


@time_machine.travel(NOON, tick=False)
def test_the_right_case_does_what_the_withdrawn_one_had_done():
    firm, people = make_members()
    declare(duty(service=RESUME))
    boss = again(people["legal"])
    wrong, right, spare = (file_plan(boss, firm) for _n in range(3))
    done = {one.period: one.case for one in DutyMark.objects.all()}
    assert done["2026-11"] == wrong and spare not in done.values()
    withdraw_case(actor=actor_of(boss, firm), case=wrong)
    done = {one.period: one.case for one in DutyMark.objects.all()}
    assert done.pop("2026-11") == spare and set(done.values()) == {right}
    firm.dissolved_on = date(2026, 11, 9)
    assert selectors.lines_of(firm) == []


@time_machine.travel(NOON, tick=False)
def test_a_member_says_that_it_is_done_and_on_what_ground(portal):
    firm, people = make_members("agent", "viewer")
    declare(duty(), duty("strict", service=RESUME, may_mark=False))
    agent, viewer = again(people["agent"]), again(people["viewer"])
    line = next(one for one in selectors.lines_for(agent, firm) if one.duty.key == "report")
    address = "/enterprise/firm/duties/firm_duties/report/2026-11/"
    client = portal(agent, firm)
    assert client.post(address, {"do": "mark", "ground": " "}).status_code == 422
    said = {"do": "mark", "ground": "Sent on paper on 3 November"}
    assert said["ground"] in text_of(client.post(address, said, follow=True))
    terms = {"firm": firm, "duty": line.duty, "period": "2026-12", "ground": said["ground"]}
    with pytest.raises(NotAllowed):
        services.mark_done(actor=actor_of(viewer, firm), **terms)
    with pytest.raises(Conflict):
        services.mark_done(actor=actor_of(agent, firm), **terms | {"period": "2026-11"})
    with pytest.raises(Unusable):
        services.mark_done(actor=actor_of(agent, firm), **terms | {"ground": "x"})
    strict = Duty.objects.get(key="strict")
    with pytest.raises(NotAllowed):
        services.mark_done(actor=actor_of(agent, firm), **terms | {"duty": strict})
    assert portal(viewer, firm).post(address, {"do": "unmark"}).status_code == 302
    assert DutyMark.objects.count() == 1
    portal(agent, firm).post(address, {"do": "unmark"})
    assert not DutyMark.objects.exists()


def test_managers_are_told_once_for_each_reminder():
    with time_machine.travel(NOON, tick=False):
        _firm, people = make_members("agent")
        declare(duty(opens_days=10))
    # Nobody is told before it can be done; then each reminder once, and once when it is late.
    told = {"10": 0, "18": 1, "19": 1, "21": 2, "27": 3, "29": 4, "30": 4}
    for day, expected in told.items():
        with time_machine.travel(f"2026-11-{day}T02:00:00Z", tick=False):
            tasks.remind()
            for message in OutboxMessage.objects.filter(topic=services.REMINDING):
                tasks.on_reminding(message)
        assert Message.objects.filter(recipient=people["legal"]).count() == expected, day
    assert not Message.objects.filter(recipient=people["agent"]).exists()


@time_machine.travel("2026-12-20T04:00:00Z", tick=False)
def test_a_year_without_a_calendar_is_said_to_be_open():
    firm, people = make_members()
    declare(duty(when={"kind": "yearly", "month": 2, "day": 29}, shift="previous"))
    (line,) = selectors.lines_for(people["legal"], firm)
    assert line.occurrence.day == date(2027, 2, 28)
    assert line.is_date_certain or "may move" in line.note


@time_machine.travel(NOON, tick=False)
def test_a_new_version_takes_a_duty_out_and_what_was_done_stays_to_be_seen():
    firm, people = make_members()
    napp = declare(duty(), duty("other"))
    boss = again(people["legal"])
    services.mark_done(
        actor=actor_of(boss, firm), firm=firm, duty=Duty.objects.get(key="report"),
        period="2026-11", ground="Sent on paper",
    )  # fmt: skip
    changed = manifest_of("firm_duties") | {"version": "1.1.0", "duties": [duty("other")]}
    version = register_napp(actor=MAKER, manifest=changed)
    switch_version(actor=MAKER, napp=napp, version=version)
    assert {one.duty.key for one in selectors.lines_for(boss, firm)} == {"other"}
    (done,) = selectors.marks_of(boss, firm)
    assert done.title == "Annual report"


@pytest.mark.parametrize(
    "changes",
    [
        {"firms": {"==": [{"var": "colour"}, "red"]}}, {"may_mark": False},
        {"when": {"kind": "validity", "working_days": 5}},
        {"when": {"kind": "monthly", "day": 32}}, {"when": {"kind": "weekly"}},
    ],
)  # fmt: skip
def test_a_manifest_that_nobody_could_fulfil_is_refused(changes):
    with pytest.raises(ManifestInvalid) as raised:
        validate_manifest(manifest_of("firm_duties") | {"duties": [duty(**changes)]})
    assert "duties" in str(raised.value.problems)


@time_machine.travel(NOON, tick=False)
def test_the_pages_cost_the_same_for_one_duty_and_for_three(portal):
    firm, people = make_members()
    boss = again(people["legal"])

    def cost():
        client = portal(boss, firm)
        found = []
        for path in ("/enterprise/firm/deadlines/", "/enterprise/"):
            client.get(path)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(path).status_code == 200
            found.append(len(seen))
        return found

    napp = declare(duty("a"))
    one = cost()
    manifest = manifest_of("firm_duties")
    manifest |= {"version": "1.1.0", "duties": [duty("a"), duty("b"), duty("c")]}
    switch_version(actor=MAKER, napp=napp, version=register_napp(actor=MAKER, manifest=manifest))
    assert cost() == one
    assert len(deadlines_of(boss, firm)) >= 3
