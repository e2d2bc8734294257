"""Incidents: activated once, moved by version, reported without gaps, faults on the way."""

from datetime import datetime, timedelta
from threading import Barrier, Thread
from uuid import uuid4
from zoneinfo import ZoneInfo

import pgtrigger
import pytest
from django.db import connection, transaction
from django.db.utils import InternalError
from django.utils import timezone, translation

from collab_hub.inbox.acting import act_on_work
from collab_hub.inbox.models import WorkItem
from collab_hub.incidents import aftermath, plan_services, resource_services, selectors, services
from collab_hub.incidents.models import Incident, IncidentLine, SituationReport
from platform_core.capabilities.notifications.models import Message
from platform_core.capabilities.process.delegation.models import Delegation
from platform_core.capabilities.process.delegation.services import set_delegation
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.access import may
from security.accounts.models import User
from security.organs.models import Post
from tests.factories import actor_of

from .makers import (
    activate,
    colleague,
    desk,
    drafted,
    head,
    move,
    person,
    published,
    street,
    todo,
    tracer,
)

pytestmark = pytest.mark.django_db


def again(person) -> User:
    """The person as another request reads them."""
    return User.objects.get(pk=person.pk)


def together(*calls) -> list:
    """What each call gives or raises, all begun at the same moment."""
    start, found = Barrier(len(calls)), []

    def run(call):
        start.wait()
        try:
            with translation.override("en"):
                found.append(call())
        except (Conflict, Unusable) as error:
            found.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def test_a_second_person_publishes_a_plan_and_pieces_in_use_stay():
    version = drafted()
    plan = version.plan
    with pytest.raises(Conflict, match="Trace contacts"):
        plan_services.drop_entry(actor=actor_of(desk()), plan=plan, part="roles", key="r3")
    plan_services.ask_for_publication(actor=actor_of(desk()), plan=plan)
    with pytest.raises(NotAllowed):
        plan_services.decide_plan(actor=actor_of(desk()), plan=plan, is_fit=True)
    with pytest.raises(NotAllowed):
        plan_services.decide_plan(actor=actor_of(tracer()), plan=plan, is_fit=True)
    plan_services.decide_plan(actor=actor_of(head()), plan=plan, is_fit=True)
    second = plan_services.begin_version(actor=actor_of(head()), plan=plan)
    with pytest.raises(Conflict, match="meanwhile"):
        plan_services.set_minutes(
            actor=actor_of(head()), plan=plan, minutes=5, revision=second.revision + 1
        )
    plan_services.set_minutes(actor=actor_of(head()), plan=plan, minutes=5)
    plan_services.ask_for_publication(actor=actor_of(head()), plan=plan)
    plan_services.decide_plan(actor=actor_of(desk()), plan=plan, is_fit=True)
    assert list(plan.versions.values_list("number", "state")) == [
        (2, "approved"), (1, "replaced"),
    ]  # fmt: skip


def test_one_click_fills_roles_calls_everybody_and_opens_the_tasks():
    incident = activate()
    roles = {one.title["en"]: one.holder for one in incident.roles.select_related("holder")}
    assert roles == {"Commander": head(), "Desk": desk(), "Tracing": tracer(), "Streets": street()}
    called = Message.objects.filter(template="incident.call").values_list("recipient", flat=True)
    assert set(called) == {one.pk for one in roles.values()}
    waits = WorkItem.objects.filter(kind="incident_task", state="open")
    assert {(one.title["en"], one.assignee) for one in waits} == {
        ("Set up the post", desk()), ("Trace contacts", tracer()), ("Feed people", street()),
    }  # fmt: skip
    assert incident.number.startswith("杭州应急") and incident.checks.count() == 2
    assert selectors.log_fault(incident, selectors.lines_of(incident)) is None


@pytest.mark.django_db(transaction=True)
def test_a_double_click_and_two_colleagues_activate_once():
    version, once = published(), uuid4()
    found = together(
        lambda: activate(version, once=once), lambda: activate(version, once=once),
        lambda: activate(version, by=head()),
    )  # fmt: skip
    incident = Incident.objects.get()
    refused = [one for one in found if isinstance(one, Conflict)]
    made = [one for one in found if isinstance(one, Incident)]
    # Whoever comes second with another click is told who was first.
    assert {one.pk for one in made} == {incident.pk}
    assert all(one.facts["incident"] == str(incident.pk) for one in refused)
    assert len(made) + len(refused) == 3 and refused
    assert Message.objects.filter(template="incident.call").count() == 4
    another = activate(version, is_another=True)
    assert another.number != incident.number


