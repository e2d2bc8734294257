"""A collection of three hundred organs closes in as many statements as that of one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collab_hub.inbox.models import WorkItem
from collab_hub.reports import asking_services, campaign_services
from security.audit.models import AuditEntry
from security.organs.models import Department
from tests.factories import MAKER, actor_of, make_department

from .makers import World

pytestmark = pytest.mark.django_db
KINDS = {1: "market", 3: "police", 300: "civil_affairs"}


def running(world, template, many: int):
    """A collection from `many` organs of one county; each has it waiting."""
    first = make_department(KINDS[many], "330106")
    Department.objects.bulk_create(
        Department(
            code=f"{first.code}-{n}", name=f"{first.name}{n}", name_en=first.name_en,
            kind=first.kind, region=first.region, path=f"{first.code}-{n}/",
        )
        for n in range(1, many)
    )  # fmt: skip
    campaign = world.start(template, organ_kind=first.kind)
    while asking_services.ask_chunk(actor=MAKER, campaign_id=campaign.pk):
        pass
    return campaign


def test_closing_asks_as_often_for_three_hundred_as_for_one():
    world = World(["330106"])
    world.field("beds")
    template = world.template("one", ["beds"])
    asked = []
    for many in KINDS:
        campaign = running(world, template, many)
        waiting = WorkItem.objects.filter(
            kind="report_fill", object_id__in=campaign.fillings.values("pk")
        )
        assert waiting.filter(state="open").count() == many
        with CaptureQueriesContext(connection) as queries:
            campaign_services.close_campaign(
                actor=actor_of(world.clerk), campaign=campaign, note="No more time"
            )
        asked.append(len(queries))
        # Cancelled by nobody, a version later, and once in the trail, as with one organ.
        closed = waiting.filter(state="cancelled", closed_by=None, outcome="", version=2)
        assert closed.count() == many
        (line,) = AuditEntry.objects.filter(verb="report.close", object_id=str(campaign.pk))
        assert line.after == {"missing": many}
    assert len(set(asked)) == 1
