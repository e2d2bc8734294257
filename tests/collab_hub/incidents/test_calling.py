"""The contact tree: silence climbs until somebody confirms; people leave; the gateway is away."""

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from collab_hub.inbox.acting import act_on_work
from collab_hub.inbox.models import WorkItem
from collab_hub.incidents import call_services, seats, selectors, services
from collab_hub.incidents.tasks import sweep_incidents
from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.outbox.models import OutboxMessage
from security.organs.duties import forget_posts
from security.organs.models import Post
from tests.factories import actor_of

from .makers import activate, desk, head, move, person, published, street, todo, tracer, work

pytestmark = pytest.mark.django_db


def told(template: str = "incident.climb") -> list[str]:
    found = Message.objects.filter(template=template).order_by("created_at")
    return [one.recipient.username for one in found]


def confirm(incident, who, *, of=None):
    return call_services.confirm_call(actor=actor_of(who), incident=incident, person=of)


def test_silence_climbs_step_by_step_and_stops_at_the_confirmation():
    incident = activate()
    for who in (head(), desk(), street()):
        confirm(incident, who)
    work(within=timedelta(minutes=9))
    assert told() == []
    work(within=timedelta(minutes=11))
    assert told() == ["qin"]
    work(within=timedelta(minutes=21))
    assert told() == ["qin", "wu"]
    item = WorkItem.objects.get(kind="incident_call", assignee=tracer(), state="open")
    act_on_work(actor=actor_of(tracer()), work_id=item.pk, action="confirm", version=item.version)
    work(within=timedelta(hours=5))
    # All of it once more, as after a crash: nobody hears twice.
    OutboxMessage.objects.filter(topic="incidents.climb").update(state="ready")
    work(within=timedelta(hours=5))
    assert told() == ["qin", "wu"]
    assert incident.lines.filter(kind="climb").count() == 2
    with pytest.raises(Conflict, match="Li confirmed it already"):
        confirm(incident, tracer())


def test_above_the_top_the_heads_of_the_commanding_organ_are_told_and_it_ends():
    incident = activate()
    second = person("tang", "emergency_desk", "head")
    for who in (desk(), tracer(), street()):
        confirm(incident, who)
    work(within=timedelta(days=2))
    assert told() == [second.username]
    assert incident.lines.filter(kind="climb").count() == 1


def test_who_stands_above_may_say_that_somebody_was_reached():
    incident = activate()
    with pytest.raises(NotAllowed):
        confirm(incident, street(), of=tracer())
    confirm(incident, desk(), of=tracer())
    work(within=timedelta(hours=5))
    assert "li" not in {one.facts.get("name") for one in incident.lines.filter(kind="climb")}
    role = incident.roles.get(title__en="Tracing")
    assert role.confirmed_by == desk() and role.holder == tracer()


def test_a_calm_night_holds_back_no_emergency(settings):
    settings.QUIET_HOURS = (0, 24)
    who = tracer()
    who.phone = "13800000009"
    who.save()
    activate()
    left = OutboxMessage.objects.get(topic="notifications.deliver")
    assert left.due_at <= timezone.now()


def test_whoever_leaves_leaves_a_vacant_role_and_one_click_sets_the_successor():
    incident = activate()
    next_one = person("gao", "health", "clerk")
    role = incident.roles.get(title__en="Tracing")
    assert seats.vacant([role]) == set()
    Post.objects.filter(user=tracer()).update(valid_until=date(2020, 1, 1))
    forget_posts(tracer())
    assert seats.vacant([role]) == {role.pk}
    # Noted once, and the next one up is told to name somebody.
    assert [sweep_incidents(), sweep_incidents()] == [1, 0]
    assert told() == ["qin"] and incident.lines.get(kind="vacant").facts["name"] == "Li"
    assert seats.candidates([role])[role.pk] == [next_one]
    to = {"actor": actor_of(desk()), "incident": incident, "role": role}
    with pytest.raises(Unusable):
        call_services.set_holder(**to, person=street())
    call_services.set_holder(**to, person=next_one)
    role.refresh_from_db()
    assert role.holder == next_one and role.confirmed_at is None
    items = WorkItem.objects.filter(state="open", object_id=todo(incident, "Trace contacts").pk)
    assert [one.assignee for one in items] == [next_one]
    assert "gao" in told("incident.call")
    # Nobody climbs for the one who left; the successor has a clock of their own.
    for who in (head(), desk(), street(), next_one):
        confirm(incident, who)
    work(within=timedelta(hours=5))
    assert told() == ["qin"]
    move(next_one, todo(incident, "Trace contacts"), "done")


def test_a_role_that_nobody_can_fill_waits_for_its_post_and_alarms_the_one_above():
    version = published()
    Post.objects.filter(user=street()).update(valid_until=date(2020, 1, 1))
    incident = activate(version)
    role = incident.roles.get(title__en="Streets")
    item = WorkItem.objects.get(object_id=todo(incident, "Feed people").pk, state="open")
    assert (role.holder, item.assignee, item.pool_department) == (None, None, role.organ)
    assert told() == ["qin"] and sweep_incidents() == 0
    late = person("hua", "civil_affairs", "reviewer")
    call_services.set_holder(actor=actor_of(desk()), incident=incident, role=role, person=late)
    item = WorkItem.objects.get(object_id=todo(incident, "Feed people").pk, state="open")
    assert item.assignee == late


class Away:
    """A provider that does not answer."""

    def send(self, **facts):
        raise ConnectionError


def test_while_the_gateway_is_away_nothing_is_lost_and_nothing_doubled(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    for number, who in enumerate((head(), desk(), tracer(), street())):
        who.phone = f"1380000000{number}"
        who.save()
    settings.SMS_GATEWAY = f"{__name__}.Away"
    activate()
    work(topic="notifications.deliver")
    assert set(
        OutboxMessage.objects.filter(topic="notifications.deliver").values_list("state", flat=True)
    ) == {"ready"}
    settings.SMS_GATEWAY = "platform_core.capabilities.notifications.gateways.FileGateway"
    work(within=timedelta(hours=1), topic="notifications.deliver")
    OutboxMessage.objects.filter(topic="notifications.deliver").update(state="ready")
    work(within=timedelta(hours=1), topic="notifications.deliver")
    sent = [json.loads(one)["to"] for one in (tmp_path / "sms.jsonl").read_text().splitlines()]
    assert sorted(sent) == [f"1380000000{number}" for number in range(4)]


def test_once_it_is_over_nobody_is_called_any_more():
    incident = activate()
    services.stand_down(actor=actor_of(head()), incident=incident, note="False alarm.")
    work(within=timedelta(days=1))
    assert told() == [] and selectors.figures(incident, timezone.now())["open"] == 3
