"""Papers, notices, reports, rosters and rooms have one history each: for whom it concerns, and for
auditors.
"""

import pytest
from django.http import Http404

from collab_hub.papers.receiving_services import sign_in
from collab_hub.reports import services
from platform_core.common.trace import found, history_for, kind_of_audited
from tests.collab_hub.directory import makers as directory
from tests.collab_hub.notices import makers as notices
from tests.collab_hub.papers import makers as papers
from tests.collab_hub.reports.makers import World
from tests.factories import actor_of, make_auditor, make_official

pytestmark = pytest.mark.django_db


def a_paper():
    house = papers.make_house()
    return papers.make_sent(house), house["clerk"], "Sent"


def a_received_paper():
    house = papers.make_house()
    receipt = papers.receipt_at(papers.make_sent(house), house["health"])
    sign_in(actor=actor_of(house["nurse"]), receipt=receipt)
    return receipt, house["nurse"], "Signed in"


def a_notice():
    sender = make_official("zhou", kind="market", duties=["dispatcher"])
    return notices.send(sender), sender, "Notice sent"


def a_collection():
    world = World()
    world.field("beds")
    return world.start(world.template("one", ["beds"])), world.clerk, "Collection begun"


def a_report():
    world = World()
    world.field("beds")
    campaign = world.start(world.template("one", ["beds"]))
    filling = world.filling(campaign)
    services.submit_filling(
        actor=actor_of(world.people[0]), filling=filling, given={"beds": "5"},
        version=filling.version,
    )  # fmt: skip
    return filling, world.people[0], "Report submitted"


def a_roster():
    keeper = directory.head()
    return directory.roster(keeper, [keeper]), keeper, "Shifts planned"


def a_booking():
    keeper = directory.head()
    return directory.book(keeper, directory.room(keeper)), keeper, "Room booked"


THINGS = {
    "paper": a_paper, "received": a_received_paper, "notice": a_notice,
    "report": a_collection, "filling": a_report,
    "roster": a_roster, "booking": a_booking,
}  # fmt: skip


@pytest.mark.parametrize("kind", THINGS)
def test_its_history_is_for_whom_it_concerns_and_for_auditors(kind):
    thing, keeper, deed = THINGS[kind]()
    auditor, stranger = make_auditor(), make_official("mallory", kind="tax", region="330302")
    for reader in (keeper, auditor):
        history = history_for(reader, kind, str(thing.pk))
        assert deed in [str(entry.what) for entry in history.entries]
        assert str(thing.pk) in [ref.object_id for ref in found(reader, kind)]
        assert history.url
    for key in (str(thing.pk), "none"):
        with pytest.raises(Http404):
            history_for(stranger, kind, key)
    assert found(stranger, kind) == []
    assert kind_of_audited(thing._meta.label_lower).key == kind


def test_what_is_done_with_a_paper_at_another_organ_is_for_auditors_not_for_its_sender():
    house = papers.make_house()
    paper = papers.make_sent(house)
    receipt = papers.receipt_at(paper, house["health"])
    sign_in(actor=actor_of(house["nurse"]), receipt=receipt)

    def told(reader) -> set[str]:
        return {entry.verb for entry in history_for(reader, "paper", str(paper.pk)).entries}

    assert "paper.signed_in" in told(make_auditor())
    assert "paper.signed_in" not in told(house["clerk"])


def test_a_secret_paper_has_no_history_for_auditors():
    house = papers.make_house()
    paper = papers.make_draft(house)
    type(paper).objects.filter(pk=paper.pk).update(secrecy="secret")
    auditor = make_auditor()
    assert found(auditor, "paper") == []
    with pytest.raises(Http404):
        history_for(auditor, "paper", str(paper.pk))
