"""Applying for somebody else: the question, what is filled in, who sees what, and revoking."""

import pytest

from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms.models import Draft
from platform_core.capabilities.notifications.selectors import messages_of
from security.accounts import mandate_services
from service_hub.cases import selectors as cases
from service_hub.cases.models import Case
from tests.factories import actor_of, make_citizen, make_department
from tests.service_hub.makers import do, elsewhere_values, item_of, make_office, open_tasks
from tests.service_hub.portal.test_views import text_of, typed

pytestmark = pytest.mark.django_db
START = "/services/medical_insurance/elsewhere/start/"


@pytest.fixture
def mother(db):
    return make_citizen("mother", name="李国英", phone="13800000001")


@pytest.fixture
def mandate(mother, alice):
    return mandate_services.give_mandate(actor=actor_of(mother), agent=alice, relation="child")


@pytest.fixture
def filing(db):
    make_office("medical_insurance")
    return item_of("medical_insurance", "elsewhere")


def begin(client, mandate) -> str:
    """Begin for the principal; gives the address of the first page."""
    return client.post(START, {"for": str(mandate.pk)}, follow=True).redirect_chain[-1][0]


def filed(client, mandate, mother) -> Case:
    begin(client, mandate)
    client.post(START, {"for": str(mandate.pk), "new": "1"})
    draft = Draft.objects.order_by("-created_at").first()
    values = typed(elsewhere_values(mother))
    for page in ("you", "place"):
        client.post(f"/apply/{draft.pk}/page/{page}/", values | {"_next": "1"})
    client.post(f"/apply/{draft.pk}/check/")
    return Case.objects.get()


def test_the_question_comes_first_and_only_to_who_may_act(portal, alice, bob, mandate, filing):
    page = text_of(portal(alice).post(START))
    assert "Whose matter is it?" in page and "For 李国英" in page
    assert not Draft.objects.exists()
    assert "Whose matter is it?" not in text_of(portal(bob).post(START, follow=True))


def test_the_principals_details_are_filled_in_and_named(portal, alice, mother, mandate, filing):
    client = portal(alice)
    page = text_of(client.get(begin(client, mandate)))
    assert "You act for 李国英" in page
    assert mother.identity.citizen_number in page
    assert alice.identity.citizen_number not in page
    assert "For 李国英" in text_of(client.get("/cases/"))


def test_ones_own_draft_and_the_others_stay_apart(portal, alice, mandate, filing):
    client = portal(alice)
    client.post(START, {"for": "me"})
    begin(client, mandate)
    assert {one.mandate_id for one in forms.drafts_of(alice)} == {None, mandate.pk}


@pytest.mark.parametrize("wanted", ["x", "\x00", "00000000-0000-0000-0000-000000000000", ""])
def test_a_mandate_that_is_not_ones_own_is_ones_own_matter(portal, alice, mandate, filing, wanted):
    portal(alice).post(START, {"for": wanted})
    assert Draft.objects.get().mandate is None


def test_both_see_the_case_and_both_are_told(portal, alice, mother, mandate, filing):
    case = filed(portal(alice), mandate, mother)
    assert case.applicant == mother and case.mandate == mandate
    assert case.applicant_name == "李国英" and case.record.created_by == alice
    receipt = text_of(portal(alice).get(f"/cases/{case.pk}/receipt/"))
    assert "李国英" in receipt and "Filed by" in receipt
    assert "You act for" in text_of(portal(alice).get(f"/cases/{case.pk}/"))
    assert "Filed for others" in text_of(portal(alice).get("/cases/"))
    assert "Filed for you by" in text_of(portal(mother).get(f"/cases/{case.pk}/"))
    assert list(cases.cases_of(mother)) == [case] and not cases.cases_of(alice)
    for person in (alice, mother):
        links = [one.link for one in messages_of(person)]
        assert links.count(f"/cases/{case.pk}/") == 1
    do(case)
    for person in (alice, mother):
        links = [one.link for one in messages_of(person)]
        assert links.count(f"/cases/{case.pk}/") > 1


def test_revoking_shuts_drafts_and_cases_at_once(portal, alice, mother, mandate, filing):
    case = filed(portal(alice), mandate, mother)
    client = portal(alice)
    page = begin(client, mandate)
    portal(mother).post(f"/me/mandates/{mandate.pk}/", {"do": "end"})
    client = portal(alice)
    assert client.get(page).status_code == 404
    assert client.post(page, {"name": "x"}).status_code == 404
    assert client.get(f"/cases/{case.pk}/").status_code == 404
    assert not forms.drafts_of(alice)
    told = len(messages_of(alice))
    do(case)
    assert len(messages_of(alice)) == told
    assert portal(mother).get(f"/cases/{case.pk}/").status_code == 200


def test_a_mandate_for_one_service_is_for_no_other(portal, alice, mother, filing):
    mandate_services.give_mandate(
        actor=actor_of(mother), agent=alice, relation="child", services=["housing_fund/rent"]
    )
    assert "Whose matter" not in text_of(portal(alice).post(START, follow=True))
    make_department("housing_fund")
    item_of("housing_fund", "rent")
    assert "Whose matter" in text_of(portal(alice).post("/services/housing_fund/rent/start/"))


def test_the_clerk_sees_who_filed_for_whom(portal, alice, mother, mandate, filing, client):
    from tests.factories import sign_in

    case = filed(portal(alice), mandate, mother)
    task = open_tasks(case)[0]
    from security.organs.selectors import users_holding

    sign_in(client, users_holding(task.pool_groups, task.pool_department)[0])
    assert "Filed by" in text_of(client.get(f"/office/tasks/{task.pk}/"))
