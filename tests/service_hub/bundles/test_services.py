"""Choosing, filling in, sending all or none, and what becomes of it."""

import pytest
from django.http import Http404

from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms.models import ContestedValue
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.actors import Actor
from service_hub.bundles import selectors, services, standing
from service_hub.bundles.models import Bundle, BundleCase
from service_hub.cases.models import Case, CaseSerial
from service_hub.items.models import ServiceItem
from tests.factories import actor_of, make_citizen
from tests.service_hub.makers import do, make_office

from .makers import CARD, COVER, begun, close, fill, open_birth, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def birth(db):
    return open_birth()


def test_the_answers_choose_the_items_and_say_why(birth):
    found = selectors.choices(birth, {"insured": "no", "card": "no"})
    assert [(one.child.item, one.chosen) for one in found] == [
        ("household/newborn", True), (COVER, True), (CARD, False),
    ]  # fmt: skip
    assert [one.chosen for one in selectors.choices(birth, {})] == [True, False, False]
    assert [one.chosen for one in selectors.choices(birth, {"card": "yes"})] == [True, False, True]


def test_the_same_is_asked_once(birth, alice):
    composition = selectors.composition_of(begun(alice, birth))
    asked = [one.key for one in composition.form.questions()]
    assert composition.separately == 23
    assert composition.asked == len(asked) == len(set(asked)) == 13
    assert composition.keys[COVER]["book"] == "book_photo"


def test_everything_is_sent_at_once_and_each_office_gets_its_own(birth, alice):
    parent = sent(alice, birth)
    cases = list(parent.cases.select_related("item", "record", "department"))
    assert {case.item.key for case in cases} == {"newborn", "newborn_cover"}
    assert {case.department.kind for case in cases} == {"police", "medical_insurance"}
    assert len({case.number for case in cases}) == 2
    found = {case.item.key: forms.plain_values(case.record) for case in cases}
    assert found["newborn"]["child_name"] == found["newborn_cover"]["child_name"] == "林𠮷安"
    assert "pay" not in found["newborn"] and "address" not in found["newborn_cover"]
    # Each case has a file of its own, with the same bytes.
    photos = StoredFile.objects.filter(subject_type=forms.RECORD)
    assert photos.count() == 2 and len(set(photos.values_list("sha256", flat=True))) == 1
    assert {one.subject_id for one in photos} == {str(case.record_id) for case in cases}


def test_a_second_press_gets_the_same_receipt(birth, alice):
    draft = fill(alice, begun(alice, birth))
    first = services.send_bundle(actor=actor_of(alice), draft=draft)
    assert services.send_bundle(actor=actor_of(alice), draft=draft) == first
    assert Case.objects.count() == 2


def test_when_one_fails_nothing_is_sent_and_no_number_is_lost(birth, alice):
    draft = fill(alice, begun(alice, birth))
    ServiceItem.objects.filter(key="newborn_cover").update(state=ServiceItem.State.SUSPENDED)
    with pytest.raises(Conflict):
        services.send_bundle(actor=actor_of(alice), draft=draft)
    assert not Case.objects.exists() and not BundleCase.objects.exists()
    assert not CaseSerial.objects.exists()
    ServiceItem.objects.filter(key="newborn_cover").update(state=ServiceItem.State.IN_USE)
    parent = services.send_bundle(actor=actor_of(alice), draft=draft)
    assert parent.number.endswith("-0001")
    assert all(case.number.endswith("0001") for case in parent.cases.all())


def test_what_is_wrong_is_said_at_its_question(birth, alice):
    draft = fill(alice, begun(alice, birth), birth_paper="V1", pay="")
    with pytest.raises(Unusable) as caught:
        services.send_bundle(actor=actor_of(alice), draft=draft)
    assert {"birth_paper", "pay"} <= set(caught.value.errors)


def test_a_part_that_closed_meanwhile_is_left_out_and_the_rest_is_kept(birth, alice):
    draft = fill(alice, begun(alice, birth))
    close("medical_insurance")
    assert [part.ref for part in selectors.closed_parts(draft)] == [COVER]
    contest = ContestedValue.objects.create(
        draft=draft, field="child_name", source={}, given="林安", reason="x", by=alice
    )
    draft.sources |= {"child_name": {"kind": "register", "contested": True}}
    draft.save(update_fields=["sources"])
    left = services.leave_out(actor=actor_of(alice), draft=draft, item=COVER)
    assert forms.plain_values(left)["child_name"] == "林𠮷安"
    contest.refresh_from_db()
    assert contest.draft == left and left.sources[contest.field]["contested"]
    left.sources.pop(contest.field)
    left.save(update_fields=["sources"])
    parent = services.send_bundle(actor=actor_of(alice), draft=left)
    assert [case.item.key for case in parent.cases.all()] == ["newborn"]


def test_a_required_part_stays_and_so_does_the_last_one(birth, alice):
    draft = begun(alice, birth)
    with pytest.raises(Conflict):
        services.leave_out(actor=actor_of(alice), draft=draft, item="household/newborn")
    close("household")
    with pytest.raises(Conflict):
        begun(make_citizen("carol"), birth)


def test_the_same_choice_leads_back_to_the_draft(birth, alice):
    draft = begun(alice, birth)
    assert begun(alice, birth) == draft
    assert begun(alice, birth, [COVER, CARD]) != draft


def test_nobody_unknown_and_no_stranger(birth, alice, bob):
    with pytest.raises(NotAllowed):
        services.begin_bundle(actor=Actor.anonymous(), bundle=birth, items=[])
    with pytest.raises(NotAllowed):
        services.send_bundle(actor=actor_of(bob), draft=begun(alice, birth))
    parent = sent(alice, birth)
    with pytest.raises(Http404):
        selectors.bundle_case_for(bob, parent.pk)
    assert not selectors.bundle_cases_of(bob)


def test_it_is_done_when_every_part_is(birth, alice):
    make_office("police"), make_office("medical_insurance")
    parent = sent(alice, birth)

    def state():
        from django.utils import timezone

        found = selectors.bundle_case_for(alice, parent.pk)
        return standing.state_of(selectors.children_of(found, timezone.now()))

    assert state() == standing.RUNNING
    cases = {case.item.key: case for case in parent.cases.select_related("item")}
    do(cases["newborn_cover"])
    assert state() == standing.RUNNING
    services.withdraw_bundle(
        actor=actor_of(alice), bundle_case=selectors.bundle_case_for(alice, parent.pk)
    )
    assert state() == standing.DONE  # what was taken back does not count
    with pytest.raises(Conflict):
        services.withdraw_bundle(
            actor=actor_of(alice), bundle_case=selectors.bundle_case_for(alice, parent.pk)
        )


def test_a_new_version_without_it_takes_it_out_of_use(birth):
    services.publish_bundles(
        actor=Actor.system("test"), napp_version=birth.napp_version, bundles=[]
    )
    assert not Bundle.objects.get().is_in_use
    with pytest.raises(Http404):
        selectors.bundle_for("birth", "newborn")
