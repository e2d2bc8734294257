"""Whose figures of a collection somebody reads."""

import pytest
from django.http import Http404
from django.utils import timezone

from collab_hub.reports import selectors, services
from collab_hub.reports.sums import table
from platform_core.common.errors import NotAllowed
from security.organs.services import appoint
from tests.factories import (
    LONG_AGO,
    MAKER,
    actor_of,
    make_department,
    make_official,
    make_region,
)

from .makers import World


@pytest.fixture
def world(db):
    return World()


def test_a_county_sees_only_itself_in_the_figures(world):
    world.field("beds")
    campaign = world.start(world.template("one", ["beds"]))
    scopes = selectors.scopes_of(world.people[0], campaign)
    assert scopes == [world.organs[0].region.path]
    assert selectors.region_in(scopes, "330100\0") == world.organs[0].region
    assert selectors.scopes_of(world.clerk, campaign) == [make_region("330100").path]
    # Posts in two counties are two places; none is no place at all.
    both = make_official("both", department=world.organs[0])
    appoint(actor=MAKER, user=both, department=world.organs[1], title="Clerk", duties=["clerk"],
            valid_from=LONG_AGO)  # fmt: skip
    assert set(selectors.scopes_of(both, campaign)) == {one.region.path for one in world.organs[:2]}
    stranger = make_official("stranger", kind="market", region="330106")
    assert selectors.scopes_of(stranger, campaign) == []
    with pytest.raises(Http404):
        selectors.region_in([], "330106")


def test_a_peer_of_the_same_region_neither_reads_nor_enters(world):
    world.field("beds")
    peer = make_department("health", "330106", code="330106-health-2")
    campaign = world.start(world.template("one", ["beds"]))
    other = make_official("peer", department=peer)
    with pytest.raises(NotAllowed):
        services.submit_filling(
            actor=actor_of(other), filling=world.filling(campaign), given={"beds": "1"}, version=1
        )
    _columns, rows = table(other, campaign, peer.region, timezone.now())
    assert [row.filling.department for row in rows if row.filling] == [peer]
