"""Sameness, promise and law, two people, versions: the catalogue's promises, at every door."""

import pytest
from django.db import Error, transaction
from hypothesis import given
from hypothesis import strategies as st

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.napps.manifest import ManifestInvalid
from platform_core.napps.services import register_napp
from security.audit.models import AuditEntry
from service_hub.catalogue import selectors, services
from service_hub.catalogue.checks import check
from service_hub.catalogue.elements import BASIC, IMPLEMENTING
from service_hub.catalogue.models import BasicVersion, Change, ImplementingItem, ImplementingVersion
from tests.factories import MAKER, actor_of, make_department, make_official
from tests.service_hub.makers import manifest_of

from .makers import (
    RENT,
    basic_elements,
    keepers,
    make_basic,
    make_organ_item,
    organ_elements,
    publish,
)

pytestmark = pytest.mark.django_db


def refused(write) -> None:
    """The database refuses a write."""
    with pytest.raises(Error), transaction.atomic():
        write()


def test_a_child_has_name_code_basis_and_type_from_the_basic_item_and_from_nowhere_else():
    item = make_organ_item()
    writer, _second = keepers()
    own = organ_elements(task_name="别的名字", by_law="别的依据", catalog_code="1", task_type="05",
                         promise_day="1")  # fmt: skip
    draft = services.save_draft(actor=writer, item=item, elements=own)
    assert not {"task_name", "by_law", "catalog_code", "task_type"} & set(draft.elements)
    publish(item.basic, basic_elements(task_name="公积金提取"))
    fresh = selectors.item_for(writer.user, IMPLEMENTING, item.code)
    assert fresh.basic.current.elements["task_name"] == "公积金提取"


def test_the_database_keeps_the_sameness_as_well():
    item, other = make_organ_item(), make_basic("332012002000")
    writer, _second = keepers()
    draft = services.save_draft(actor=writer, item=item, elements=organ_elements(promise_day="1"))
    rows = ImplementingItem.objects.filter(pk=item.pk)
    refused(lambda: rows.update(basic=other))
    refused(lambda: rows.update(code=item.code[:-12] + other.code))
    refused(lambda: type(other).objects.filter(pk=other.pk).update(code="332012009000"))
    drafts = ImplementingVersion.objects.filter(pk=draft.pk)
    for key in ("task_name", "by_law", "catalog_code", "task_type"):
        own = draft.elements | {key: "x"}
        refused(lambda own=own: drafts.update(elements=own))
    code = item.code[:18] + "4" + RENT
    refused(
        lambda: ImplementingItem.objects.create(
            code=code.replace("4" + RENT, "5" + RENT), basic=other, department=item.department
        )
    )


def test_the_promise_is_within_the_law_for_the_service_and_the_database():
    item = make_organ_item()
    writer, _second = keepers()
    with pytest.raises(Unusable) as found:
        services.save_draft(actor=writer, item=item, elements=organ_elements(promise_day="11"))
    assert set(found.value.errors) == {"promise_day"}
    draft = services.save_draft(actor=writer, item=item, elements=organ_elements(promise_day="1"))
    rows = ImplementingVersion.objects.filter(pk=draft.pk)
    refused(lambda: rows.update(elements=draft.elements | {"promise_day": "11"}))
    refused(lambda: rows.update(elements={}))


@given(st.integers(0, 365), st.integers(0, 365))
def test_every_pair_of_days_is_judged(promise, law):
    kind = "1" if promise == 0 else "2"
    days = {"promise_day": str(promise), "anticipate_day": str(law), "project_type": kind}
    _clean, errors = check(IMPLEMENTING, organ_elements(**days))
    assert bool(errors) == (promise > law)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"power_source": "7"}, "power_source"),
        ({"server_type": "1,8"}, "server_type"),
        ({"power_source": "5"}, "entrust_name"),
        ({"is_fee": "1"}, "fee_explain"),
        ({"project_type": "1"}, "promise_day"),
        ({"plan_cancel_date": "2019-12-31"}, "plan_cancel_date"),
        ({"plan_effective_date": "2020-02-30"}, "plan_effective_date"),
        ({"link_addr": "javascript:alert(1)"}, "link_addr"),
        ({"limit_scene_num": "十"}, "limit_scene_num"),
        ({"transact_addr": "x" * 201}, "transact_addr"),
        ({"link_way": ""}, "link_way"),
    ],
)
def test_what_is_wrong_is_said_at_its_element(changes, field):
    _clean, errors = check(IMPLEMENTING, organ_elements(**changes))
    assert field in errors


