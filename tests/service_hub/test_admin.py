"""The hub in the admin site: read-only lists, and the few deeds that go through the services."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from platform_core.capabilities.documents.models import Document
from platform_core.capabilities.documents.selectors import standing
from platform_core.capabilities.notifications.models import Message
from security.audit.models import AuditEntry
from service_hub.cases import services as cases
from service_hub.certificates.selectors import certificate_of
from service_hub.evaluations.services import rate_case
from service_hub.inquiries.services import ask_question
from service_hub.items.models import ServiceItem
from tests.factories import (
    actor_of,
    make_admin,
    make_auditor,
    make_citizen,
    make_department,
    make_official,
    sign_in,
)
from tests.service_hub.makers import do, elsewhere_values, item_of, make_office, photo

pytestmark = pytest.mark.django_db
OURS = [
    model
    for model in admin.site._registry
    if model._meta.app_label == "service_hub" or model is Document
]
WORDS = {"zh": "升级，12月1日恢复。", "en": "Being renewed; back on 1 December."}


@pytest.fixture
def root(client):
    return sign_in(client, make_admin())


@pytest.fixture
def office(db):
    return make_office("civil_affairs")


def elder_pass(user):
    """A case that ended with a certificate."""
    wanted = ("name", "citizen_number", "mobile", "area")
    values = {key: value for key, value in elsewhere_values(user).items() if key in wanted}
    values |= {"helper": False, "photo": photo(actor_of(user)), "need_card": False}
    item = item_of("elder_pass", "pass")
    return do(cases.file_values(actor=actor_of(user), item=item, values=values).case)


@pytest.fixture
def passed(alice, office):
    case = elder_pass(alice)
    rate_case(actor=actor_of(alice), case=case, service_no=1, grade=1, text="我叫陈宁，太慢")
    place = make_department("service_bureau").region
    ask_question(actor=actor_of(alice), region=place, text="我叫陈宁，周六开门吗？")
    return case


def address(model, name: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def test_the_hub_has_its_pages():
    names = {model.__name__ for model in OURS}
    assert names == {"ServiceItem", "Case", "Document", "Evaluation", "Question", "Rectification"}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_lists_searches_and_pages_open_and_change_nothing(client, root, passed, model):
    row = model._default_manager.first()
    here = address(model, "change", row.pk)
    for page in (address(model, "changelist"), address(model, "changelist") + "?q=a1", here):
        answer = client.get(page)
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "style=" not in text and "<script>" not in text and "onclick" not in text
        assert "陈宁" not in text and "Alice" not in text
    assert client.post(here, {"state": "x"}).status_code == 403
    assert client.get(address(model, "add")).status_code == 403
    assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_longer_list_asks_no_more_of_the_database(client, root, passed, model):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address(model, "changelist")).status_code == 200
        return len(asked)

    queries()
    few = queries()
    for name in ("carol", "dave"):
        person = make_citizen(name)
        rate_case(actor=actor_of(person), case=elder_pass(person), service_no=1, grade=1)
    assert queries() == few


def test_items_are_found_by_title_and_key_word(client, root):
    item_of("housing_fund", "rent"), item_of("household", "newborn")
    for words in ("租房", "332012", "Withdraw"):
        text = client.get(address(ServiceItem, "changelist"), {"q": words}).content.decode()
        assert "housing fund" in text and "newborn" not in text.split("result_list")[1]


def test_others_see_none_of_it(client, passed):
    for person in (make_official("olga"), make_citizen("paul")):
        sign_in(client, person)
        for model in OURS:
            assert client.get(address(model, "changelist")).status_code in {302, 403, 404}


def test_an_auditor_reads_and_cannot_act(client, passed):
    sign_in(client, make_auditor())
    item, certificate = ServiceItem.objects.first(), certificate_of(passed)
    for model in OURS:
        assert client.get(address(model, "changelist")).status_code == 200
    assert "/suspend/" not in client.get(address(ServiceItem, "change", item.pk)).content.decode()
    assert client.post(address(ServiceItem, "suspend", item.pk), WORDS).status_code == 403
    revoking = address(Document, "revoke", certificate.pk)
    assert client.post(revoking, {"reason": "no"}).status_code == 403
    certificate.refresh_from_db()
    assert certificate.state == Document.State.VALID


class TestSuspending:
    def test_the_guide_says_why_and_nothing_is_taken_until_it_is_resumed(self, client, root):
        item = item_of("housing_fund", "rent")
        here, guide = address(ServiceItem, "suspend", item.pk), "/services/housing_fund/rent/"
        assert here in client.get(address(ServiceItem, "change", item.pk)).content.decode()
        assert "the guide stays" in client.get(here).content.decode()
        answer = client.post(here, WORDS, follow=True)
        assert "Done: Suspend." in answer.content.decode()
        trail = AuditEntry.objects.get(verb="item.suspended")
        assert (trail.actor, trail.object_id) == (root, str(item.pk))
        assert trail.after["notice"] == WORDS

        sign_in(client, make_citizen("carol"))
        shown = client.get(guide).content.decode()
        assert WORDS["en"] in shown and "Start now" not in shown
        begun = client.post(f"{guide}start/")
        assert begun.status_code == 302 and begun["Location"] == guide
        assert "housing fund" not in client.get("/services/").content.decode()

        sign_in(client, root)
        client.post(address(ServiceItem, "resume", item.pk))
        assert AuditEntry.objects.filter(verb="item.resumed").exists()
        shown = client.get(guide).content.decode()
        assert "Start now" in shown and WORDS["en"] not in shown

    def test_words_are_needed_in_both_languages_and_stay_when_one_is_missing(self, client, root):
        item = item_of("housing_fund", "rent")
        here = address(ServiceItem, "suspend", item.pk)
        answer = client.post(here, {"zh": "升级 <b>", "en": " "})
        assert answer.status_code == 422 and "升级 &lt;b&gt;" in answer.content.decode()
        item.refresh_from_db()
        assert item.state == ServiceItem.State.IN_USE

    def test_a_second_administrator_is_told_that_it_happened(self, client, root):
        item = item_of("housing_fund", "rent")
        here = address(ServiceItem, "suspend", item.pk)
        client.post(here, WORDS)
        answer = client.post(here, WORDS)
        assert answer.status_code == 422 and "not in this state" in answer.content.decode()

    def test_nothing_there(self, client, root):
        for pk in ("999999", "x", "%00"):
            assert client.get(f"/admin/service_hub/serviceitem/{pk}/suspend/").status_code == 404


class TestRevoking:
    def test_the_holder_is_told_and_the_check_shows_it(self, client, root, alice, passed):
        certificate = certificate_of(passed)
        here = address(Document, "revoke", certificate.pk)
        assert client.post(here, {"reason": "  "}).status_code == 422
        assert client.post(here, {"reason": "材料不实"}).status_code == 302
        certificate.refresh_from_db()
        assert standing(certificate) == "revoked" and certificate.revoked_by == root
        assert AuditEntry.objects.get(verb="document.revoked").actor == root
        told = Message.objects.filter(recipient=alice).order_by("-created_at").first()
        assert "材料不实" in str(told.body)
        shown = client.get(address(Document, "change", certificate.pk)).content.decode()
        assert "材料不实" in shown and here not in shown
        assert client.post(here, {"reason": "again"}).status_code == 422
