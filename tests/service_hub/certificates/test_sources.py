"""What a certificate states fills in the next form; its holder may contest it."""

import copy

import pytest

from platform_core.capabilities.documents.models import Document
from platform_core.capabilities.documents.services import revoke_document
from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms.models import Draft
from platform_core.capabilities.notifications.selectors import messages_of
from service_hub.cases import services as cases
from service_hub.items.models import ServiceItem
from tests.factories import MAKER, actor_of, sign_in
from tests.service_hub.makers import (
    do,
    elsewhere_values,
    make_office,
    manifest_of,
    open_app,
    open_tasks,
)
from tests.service_hub.portal.test_views import text_of, typed

pytestmark = pytest.mark.django_db
PATH = "certificate.medical_insurance.elsewhere.province"


@pytest.fixture
def office(db):
    return make_office("medical_insurance")


@pytest.fixture
def item(office):
    changed = copy.deepcopy(manifest_of("medical_insurance"))
    service = next(one for one in changed["services"] if one["key"] == "elsewhere")
    service["result"] = {
        "kind": "certificate", "title": {"zh": "备案证明", "en": "Filing"},
        "statements": ["province"],
    }  # fmt: skip
    fields = changed["forms"][0]["pages"][1]["fields"]
    province = next(one for one in fields if one["key"] == "province")
    province |= {"prefill": PATH, "locked": True}
    open_app("medical_insurance", forms=changed["forms"], services=changed["services"])
    return ServiceItem.objects.select_related("napp", "napp_version").get(key="elsewhere")


@pytest.fixture
def certificate(item, alice):
    values = elsewhere_values(alice)
    do(cases.file_values(actor=actor_of(alice), item=item, values=values).case)
    return Document.objects.get()


def begin(portal, alice) -> tuple:
    client = portal(alice)
    client.post("/services/medical_insurance/elsewhere/start/")
    return client, Draft.objects.get(submitted_at=None)


def test_the_statement_is_filled_in_with_number_and_day(portal, alice, certificate):
    client, draft = begin(portal, alice)
    assert forms.plain_values(draft)["province"] == "上海市"
    page = text_of(client.get(f"/apply/{draft.pk}/page/place/"))
    assert f"From the certificate {certificate.number} of" in page
    assert "This is wrong" in page
    client.post(f"/apply/{draft.pk}/page/place/", {"province": "北京市", "kind": "living"})
    draft.refresh_from_db()
    assert forms.plain_values(draft)["province"] == "上海市"


def test_a_revoked_certificate_states_nothing(portal, alice, certificate):
    revoke_document(actor=MAKER, document=certificate, reason="错发")
    _client, draft = begin(portal, alice)
    assert "province" not in forms.plain_values(draft)


def test_another_persons_certificate_states_nothing(portal, bob, certificate):
    _client, draft = begin(portal, bob)
    assert "province" not in forms.plain_values(draft)


def test_contesting_from_the_form_to_the_clerk(portal, alice, bob, certificate, office, client):
    portal_client, draft = begin(portal, alice)
    contest = f"/apply/{draft.pk}/contest/province/"
    assert "上海市" in text_of(portal_client.get(contest))
    empty = portal_client.post(contest, {"reason": "", "province": "北京市"})
    assert empty.status_code == 422 and "北京市" in text_of(empty)
    portal_client.post(contest, {"reason": "我在北京<b>", "province": "北京市"})
    page = text_of(portal_client.get(f"/apply/{draft.pk}/page/place/"))
    assert "You said that this is wrong." in page and 'value="北京市"' in page
    values = typed(elsewhere_values(alice)) | {"province": "北京市"}
    for name in ("you", "place"):
        portal_client.post(f"/apply/{draft.pk}/page/{name}/", values | {"_next": "1"})
    check = text_of(portal_client.get(f"/apply/{draft.pk}/check/"))
    assert "我在北京&lt;b&gt;" in check and certificate.number in check
    portal_client.post(f"/apply/{draft.pk}/check/")
    draft.refresh_from_db()
    case = draft.record.case
    assert forms.plain_values(case.record)["province"] == "北京市"
    sign_in(client, office["clerk"])
    task = text_of(client.get(f"/office/tasks/{open_tasks(case)[0].pk}/"))
    assert "The applicant says that the source is wrong" in task
    assert "我在北京&lt;b&gt;" in task and "上海市" in task
    told = [one for one in messages_of(office["head"]) if one.template == "value.contested"]
    assert len(told) == 1 and certificate.number in told[0].body["en"]


@pytest.mark.parametrize("field", ["kind", "nothing", "name"])
def test_what_has_no_source_has_no_page_to_contest_it(portal, alice, certificate, field):
    client, draft = begin(portal, alice)
    status = client.get(f"/apply/{draft.pk}/contest/{field}/").status_code
    assert status == (200 if field == "name" else 404)


def test_a_stranger_contests_nothing(portal, alice, bob, certificate):
    _client, draft = begin(portal, alice)
    client = portal(bob)
    for method in (client.get, client.post):
        assert method(f"/apply/{draft.pk}/contest/province/").status_code == 404
        assert client.post(f"/apply/{draft.pk}/earlier/", {"use": "yes"}).status_code == 404


def test_the_switch_for_earlier_answers_stands_in_my_data(portal, alice):
    client = portal(alice)
    assert "are not used" in text_of(client.get("/me/"))
    client.post("/me/earlier/", {"use": "yes"})
    assert "Use them no longer" in text_of(client.get("/me/"))