def test_nobody_publishes_what_they_proposed_or_wrote():
    item = make_organ_item()
    writer, second = keepers()
    services.save_draft(actor=writer, item=item, elements=organ_elements(promise_day="1"))
    change = services.propose(actor=second, item=item, why="快一点")
    for own in (writer, second):
        with pytest.raises(NotAllowed):
            services.decide(actor=own, change=change, approve=True)
    refused(
        lambda: Change.objects.filter(pk=change.pk).update(state="approved", decided_by=second.user)
    )
    refused(lambda: ImplementingVersion.objects.filter(change=change).update(state="published"))
    colleague = make_official(department=item.department)
    services.decide(actor=actor_of(colleague), change=change, approve=True)
    item.refresh_from_db()
    assert item.current.promise_days == 1
    assert AuditEntry.objects.filter(verb="catalogue.publish", actor=colleague).exists()
    with pytest.raises(Conflict):
        services.decide(actor=actor_of(colleague), change=change, approve=True)


def test_a_published_version_never_changes_and_stays_readable():
    item = make_organ_item()
    first = item.current
    second = publish(item, organ_elements(promise_day="1"))
    first.refresh_from_db()
    assert (first.state, second.state, second.number) == ("replaced", "published", 2)
    for version in (first, second):
        rows = ImplementingVersion.objects.filter(pk=version.pk)
        refused(lambda rows=rows: rows.update(elements=organ_elements(promise_day="3")))
        refused(rows.delete)
    shown = selectors.versions_of(item, keepers()[0].user)
    assert [one.number for one in shown] == [2, 1]


def test_a_refusal_says_why_and_leaves_what_is_in_force():
    item = make_organ_item()
    writer, second = keepers()
    services.save_draft(actor=writer, item=item, elements=organ_elements(promise_day="1"))
    change = services.propose(actor=writer, item=item, why="x")
    with pytest.raises(Unusable):
        services.decide(actor=second, change=change, approve=False, reason=" ")
    services.decide(actor=second, change=change, approve=False, reason="人手不够")
    item.refresh_from_db()
    assert item.current.promise_days == 2
    services.save_draft(actor=writer, item=item, elements=organ_elements(promise_day="1"))
    assert item.versions.order_by("-number").first().number == 3


def test_what_was_taken_back_is_a_draft_again():
    item = make_organ_item()
    writer, second = keepers()
    services.save_draft(actor=writer, item=item, elements=organ_elements(promise_day="1"))
    change = services.propose(actor=writer, item=item, why="x")
    with pytest.raises(Conflict):
        services.save_draft(actor=writer, item=item, elements=organ_elements(promise_day="3"))
    with pytest.raises(NotAllowed):
        services.take_back(actor=second, change=change)
    services.take_back(actor=writer, change=change)
    assert selectors.open_version(item).state == "draft"
    services.discard_draft(actor=writer, item=item)
    assert selectors.open_version(item) is None


def test_an_organ_looks_after_its_own_items_only():
    item = make_organ_item()
    stranger = make_official(kind="health")
    with pytest.raises(NotAllowed):
        services.save_draft(
            actor=actor_of(stranger), item=item, elements=organ_elements(promise_day="1")
        )
    with pytest.raises(NotAllowed):
        services.begin_item(actor=actor_of(stranger), kind=BASIC, code="332012003000")
    assert not selectors.items_found(stranger, IMPLEMENTING).exists()
    bureau = make_official(department=make_department("service_bureau", "330100"))
    assert selectors.items_found(bureau, IMPLEMENTING).get() == item
    assert not BasicVersion.objects.filter(item__code="332012003000").exists()


@pytest.mark.parametrize("code", ["", "33201200100", "339912001000", "33201200100０"])
def test_a_code_that_is_none_is_refused(code):
    with pytest.raises(Unusable):
        services.begin_item(actor=keepers()[0], kind=BASIC, code=code)


def test_a_sub_item_stands_below_a_main_item_of_its_type():
    make_basic()
    child = services.begin_item(actor=keepers()[0], kind=BASIC, code="332012001001")
    publish(child, basic_elements(parent_code=RENT, task_name="租房提取"))
    third = services.begin_item(actor=keepers()[0], kind=BASIC, code="332012001002")
    for wrong in ("332012001001", "332012009000", "332012001002"):
        with pytest.raises(Unusable) as found:
            services.save_draft(
                actor=keepers()[0], item=third, elements=basic_elements(parent_code=wrong)
            )
        assert set(found.value.errors) == {"parent_code"}


def test_a_manifest_that_contradicts_the_catalogue_is_told_where():
    make_basic(task_name="不一样的名字")
    with pytest.raises(ManifestInvalid) as found:
        register_napp(actor=MAKER, manifest=manifest_of("housing_fund"))
    told = {(one.section, one.index, one.field) for one in found.value.problems}
    assert ("services", 0, "title") in told
    assert any("legal_basis" in one[2] for one in told)
