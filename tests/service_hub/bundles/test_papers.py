"""A life event asks for no paper that the government has, and each case keeps its receipt."""

from datetime import date

import pytest

from platform_core.capabilities.documents.models import Document
from platform_core.capabilities.documents.services import revoke_document
from platform_core.capabilities.forms import services as form_services
from platform_core.capabilities.forms.binding import bind_draft
from platform_core.capabilities.forms.earlier import allow_earlier
from platform_core.capabilities.forms.models import ContestedValue
from platform_core.capabilities.forms.selectors import plain_values
from platform_core.common.errors import Conflict, Unusable
from service_hub.bundles import services
from service_hub.bundles.models import BundleCase
from service_hub.cases import services as cases
from service_hub.materials.models import MaterialReceipt, SharedFact
from service_hub.materials.selectors import asked_although_held
from service_hub.sample_answers import answers_for
from tests.factories import MAKER, actor_of, make_department
from tests.service_hub.makers import do, item_of, make_office
from tests.service_hub.portal.test_views import text_of

from .makers import begun, fill, open_birth, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def birth(db):
    return open_birth()


def share(user, kind: str = "household_book") -> SharedFact:
    return SharedFact.objects.create(
        kind=kind, user=user, value={"zh": "一致", "en": "Entered"}, as_of=date(2026, 9, 1),
        department=make_department("police", "330106"),
    )  # fmt: skip


def test_what_is_held_is_not_asked_for_and_every_case_has_the_receipt(birth, alice, portal):
    fact = share(alice)
    draft = fill(alice, begun(alice, birth), book_photo=None)
    bound = bind_draft(draft, actor=actor_of(alice))
    assert set(bound.exempt) == {"book_photo"} and not bound.errors
    shown = text_of(portal(alice).get(f"/apply/{draft.pk}/check/"))
    assert "not asked for" in shown and shown.count("Household book") == 2  # question, material
    parent = services.send_bundle(actor=actor_of(alice), draft=draft)
    kept = MaterialReceipt.objects.filter(case__bundle_case=parent, code="household_book")
    assert [(one.way, one.facts["id"]) for one in kept] == [("shared", fact.pk)] * 2
    assert asked_although_held() == {"asked": 0, "held": 0}


def test_what_ran_out_between_filling_and_filing_is_asked_for(birth, alice):
    fact = share(alice)
    draft = fill(alice, begun(alice, birth), book_photo=None)
    SharedFact.objects.filter(pk=fact.pk).update(valid_until=date(2026, 1, 1))
    with pytest.raises(Unusable) as caught:
        services.send_bundle(actor=actor_of(alice), draft=draft)
    assert set(caught.value.errors) == {"book_photo"}
    assert not BundleCase.objects.exists()


def test_an_answer_from_a_revoked_certificate_stops_the_filing_and_is_asked_again(
    birth, alice, portal
):
    make_office("civil_affairs")
    item = item_of("elder_pass", "pass")
    values = answers_for("pass", actor_of(alice), "330106")
    case = do(cases.file_values(actor=actor_of(alice), item=item, values=values).case)
    paper = Document.objects.get(subject_id=str(case.pk), kind="certificate")
    draft = fill(alice, begun(alice, birth))
    facts = {"source": "certificate", "number": paper.number, "on": "2026-09-01"}
    draft.sources["address"] = facts
    draft.save(update_fields=["sources"])
    revoke_document(actor=MAKER, document=paper, reason="A mistake")
    with pytest.raises(Conflict):
        services.send_bundle(actor=actor_of(alice), draft=draft)
    assert not BundleCase.objects.exists()
    portal(alice).get(f"/apply/{draft.pk}/check/")
    draft.refresh_from_db()
    assert plain_values(draft)["address"] is None


def test_where_answers_came_from_and_what_is_contested_goes_to_each_office(birth, alice):
    draft = fill(alice, begun(alice, birth))
    form_services.contest_value(
        actor=actor_of(alice), draft=draft, field="mobile", reason="An old number",
        values={"mobile": "13900002046"},
    )  # fmt: skip
    parent = services.send_bundle(actor=actor_of(alice), draft=draft)
    for case in parent.cases.select_related("record"):
        assert case.record.sources["name"]["source"] == "profile"
        contest = ContestedValue.objects.get(record=case.record)
        assert (contest.field, contest.reason) == ("mobile", "An old number")
    assert not ContestedValue.objects.filter(draft=draft).exists()


def test_a_paper_given_before_is_offered_for_the_whole(birth, alice, portal):
    allow_earlier(actor=actor_of(alice), is_allowed=True)
    sent(alice, birth)
    draft = begun(alice, birth, [])
    client, page = portal(alice), f"/apply/{draft.pk}/page/home/"
    assert "You gave this before" in text_of(client.get(page))
    assert client.post(f"{page}again/", {"field": "book_photo"}).status_code == 302
    draft.refresh_from_db()
    assert len(plain_values(draft)["book_photo"]) == 1
