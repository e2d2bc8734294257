"""kill -9 of worker and relay while running cases move: each moves once, none is lost."""

import pytest

from platform_core.capabilities.process.migration import selectors, services
from platform_core.capabilities.process.models import ProcessEvent, ProcessInstance
from platform_core.common.outbox.selectors import counts_by_state
from platform_core.napps import services as napps
from tests.factories import MAKER, actor_of, make_admin, make_official
from tests.platform_core.capabilities.process.makers import approve, make_napp, manifest, start

from .processes import Killer, wait_until

MANY = 100


@pytest.fixture
def old(transactional_db):
    make_official("alice", kind="market", duties=["clerk"])
    return make_napp([approve("accept"), approve("decide", role="boss")])


def test_every_case_moves_once(old, tree):
    for number in range(MANY):
        start(old, subject_id=str(number))
    newer = napps.register_napp(
        actor=MAKER, manifest=manifest([approve("accept"), approve("visit")], version="2.0.0")
    )
    napps.switch_version(actor=MAKER, napp=old.napp, version=newer)
    assert wait_until(lambda: set(counts_by_state()) <= {"done"}, 120)
    before = counts_by_state().get("done", 0)

    def moved():
        return counts_by_state().get("done", 0) - before

    found = services.ask_migration(
        actor=actor_of(make_admin("anna")), source=old, reason="The visit is law now."
    )
    killer = Killer(tree, seed=11, progress=moved, every=(20, 50), times=2)
    killer.start()
    services.approve_migration(actor=actor_of(make_admin("ben")), migration=found)

    def is_over():
        found.refresh_from_db()
        return selectors.progress(found).is_over

    killer.join()
    assert wait_until(is_over, 120), (counts_by_state(), tree.log("worker"), tree.log("relay"))
    assert tree.kills[:2] == ["worker", "relay"]
    assert selectors.progress(found) == selectors.Progress(MANY, MANY, 0, True)
    events = ProcessEvent.objects.filter(kind="migrated")
    assert events.count() == events.values("instance").distinct().count() == MANY
    assert set(ProcessInstance.objects.values_list("napp_version", flat=True)) == {newer.pk}
