"""Running cases move to the version in use: asked by one, approved by another, each for itself."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platform_core.capabilities.process import selectors as process
from platform_core.capabilities.process.migration import selectors, services
from platform_core.capabilities.process.migration.models import MigratedCase
from platform_core.capabilities.process.models import ProcessEvent, ProcessInstance, Task
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.outbox import services as outbox
from platform_core.common.outbox.models import OutboxMessage
from platform_core.napps import services as napps
from security.audit.models import AuditEntry
from tests.factories import MAKER, actor_of, make_admin, sign_in

from ..makers import (
    FORM,
    act,
    approve,
    make_napp,
    manifest,
    open_task,
    start,
    text,
)  # fmt: skip

pytestmark = pytest.mark.django_db
OLD = [approve("accept", stage="acceptance"), approve("decide", role="boss")]
NEW = [
    approve("accept", stage="acceptance", title=text("Look closely")),
    approve("visit"),
    approve("decide", role="boss"),
]


@pytest.fixture
def anna(db):
    return make_admin("anna")


@pytest.fixture
def ben(db):
    return make_admin("ben")


def newer(steps, version="2.0.0", **more):
    """Another version of the market stall, in use."""
    found = napps.register_napp(actor=MAKER, manifest=manifest(steps, version=version, **more))
    napps.switch_version(actor=MAKER, napp=found.napp, version=found)
    return found


def carry_out(limit=1000):
    """What the relay and the workers do."""
    for _ in range(20):
        ids = outbox.lease_due(limit=limit)
        for message_id in ids:
            outbox.deliver(message_id=message_id)
        if not ids:
            return


def migrate(anna, ben, source, reason="The visit is law now."):
    found = services.ask_migration(actor=actor_of(anna), source=source, reason=reason)
    services.approve_migration(actor=actor_of(ben), migration=found)
    carry_out()
    found.refresh_from_db()
    return found


def snapshot(instance) -> tuple:
    fresh = ProcessInstance.objects.get(pk=instance.pk)
    tasks = Task.objects.filter(instance=instance).order_by("pk").values_list(
        "node", "state", "title", "version"
    )  # fmt: skip
    return fresh.napp_version_id, fresh.state, fresh.version, fresh.event_count, list(tasks)


class TestMoving:
    def test_a_case_goes_on_under_the_new_version(self, clerk, reviewer, anna, ben):
        old = make_napp(OLD)
        instance = start(old)
        new = newer(NEW)
        found = migrate(anna, ben, old)
        instance.refresh_from_db()
        assert instance.napp_version == new
        assert open_task(instance).title == text("Look closely")
        assert selectors.progress(found) == selectors.Progress(1, 1, 0, True)
        act(clerk, open_task(instance))
        assert open_task(instance).node == "visit"
        act(clerk, open_task(instance))
        act(reviewer, open_task(instance))
        instance.refresh_from_db()
        assert instance.outcome == "approved"

    def test_the_history_says_from_where_to_where_by_whom_and_why(self, clerk, anna, ben):
        old = make_napp(OLD)
        instance = start(old)
        newer(NEW)
        migrate(anna, ben, old)
        event = process.history(instance).last()
        assert (event.kind, event.actor, event.opinion) == (
            "migrated", anna, "The visit is law now.",
        )  # fmt: skip
        assert (event.data["from"], event.data["to"]) == ("1.0.0", "2.0.0")
        assert event.data["approved_by"] == "Ben"
        entry = AuditEntry.objects.get(verb="process.migrate")
        assert entry.after["version"] == "2.0.0"

    def test_what_does_not_fit_is_left_untouched_and_said(self, clerk, anna, ben):
        old = make_napp(OLD)
        stays, moves = start(old), start(old, subject_id="2")
        act(clerk, open_task(moves))
        newer([approve("begin"), approve("decide", role="boss")])
        before = snapshot(stays)
        found = migrate(anna, ben, old)
        assert snapshot(stays) == before
        moves.refresh_from_db()
        assert moves.napp_version.version == "2.0.0"
        assert moves.state["seen"] == []
        assert selectors.progress(found) == selectors.Progress(2, 1, 1, True)
        ((_number, reasons),) = selectors.kept_cases(found)
        assert reasons == ["“Accept”, where the case stands, is no longer there."]

    def test_the_record_keeps_the_version_of_its_form(self, clerk, anna, ben):
        from platform_core.capabilities.forms.services import submit_values

        old = make_napp(OLD)
        record = submit_values(
            actor=MAKER, napp_version=old, form_key="opinion", values={"dangerous": True}
        )
        instance = start(old, record=record)
        field = FORM["pages"][0]["fields"][0]
        asks = {
            "kind": "condition",
            "branches": [
                {"when": {"var": "dangerous"}, "steps": [approve("experts")]},
                {"steps": []},
            ],
        }
        form = {**FORM, "title": text("Another title")}
        assert field["key"] == "dangerous"
        newer([approve("accept"), asks, approve("decide", role="boss")], forms=[form])
        migrate(anna, ben, old)
        record.refresh_from_db()
        instance.refresh_from_db()
        assert record.napp_version == old
        assert instance.state["facts"] == {"dangerous": True}
        act(clerk, open_task(instance))
        assert open_task(instance).node == "experts"

    def test_a_pool_follows_the_role_and_whoever_has_a_task_keeps_it(
        self, clerk, reviewer, anna, ben
    ):
        old = make_napp(OLD)
        waits, taken = start(old), start(old, subject_id="2")
        from platform_core.capabilities.process import services as process_services

        process_services.claim_task(actor=actor_of(clerk), task_id=open_task(taken).pk)
        newer([approve("accept", role="boss"), approve("decide", role="boss")])
        migrate(anna, ben, old)
        assert process.inbox(reviewer, "pool").get().instance == waits
        assert process.inbox(clerk, "mine").get().instance == taken

    def test_sub_processes_move_with_the_process_that_waits_for_them(self, clerk, anna, ben):
        child = {"key": "child", "title": text("Child"), "steps": [approve("inner")]}

        def processes(*inner):
            main = [{"kind": "subprocess", "key": "sub", "title": text("Sub"), "process": "child"}]
            return [
                {"key": "main", "title": text("Main"), "steps": [*main, approve("last")]},
                {**child, "steps": list(inner)},
            ]

        old = make_napp([], processes=processes(approve("inner")))
        parent = start(old)
        (below,) = ProcessInstance.objects.filter(parent=parent)
        newer([], processes=processes(approve("other")))
        before = snapshot(parent), snapshot(below)
        migrate(anna, ben, old)
        assert (snapshot(parent), snapshot(below)) == before
        newer([], "3.0.0", processes=processes(approve("inner"), approve("other")))
        migrate(anna, ben, old)
        below.refresh_from_db()
        parent.refresh_from_db()
        assert {below.napp_version.version, parent.napp_version.version} == {"3.0.0"}
        act(clerk, open_task(below))
        act(clerk, open_task(below))
        carry_out()
        assert open_task(parent).node == "last"


class TestSafety:
    def test_a_case_moves_once_however_often_the_message_comes(self, clerk, anna, ben):
        old = make_napp(OLD)
        instance = start(old)
        newer(NEW)
        found = migrate(anna, ben, old)
        for _ in range(3):
            services.migrate_case(actor=MAKER, migration_id=found.pk, instance_id=str(instance.pk))
            services.list_cases(actor=MAKER, migration_id=found.pk)
        assert ProcessEvent.objects.filter(kind="migrated").count() == 1
        assert MigratedCase.objects.count() == 1

    def test_batches_go_on_where_the_last_one_ended(self, clerk, anna, ben, monkeypatch):
        monkeypatch.setattr(services, "BATCH", 2)
        old = make_napp(OLD)
        for number in range(5):
            start(old, subject_id=str(number))
        newer(NEW)
        found = migrate(anna, ben, old)
        assert selectors.progress(found) == selectors.Progress(5, 5, 0, True)
        assert OutboxMessage.objects.filter(topic=services.LIST).count() == 3

    def test_a_case_that_ended_or_moved_meanwhile_is_looked_at_again(self, clerk, anna, ben):
        old = make_napp([approve("accept")])
        ends, goes_on = start(old), start(old, subject_id="2")
        newer(NEW)
        found = services.ask_migration(actor=actor_of(anna), source=old, reason="x")
        services.approve_migration(actor=actor_of(ben), migration=found)
        services.list_cases(actor=MAKER, migration_id=found.pk)
        act(clerk, open_task(ends))
        carry_out()
        found.refresh_from_db()
        outcomes = dict(found.cases.values_list("instance", "outcome"))
        assert outcomes == {ends.pk: "kept", goes_on.pk: "moved"}

    def test_after_a_roll_back_nothing_more_moves(self, clerk, anna, ben):
        old = make_napp(OLD)
        instance = start(old)
        newer(NEW)
        found = services.ask_migration(actor=actor_of(anna), source=old, reason="x")
        services.approve_migration(actor=actor_of(ben), migration=found)
        napps.switch_version(actor=MAKER, napp=old.napp, version=old)
        before = snapshot(instance)
        carry_out()
        assert snapshot(instance) == before

    def test_a_move_that_keeps_failing_is_given_up_and_said(self, clerk, anna, ben):
        old = make_napp(OLD)
        instance = start(old)
        newer(NEW)
        found = services.ask_migration(actor=actor_of(anna), source=old, reason="x")
        services.give_up(actor=MAKER, migration_id=found.pk, instance_id=instance.pk)
        ((_number, reasons),) = selectors.kept_cases(found)
        assert reasons == ["The move failed again and again; the case was left as it was."]

    def test_publishing_a_breaking_version_alters_none_of_a_thousand_open_cases(self, clerk):
        old = make_napp(OLD)
        instance = start(old)
        ProcessInstance.objects.bulk_create(
            ProcessInstance(
                napp_version=old, process_key="main", subject_type="test.stall",
                subject_id=str(number), subject_label=text("x"), state=instance.state,
                started_at=instance.started_at,
            )
            for number in range(999)
        )  # fmt: skip
        before = list(ProcessInstance.objects.order_by("pk").values())
        events = ProcessEvent.objects.count()
        with CaptureQueriesContext(connection) as queries:
            newer([approve("nothing_like_it")], forms=[{**FORM, "key": "other"}])
        assert list(ProcessInstance.objects.order_by("pk").values()) == before
        assert ProcessEvent.objects.count() == events
        assert not any("processinstance" in one["sql"] for one in queries.captured_queries)
        act(clerk, open_task(instance))
        assert open_task(instance).node == "decide"


class TestTwoPeople:
    @pytest.fixture
    def asked(self, clerk, anna):
        old = make_napp(OLD)
        start(old)
        newer(NEW)
        return services.ask_migration(actor=actor_of(anna), source=old, reason="x")

    def test_nobody_approves_what_they_asked_for(self, asked, anna):
        with pytest.raises(NotAllowed):
            services.approve_migration(actor=actor_of(anna), migration=asked)
        with pytest.raises(NotAllowed):
            services.approve_migration(actor=MAKER, migration=asked)
        assert selectors.migrations_waiting_for(anna) == []

    def test_a_refusal_and_a_reason_need_words(self, asked, ben):
        assert selectors.migrations_waiting_for(ben) == [asked]
        with pytest.raises(Unusable):
            services.refuse_migration(actor=actor_of(ben), migration=asked, answer=" ")
        services.refuse_migration(actor=actor_of(ben), migration=asked, answer="Not now.")
        with pytest.raises(Conflict):
            services.approve_migration(actor=actor_of(ben), migration=asked)
        with pytest.raises(Unusable):
            services.ask_migration(actor=actor_of(ben), source=asked.source, reason="")

    def test_it_is_asked_once_and_taken_back_by_whoever_asked(self, asked, anna, ben):
        with pytest.raises(Conflict):
            services.ask_migration(actor=actor_of(ben), source=asked.source, reason="x")
        with pytest.raises(NotAllowed):
            services.withdraw_migration(actor=actor_of(ben), migration=asked)
        services.withdraw_migration(actor=actor_of(anna), migration=asked)

    def test_another_version_in_use_has_to_be_asked_for_again(self, asked, ben):
        newer(NEW, "3.0.0")
        with pytest.raises(Conflict):
            services.approve_migration(actor=actor_of(ben), migration=asked)

    def test_the_version_in_use_is_no_source(self, asked, anna):
        with pytest.raises(Conflict):
            services.ask_migration(actor=actor_of(anna), source=asked.target, reason="x")


class TestPreview:
    def test_it_counts_what_moves_and_says_why_others_do_not(self, clerk):
        old = make_napp(OLD)
        start(old, subject_number="A-1")
        moves = start(old, subject_id="2", subject_number="A-2")
        act(clerk, open_task(moves))
        new = newer([approve("decide", role="boss")])
        found = selectors.preview(old, new)
        assert (found.total, found.moving, found.staying) == (2, 1, 1)
        (obstacle,) = found.obstacles
        assert (obstacle.count, obstacle.numbers) == (1, ["A-1"])
        assert found.forgotten == [("Accept", 1)]
        assert selectors.older_versions() == [(old, 2)]

    @pytest.mark.parametrize("count", [1, 3])
    def test_it_costs_the_same_for_one_and_three(self, clerk, count, django_assert_max_num_queries):
        old = make_napp(OLD)
        for number in range(count):
            start(old, subject_id=str(number))
        new = newer(NEW)
        selectors.preview(old, new)
        with django_assert_max_num_queries(3):
            assert selectors.preview(old, new).moving == count


class TestAdmin:
    LIST = "/admin/platform_core/casemigration/"

    def test_from_the_n_app_to_the_result(self, client, clerk, anna, ben):
        client.cookies["gov_language"] = "en"
        old = make_napp(OLD)
        instance = start(old, subject_number="A-1")
        newer(NEW)
        sign_in(client, anna)
        overview = client.get(f"/admin/platform_core/napp/{old.napp_id}/change/").content.decode()
        assert "Cases on older versions: 1" in overview
        assert "Preview" in client.get(f"{self.LIST}add/?napp={old.napp_id}").content.decode()
        address = f"{self.LIST}add/?napp={old.napp_id}&source={old.pk}"
        assert "1 case moves" in client.get(address).content.decode()
        assert "Give the reason" in client.post(address, {"reason": ""}).content.decode()
        page = client.post(address, {"reason": "Law"})
        asked = page["Location"]
        assert "You asked for this yourself" in client.get(asked).content.decode()
        assert "somebody else decides" in client.post(
            asked, {"approve": "1"}, follow=True
        ).content.decode()  # fmt: skip
        sign_in(client, ben)
        assert "market_stall" in client.get(f"{self.LIST}?turn=mine").content.decode()
        client.post(asked, {"approve": "1"})
        carry_out()
        shown = client.get(asked).content.decode()
        assert "finished" in shown and "1 of 1 done: 1 moved, 0 kept" in shown
        instance.refresh_from_db()
        assert instance.napp_version.version == "2.0.0"

    def test_addresses_that_lead_nowhere(self, client, anna, clerk):
        sign_in(client, anna)
        old = make_napp(OLD)
        for end in (
            "add/?napp=99999&source=1", f"add/?napp={old.napp_id}&source={old.pk}",
            f"add/?napp={old.napp_id}&source=x", "9999/change/", "x/change/",
        ):  # fmt: skip
            assert client.get(self.LIST + end).status_code == 404, end

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_list_costs_the_same_for_one_and_three(
        self, client, clerk, anna, count, django_assert_max_num_queries
    ):
        sign_in(client, anna)
        for number in range(count):
            old = make_napp(OLD, slug=f"stall_{number}")
            start(old)
            found = napps.register_napp(
                actor=MAKER, manifest=manifest(NEW, slug=f"stall_{number}", version="2.0.0")
            )
            napps.switch_version(actor=MAKER, napp=found.napp, version=found)
            services.ask_migration(actor=actor_of(anna), source=old, reason="x")
        with django_assert_max_num_queries(12):
            assert client.get(self.LIST).status_code == 200
