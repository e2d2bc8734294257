"""What other modules want supervised, and how they hear of its end."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from collab_hub.supervision import services, verdict_services
from collab_hub.supervision.models import Supervision
from collab_hub.supervision.record import _table
from collab_hub.supervision.selectors import lines_of
from collab_hub.supervision.showing import source_url
from collab_hub.supervision.words import entries
from platform_core.common import events, workcalendar
from security.audit.models import AuditEntry
from service_hub.evaluations.models import Rectification
from service_hub.evaluations.rectification_services import escalate_rectification
from service_hub.evaluations.services import rate_case
from tests.factories import MAKER, actor_of, make_citizen, make_department, make_official
from tests.service_hub.makers import do, file_elsewhere, make_office

from .makers import doer, owner, supervisor

pytestmark = pytest.mark.django_db


def wanted(lead, *, actor=MAKER, assisting=()):
    events.emit(
        "supervision.wanted", actor=actor, source="grid", object_type="x.Event", object_id="7",
        title={"zh": "路面塌陷", "en": "A hole in the road"}, requirement="Mend it.", lead=lead,
        assisting=assisting, due_at=None, url="/x/",
    )  # fmt: skip


@pytest.fixture
def heard(monkeypatch):
    found = []
    monkeypatch.setitem(
        events._listeners, "supervision.closed", [lambda **facts: found.append(facts)]
    )
    return found


def test_it_becomes_one_proposal_to_the_organ_above_and_the_source_hears_of_the_end(heard):
    sun, li = actor_of(supervisor()), actor_of(doer())
    lead = make_department("housing")
    wanted(lead)
    wanted(lead)
    item = Supervision.objects.get()
    assert (item.state, item.owner.region.code, item.kind) == ("proposed", "330100", "public")
    due = timezone.localdate() + timedelta(days=9)
    item = services.open_supervision(
        actor=sun, item=item, lead=lead, due_on=due, requirement="Mend it."
    )
    services.sign_supervision(actor=li, item=item)
    services.report_supervision(actor=li, item=item, note="Mended.")
    verdict_services.accept_report(actor=sun, item=item, verdict="done", text="Seen.")
    assert heard == [
        {"source": "grid", "object_type": "x.Event", "object_id": "7", "outcome": "done"}
    ]
    # What is over may be wanted again.
    wanted(lead)
    assert Supervision.objects.count() == 2


def test_what_a_citizen_set_off_is_the_systems_and_every_organ_stands_in_it_once():
    supervisor()
    citizen = make_citizen("chenning", name="Chen Ning")
    lead, market = make_department("housing"), make_department("market")
    wanted(lead, actor=actor_of(citizen), assisting=[market, lead, owner(), market])
    item = Supervision.objects.get()
    assert [one.organ for one in item.assistances.all()] == [market]
    line = item.lines.get()
    assert (line.actor, line.organ) == (None, None)
    assert AuditEntry.objects.get(verb="supervision.propose").actor_name == "supervision"
    # A line that names a citizen all the same is masked when it is read.
    line.actor = citizen
    assert "Chen Ning" not in entries([line])[0]["who"] and "Chen Ning" not in str(_table([line]))
    assert entries(lines_of(item))[0]["who"] == ""


def test_where_nobody_supervises_nothing_happens():
    wanted(make_department("housing"))
    assert not Supervision.objects.exists()


def test_what_is_part_of_something_else_keeps_its_link():
    item = Supervision(source_url="/office/tasks/7/", object_type="platform_core.task",
                       object_id=str(uuid4()))  # fmt: skip
    assert source_url(supervisor(), item) == item.source_url


def test_a_bad_review_that_is_late_or_not_settled_is_proposed(heard):
    supervisor()
    alice = make_citizen("alice", phone="13800002046")
    office = make_office("medical_insurance")
    case = do(file_elsewhere(alice))
    rate_case(actor=actor_of(alice), case=case, service_no=1, grade=1, options=(), text="Slow.")
    order = Rectification.objects.get()
    late = order.due_at + timedelta(minutes=1)
    assert escalate_rectification(actor=MAKER, order=order, at=late)
    item = Supervision.objects.get()
    assert (item.kind, item.lead, item.object_id) == ("rating", order.department, str(order.pk))
    assert item.due_at == workcalendar.due_at(late, 5)
    assert item.source_url == f"/office/ratings/{order.pk}/"
    # Who may not open the order is not sent to a page that refuses them.
    assert source_url(office["head"], item) == item.source_url
    assert source_url(make_official("dora", kind="housing"), item) == ""
