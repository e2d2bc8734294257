"""Inviting a second person in the portal: both sides, and everybody who is kept out."""

import copy
import re

import pytest

from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms.models import Draft, Invitation
from platform_core.capabilities.notifications.selectors import messages_of
from service_hub.cases.models import Case
from tests.factories import make_citizen
from tests.service_hub.makers import elsewhere_values, make_office, manifest_of, open_app
from tests.service_hub.portal.test_views import text_of, typed

pytestmark = pytest.mark.django_db
PART = {
    "key": "spouse", "title": {"zh": "配偶填写", "en": "For the spouse"},
    "pages": ["spouse"], "needed": True,
}  # fmt: skip
PAGE = {
    "key": "spouse",
    "title": {"zh": "配偶", "en": "Spouse"},
    "fields": [
        {"key": "job", "type": "text", "required": True, "label": {"zh": "职业", "en": "Job"}}
    ],
}


def open_with_part():
    changed = copy.deepcopy(manifest_of("medical_insurance"))
    changed["forms"][0]["pages"].append(PAGE)
    changed["forms"][0]["parts"] = [PART]
    return open_app("medical_insurance", forms=changed["forms"])


@pytest.fixture
def draft(portal, alice):
    make_office("medical_insurance")
    open_with_part()
    portal(alice).post("/services/medical_insurance/elsewhere/start/")
    return Draft.objects.get()


@pytest.fixture
def lina(db):
    return make_citizen("lina", name="李娜", phone="13800000002")


def invite(client, draft, **more):
    values = {"part": "spouse", "name": "李娜", "number": "13800000002"} | more
    return client.post(f"/apply/{draft.pk}/parts/", values, follow=True)


def test_both_fill_in_their_parts_and_it_is_sent(portal, alice, lina, draft):
    client = portal(alice)
    page = text_of(invite(client, draft))
    assert "Waiting for 李娜" in page
    invitation = Invitation.objects.get()
    door = f"/invited/{invitation.pk}/"
    assert messages_of(lina).get().link == door
    theirs = portal(lina)
    page = theirs.get(door, follow=True)
    assert page.redirect_chain[-1][0] == f"{door}page/spouse/"
    assert "Alice" in text_of(page) and alice.identity.citizen_number not in text_of(page)
    check = theirs.post(f"{door}page/spouse/", {"job": "教师", "_next": "1"})
    assert check.url == f"{door}check/"
    confirmed = theirs.post(check.url, follow=True)
    assert "You confirmed this" in text_of(confirmed)
    assert "Parts that you were invited to" in text_of(theirs.get("/cases/"))
    assert messages_of(alice).get().link == f"/apply/{draft.pk}/check/"
    client = portal(alice)
    values = typed(elsewhere_values(alice))
    for name in ("you", "place"):
        client.post(f"/apply/{draft.pk}/page/{name}/", values | {"_next": "1"})
    check = text_of(client.get(f"/apply/{draft.pk}/check/"))
    assert "Confirmed by 李娜" in check and "教师" in check and "Send the application" in check
    client.post(f"/apply/{draft.pk}/check/")
    assert forms.plain_values(Case.objects.get().record)["job"] == "教师"


def test_it_is_not_sent_before_the_part_is_confirmed(portal, alice, draft):
    client = portal(alice)
    values = typed(elsewhere_values(alice))
    for name in ("you", "place"):
        client.post(f"/apply/{draft.pk}/page/{name}/", values | {"_next": "1"})
    answer = client.post(f"/apply/{draft.pk}/check/")
    assert answer.status_code == 422
    assert "is not confirmed yet" in text_of(answer) and "Nobody invited yet" in text_of(answer)
    assert "Send the application" not in text_of(answer)
    assert client.get(f"/apply/{draft.pk}/page/spouse/").url == f"/apply/{draft.pk}/parts/"
    client.post(f"/apply/{draft.pk}/page/spouse/", {"job": "x"})
    assert "job" not in forms.plain_values(Draft.objects.get())
    assert not Case.objects.exists()


def test_the_code_opens_the_door_once(portal, alice, lina, bob, draft):
    page = text_of(invite(portal(alice), draft, number=""))
    code = re.search(r'<b class="mono">([^<]+)</b>', page)[1]
    door = f"/invited/{Invitation.objects.get().pk}/"
    client = portal(lina)
    assert "Enter the code" in text_of(client.get(door))
    wrong = client.post(door, {"code": "AAAAAAAAAA"})
    assert wrong.status_code == 422 and "The code is wrong" in text_of(wrong)
    assert client.post(door, {"code": code}).status_code == 302
    assert portal(bob).post(door, {"code": code}).status_code == 404


@pytest.mark.parametrize("path", ["", "page/spouse/", "page/you/", "check/"])
def test_strangers_and_the_owner_find_no_door(portal, client, alice, bob, lina, draft, path):
    invite(portal(alice), draft)
    address = f"/invited/{Invitation.objects.get().pk}/{path}"
    assert portal(alice).get(address).status_code == 404
    assert portal(bob).get(address).status_code == 404
    assert portal(bob).post(address, {"job": "x"}).status_code == 404
    client.logout()
    assert "/accounts/login/" in client.get(address).url


def test_the_invited_person_opens_no_page_of_the_owner(portal, alice, lina, draft):
    invite(portal(alice), draft)
    invitation = Invitation.objects.get()
    client = portal(lina)
    client.get(f"/invited/{invitation.pk}/")
    assert client.get(f"/invited/{invitation.pk}/page/you/").status_code == 404
    for path in ("", "check/", "parts/", "page/you/", "page/spouse/"):
        assert client.get(f"/apply/{draft.pk}/{path}").status_code == 404


def test_what_is_wrong_is_said_and_stays_typed(portal, alice, draft):
    answer = invite(portal(alice), draft, number="12", name="李 娜")
    assert answer.status_code == 422
    assert 'value="李 娜"' in text_of(answer) and 'value="12"' in text_of(answer)
    assert "Enter a mobile number" in text_of(answer)


def test_two_windows_of_the_invited_person_keep_both_answers(portal, alice, lina, draft):
    invite(portal(alice), draft)
    address = f"/invited/{Invitation.objects.get().pk}/page/spouse/"
    client = portal(lina)
    client.get(f"/invited/{Invitation.objects.get().pk}/")
    for pen in ("phone", "desk"):
        values = {"job": f"on the {pen}", "_rev": "0", "_pen": pen}
        answer = client.post(address, values, HTTP_X_REQUESTED_WITH="fetch")
    assert answer.json()["clash"] == ["Job"]


def test_taking_the_invitation_back_shuts_the_door(portal, alice, lina, draft):
    client = portal(alice)
    invite(client, draft)
    door = f"/invited/{Invitation.objects.get().pk}/"
    portal(lina).get(door)
    page = portal(alice).post(
        f"/apply/{draft.pk}/parts/", {"part": "spouse", "do": "revoke"}, follow=True
    )
    assert "Nobody invited yet" in text_of(page)
    assert portal(lina).get(f"{door}page/spouse/").status_code == 404


def test_a_form_without_parts_has_no_page_for_them(portal, alice):
    make_office("medical_insurance")
    open_app("medical_insurance")
    client = portal(alice)
    client.post("/services/medical_insurance/elsewhere/start/")
    assert client.get(f"/apply/{Draft.objects.get().pk}/parts/").status_code == 404