def test_activating_is_for_heads_whoever_has_the_duty_and_who_stands_in_for_them():
    version, today = published(), timezone.localdate()
    plan = version.plan
    with pytest.raises(NotAllowed, match=r"Call one of those who may: Wu, Qin\."):
        activate(version, by=colleague())
    # A head is one by the post or by the duty; the duty counts only in the organ of the plan.
    leader = person("xu", "emergency_desk")
    assert not may(leader, "activate", plan)
    leader.posts.update(is_head=True)
    elsewhere = person("zou", "health", "activator")
    assert [may(again(one), "activate", plan) for one in (leader, head(), elsewhere)] == [
        True, True, False,
    ]  # fmt: skip
    one = set_delegation(
        actor=actor_of(head()), principal=head(), deputy=colleague(), valid_from=today,
        valid_until=today,
    )  # fmt: skip
    assert may(again(colleague()), "activate", plan)
    assert activate(version, by=again(colleague())).organ == plan.owner
    # Who stands in for some N-apps only does not: a plan belongs to none.
    Delegation.objects.filter(pk=one.pk).update(napps=[1])
    assert not may(again(colleague()), "activate", plan)
    Post.objects.exclude(user=colleague()).update(valid_until=today - timedelta(days=1))
    with pytest.raises(NotAllowed, match="Nobody may activate this plan today"):
        activate(version, by=again(colleague()), is_another=True)


def test_the_second_mover_is_told_who_was_first():
    one = todo(activate(), "Trace contacts")
    move(tracer(), one, "doing")
    with pytest.raises(Conflict, match="Li was faster") as refused:
        services.move_task(actor=actor_of(desk()), task=one, version=1, to="done")
    assert refused.value.facts["who"] == tracer().pk
    with pytest.raises(NotAllowed):
        move(street(), one, "done")
    with pytest.raises(NotAllowed):
        move(tracer(), one, "dropped", note="No.")
    with pytest.raises(Unusable):
        move(desk(), one, "dropped")
    # Nothing said and nothing moved is nothing; words alone are a note that counts as a move.
    assert move(desk(), one, "doing").version == 2
    assert move(desk(), one, "doing", note="Half.").version == 3
    assert list(
        one.incident.lines.filter(kind__in=["move", "shift", "note"]).values_list("kind", "note")
    ) == [("move", ""), ("note", "Half.")]
    move(desk(), one, "done", note="All traced.")
    assert not WorkItem.objects.filter(object_id=one.pk, state="open").exists()
    move(tracer(), one, "doing")
    assert WorkItem.objects.filter(object_id=one.pk, state="open").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_at_once_one_wins():
    one = todo(activate(), "Trace contacts")
    found = together(
        lambda: services.move_task(actor=actor_of(tracer()), task=one, version=1, to="done"),
        lambda: services.move_task(actor=actor_of(desk()), task=one, version=1, to="doing"),
    )
    assert sum(isinstance(each, Conflict) for each in found) == 1
    assert IncidentLine.objects.filter(kind="move").count() == 1


def test_a_task_is_done_from_the_inbox():
    one = todo(activate(), "Feed people")
    item = WorkItem.objects.get(object_id=one.pk)
    act_on_work(actor=actor_of(street()), work_id=item.pk, action="finish", version=item.version)
    one.refresh_from_db()
    assert one.state == "done" and one.moved_by == street()


@pytest.mark.django_db(transaction=True)
def test_resources_never_fall_below_zero():
    incident = activate()
    suits, health = incident.resources.get(), tracer().posts.get().department
    to = {"incident": incident, "resource": suits, "organ": health}
    resource_services.receive(actor=actor_of(desk()), incident=incident, resource=suits, amount=50)
    lend = [
        lambda who=who: resource_services.lend(actor=actor_of(who), **to, amount=20)
        for who in (desk(), head(), desk(), head())
    ]
    found = together(*lend)
    suits.refresh_from_db()
    assert sum(isinstance(one, Unusable) for one in found) == 2
    assert (suits.total, suits.out, suits.free) == (50, 40, 10)
    back = [
        lambda act=act: act(actor=actor_of(tracer()), **to, amount=25)
        for act in (resource_services.give_back, resource_services.use_up)
    ]
    found = together(*back)
    assert sum(isinstance(one, Unusable) for one in found) == 1
    suits.refresh_from_db()
    assert suits.out == 15 == suits.holdings.get().amount and suits.total in (50, 25)


