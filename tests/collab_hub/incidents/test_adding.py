"""What is added to a running incident, and what remains after it."""

import pytest

from collab_hub.inbox.models import WorkItem
from collab_hub.incidents import adding_services, point_services, selectors, services
from collab_hub.incidents.models import OpenPoint
from collab_hub.supervision.models import Supervision
from platform_core.capabilities.process.models import ProcessInstance
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.events import emit
from platform_core.common.trace import history_for
from tests.collab_hub.makers import make_napp
from tests.factories import MAKER, actor_of, make_department, make_official

from .makers import (
    activate,
    both,
    desk,
    drafted,
    head,
    person,
    published,
    role,
    task,
    todo,
    tracer,
)

pytestmark = pytest.mark.django_db


def test_a_role_and_a_task_join_while_it_runs_and_the_trace_shows_it():
    incident, qin = activate(), actor_of(desk())
    guard = person("shi", "police", "clerk")
    to = {"actor": qin, "incident": incident}
    adding_services.add_part(**to, part="roles", values=role("Roads", "police", "clerk", "r2"))
    adding_services.add_part(**to, part="tasks", values=task("Close the road", "p1", "r5", 15))
    one = todo(incident, "Close the road")
    assert WorkItem.objects.get(object_id=one.pk).assignee == guard
    assert WorkItem.objects.filter(kind="incident_call", assignee=guard, state="open").exists()
    assert selectors.incident_for(guard, incident.pk, "take_part")
    with pytest.raises(Unusable) as refused:
        adding_services.add_part(**to, part="tasks", values=task("x", "p9", "r9", 0))
    assert set(refused.value.errors) == {"phase", "role", "minutes"}
    with pytest.raises(NotAllowed):
        adding_services.add_part(
            actor=actor_of(tracer()), incident=incident, part="phases",
            values={"title": both("More")},
        )  # fmt: skip
    history = history_for(desk(), "incident", str(incident.pk))
    said = [one.note for one in history.entries if one.verb == "incident.part"]
    assert said == ["Roles and contact tree: Roads", "Tasks: Close the road"]


def test_a_piece_of_another_plan_is_added_once_and_no_role_twice():
    other = published(title=both("Flood plan"))
    incident = activate(published())
    to = {"actor": actor_of(desk()), "incident": incident, "version": other}
    adding_services.add_piece(**to, phase="p1")
    assert incident.phases.count() == 3 and incident.roles.count() == 4
    assert incident.tasks.filter(title__en="Trace contacts").count() == 2
    assert incident.checks.count() == 4
    with pytest.raises(Conflict, match="already"):
        adding_services.add_piece(**to, phase="p1")
    with pytest.raises(Unusable):
        adding_services.add_piece(**to, phase="p7")
    unpublished = drafted(title=both("Draft"))
    with pytest.raises(Conflict):
        adding_services.add_piece(**to | {"version": unpublished}, phase="p1")


def test_a_process_of_the_office_is_started_beside_it():
    make_official("alice", kind="market", duties=["clerk"])
    inside = make_napp(slug="room_keys", ends=["government"], department="emergency_desk")
    make_napp()
    incident = activate()
    to = {"actor": actor_of(desk()), "incident": incident}
    with pytest.raises(Unusable):
        adding_services.start_beside(**to, napp="market_stall", process="main")
    adding_services.start_beside(**to, napp=inside.napp.slug, process="main")
    found = ProcessInstance.objects.get(subject_type="collab_hub.incident")
    assert found.subject_id == str(incident.pk) and found.subject_number == incident.number
    assert incident.lines.filter(kind="process", facts__process=str(found.pk)).exists()


def test_open_points_go_to_supervision_once_and_hear_of_the_end():
    bureau = make_department("service_bureau", "330100")
    make_official("sun", department=bureau)
    incident, wu = activate(), actor_of(head())
    health = tracer().posts.get().department
    point = point_services.add_point(
        actor=wu, incident=incident, title="More beds", text="Twenty.", lead=health
    )
    with pytest.raises(Conflict, match="first"):
        point_services.hand_over_point(actor=wu, point=point)
    services.stand_down(actor=wu, incident=incident, note="Over.")
    point_services.hand_over_point(actor=wu, point=point)
    with pytest.raises(Conflict, match="already"):
        point_services.hand_over_point(actor=wu, point=point)
    item = Supervision.objects.get(source="incident")
    assert (item.lead, item.title["en"], item.kind) == (health, "More beds", "decision")
    assert str(incident.pk) in item.source_url
    emit(
        "supervision.closed", actor=MAKER, source="incident", object_type=item.object_type,
        object_id=item.object_id, outcome="done",
    )  # fmt: skip
    point.refresh_from_db()
    assert point.state == OpenPoint.State.CLOSED
    assert incident.lines.filter(kind="point_answered").count() == 1
