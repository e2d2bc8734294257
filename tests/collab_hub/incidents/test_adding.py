"""What is added to a running incident, and what remains after it."""

import pytest
from django.utils import timezone

from collab_hub.inbox.models import WorkItem
from collab_hub.incidents import adding_services, point_services, selectors, services
from collab_hub.incidents.models import OpenPoint
from collab_hub.incidents.words import note_of
from collab_hub.supervision.models import Supervision
from platform_core.capabilities.process import services as process
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.events import emit
from platform_core.common.trace import history_for
from tests.collab_hub.makers import ACCEPT, make_napp
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
AT_MARKET = {**ACCEPT, "assign": {"role": "desk", "department": {"kind": "market"}}}


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


def beside(incident, napp):
    """A process that Qin started beside the incident."""
    return adding_services.start_beside(
        actor=actor_of(desk()), incident=incident, napp=napp.slug, process="main"
    )


def leads(user, kind: str, thing) -> dict:
    """{verb: where the entry leads} of the history as the user reads it."""
    found = history_for(user, kind, str(thing.pk)).entries
    return {
        one.verb: (one.about.kind, one.about.object_id, one.about.title)
        for one in found
        if one.about
    }


def test_a_process_beside_an_incident_stands_in_its_history_with_its_end(office):
    alice = person("alice", "market", "clerk")
    inside = make_napp(AT_MARKET, slug="room_keys", ends=["government"]).napp
    make_napp()
    incident = activate()
    with pytest.raises(Unusable):
        adding_services.start_beside(
            actor=actor_of(desk()), incident=incident, napp="market_stall", process="main"
        )
    found = beside(incident, inside)
    assert found.subject_id == str(incident.pk) and found.subject_number == incident.number
    services.stand_down(actor=actor_of(head()), incident=incident, note="Over.")
    task = found.tasks.get(state="open")
    # Beside the task stands the incident, for whoever may read it.
    page, room = f"/office/tasks/{task.pk}/", f'href="/office/incidents/{incident.pk}/"'
    assert room in office(desk()).get(page).content.decode()
    assert room not in office(alice).get(page).content.decode()
    process.act(actor=actor_of(alice), task_id=task.pk, action="approve", version=task.version)
    # It ends after the incident and stands in the log all the same, once.
    begun, ended = incident.lines.filter(facts__process=str(found.pk)).order_by("seq")
    assert (begun.kind, ended.kind, ended.actor) == ("process", "process_closed", alice)
    assert note_of(ended).endswith("Approved")
    emit("process.closed", instance=found, actor=MAKER, at=timezone.now(), outcome="approved")
    assert incident.lines.filter(kind="process_closed").count() == 1
    assert selectors.log_fault(incident, selectors.lines_of(incident)) is None
    # Who may read both goes from one to the other and back; nobody else does.
    there = ("process", str(found.pk), f"Process · {incident.number}")
    assert leads(desk(), "incident", incident) == {
        "incident.process": there, "incident.process_closed": there,
    }  # fmt: skip
    back = ("incident", str(incident.pk), f"Outbreak plan · {incident.number}")
    assert leads(desk(), "process", found) == {"process.started": back}
    assert history_for(desk(), "process", str(found.pk)).entries[0].what == "Process started"
    # No applicant has sent what an official began.
    task = office(alice).get(f"/office/tasks/{found.tasks.get().pk}/").content.decode()
    assert "Process started" in task and "Sent by the applicant" not in task
    assert leads(tracer(), "incident", incident) == {} == leads(alice, "process", found)
    link = f"/office/trace/process/{found.pk}/"
    address = f"/office/incidents/{incident.pk}/log/"
    assert office(desk()).get(address).content.decode().count(link) == 2
    assert link not in office(tracer()).get(address).content.decode()
    assert incident.number in office(desk()).get(link).content.decode()


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