def test_situation_reports_have_no_gap_and_carry_their_figures():
    incident, li = activate(), actor_of(tracer())
    to = {"actor": li, "incident": incident}
    services.report_situation(**to, text="One case.", figures={"f1": 1, "f2": 40})
    with pytest.raises(Unusable) as refused:
        services.report_situation(**to, text="x", figures={"f1": -1})
    assert set(refused.value.errors) == {"f1"}
    with pytest.raises(Unusable):
        services.report_situation(**to, text=" ")
    second = services.report_situation(**to, text="Two.", figures={"f1": 2})
    assert second.number == 2 and second.figures == {
        "f1": {"value": 2, "carried": False}, "f2": {"value": 40, "carried": True},
    }  # fmt: skip
    with pytest.raises(InternalError), transaction.atomic():
        SituationReport.objects.filter(pk=second.pk).update(text="None.")


def test_messages_stay_as_they_were_noted_and_are_confirmed_once():
    incident, qin = activate(), actor_of(desk())
    line = services.note_message(
        actor=qin, incident=incident, direction="in", counterpart="CDC", text="Positive.",
        needs_confirming=True,
    )  # fmt: skip
    with pytest.raises(Unusable):
        services.note_message(
            actor=qin, incident=incident, direction="in", counterpart="", text="x"
        )
    services.confirm_message(actor=actor_of(tracer()), incident=incident, seq=line.seq)
    with pytest.raises(Conflict, match="Li confirmed it already"):
        services.confirm_message(actor=qin, incident=incident, seq=line.seq)
    with pytest.raises(InternalError), transaction.atomic():
        IncidentLine.objects.filter(pk=line.pk).update(note="Negative.")
    with pgtrigger.ignore("collab_hub.IncidentLine:append_only"):
        IncidentLine.objects.filter(pk=line.pk).update(note="Negative.")
    assert selectors.log_fault(incident, selectors.lines_of(incident)) == line.seq


def test_midnight_and_a_clock_put_back_keep_the_order():
    late = datetime(2026, 12, 31, 23, 50, tzinfo=ZoneInfo("Asia/Shanghai"))
    incident = activate(at=late)
    assert "〔2026〕1号" in incident.number
    one = todo(incident, "Set up the post")
    assert timezone.localtime(one.due_at).date().isoformat() == "2027-01-01"
    to = {"actor": actor_of(desk()), "incident": incident}
    services.report_situation(**to, text="x", at=late + timedelta(minutes=20))
    # The server's clock was put back by an hour.
    services.report_situation(**to, text="y", at=late - timedelta(minutes=40))
    lines = selectors.lines_of(incident)
    assert [one.at for one in lines] == sorted(one.at for one in lines)
    assert list(incident.reports.values_list("number", flat=True)) == [2, 1]
    services.stand_down(**to, note="Over.", at=late + timedelta(hours=1))
    after = activate(incident.plan_version, at=late + timedelta(hours=2))
    assert "〔2027〕1号" in after.number


def test_after_the_end_nothing_moves_and_what_is_open_is_a_point():
    incident = activate()
    move(desk(), todo(incident, "Set up the post"), "done")
    with pytest.raises(NotAllowed):
        services.stand_down(actor=actor_of(tracer()), incident=incident, note="x")
    services.stand_down(actor=actor_of(head()), incident=incident, note="No case for 14 days.")
    assert {one.title["en"] for one in incident.points.all()} == {"Trace contacts", "Feed people"}
    assert not WorkItem.objects.filter(kind__startswith="incident", state="open").exists()
    with pytest.raises(Conflict, match="over"):
        move(tracer(), todo(incident, "Trace contacts"), "done")
    facts = aftermath.facts_of(selectors.lines_of(incident), timezone.now())
    assert len(facts.open) == 2 and len(facts.answers) == 4


def test_strangers_take_no_part():
    incident, strange = activate(), actor_of(person("mallory", "education", "head"))
    for call in (
        lambda: services.report_situation(actor=strange, incident=incident, text="x"),
        lambda: services.stand_down(actor=strange, incident=incident, note="x"),
        lambda: activate(incident.plan_version, by=strange.user, is_another=True),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_moments_of_long_ago_and_tasks_given_up_are_refused():
    incident = activate()
    long_ago = timezone.now() - timedelta(days=400)
    with pytest.raises(Unusable) as refused:
        services.note_message(
            actor=actor_of(desk()), incident=incident, direction="in", counterpart="x", text="x",
            happened_at=long_ago,
        )  # fmt: skip
    assert set(refused.value.errors) == {"happened_at"}
    one = todo(incident, "Trace contacts")
    move(desk(), one, "dropped", note="Not needed.")
    one.refresh_from_db()
    with pytest.raises(NotAllowed):
        move(tracer(), one, "waiting")
