"""What is held about a person: complete against what the models declare, shown and exported."""

import csv
import io
import json
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platform_core.capabilities.forms.earlier import allows_earlier
from security.accounts.models import User
from security.audit.models import AuditEntry
from security.privacy import consents, is_of_office
from service_hub.personal_data.holdings import (
    OF_OFFICE,
    copy_of,
    holdings_of,
    paths_of,
    personal_models,
    rows_of,
)
from service_hub.seen import look_lines, looks_of
from tests.factories import actor_of, sign_in
from tests.service_hub.makers import file_elsewhere, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    make_office("medical_insurance")
    return file_elsewhere(alice)


def test_every_personal_table_leads_to_its_person_or_is_the_offices(alice):
    for model in personal_models():
        is_the_offices = model._meta.label in OF_OFFICE or is_of_office(model)
        assert bool(paths_of(model)) != is_the_offices, (
            f"{model._meta.label}: say in holdings.py how it leads to the person"
        )
        if not is_the_offices:
            assert rows_of(model, alice).count() >= 0


def test_the_export_holds_every_table_that_holds_the_person(client, alice, case):
    held = {one.label for one in holdings_of(alice)}
    assert {"service_hub.Case", "platform_core.Record", "security.Identity"} <= held
    sign_in(client, alice)
    answer = client.get("/me/export/")
    tables = json.loads(answer.content)["tables"]
    assert held <= set(tables)
    assert tables["platform_core.Record"][0]["data"]["province"] == "上海市"
    for secret in ("password", "citizen_number_index", "phone_index"):
        assert f'"{secret}"' not in answer.content.decode()


def test_the_spreadsheets_hold_the_same_tables_and_no_formula(client, alice, case):
    alice.name = "=HYPERLINK(1)"
    alice.save(update_fields=["name"])
    sign_in(client, alice)
    tables = json.loads(client.get("/me/export/").content)["tables"]
    answer = client.get("/me/export/?as=csv")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name.removesuffix(".csv"): archive.read(name) for name in archive.namelist()}
    assert {one.label for one in holdings_of(alice)} <= set(files)
    for label, rows in tables.items():
        assert files[label].startswith(b"\xef\xbb\xbf")
        lines = list(csv.DictReader(io.StringIO(files[label].decode("utf-8-sig"))))
        # The copy itself is recorded, so the trail has one more line the second time.
        assert len(lines) == len(rows) + (label == "security.AuditEntry")
        assert {key.partition(".")[0] for line in lines for key in line} >= set(rows[0])
        assert not any(str(cell).startswith("=") for line in lines for cell in line.values())
    records = list(csv.DictReader(io.StringIO(files["platform_core.Record"].decode("utf-8-sig"))))
    assert records[0]["data.province"] == "上海市"


def test_nobody_gets_what_is_held_about_somebody_else(alice, bob, case):
    assert "service_hub.Case" not in copy_of(bob)
    assert str(case.pk) not in json.dumps(copy_of(bob), default=str)


def test_the_page_costs_no_more_with_more_cases(alice, case):
    with CaptureQueriesContext(connection) as first:
        holdings_of(alice)
    file_elsewhere(alice)
    file_elsewhere(alice)
    with CaptureQueriesContext(connection) as later:
        holdings_of(alice)
    assert len(later) == len(first)


def looked(case, clerk, times: int = 1) -> None:
    for _number in range(times):
        AuditEntry.objects.create(
            actor=clerk,
            verb="case.unmask",
            object_type="service_hub.case",
            object_id=str(case.pk),
            after={"reason": "to call back"},
        )


def test_who_looked_is_listed_whole_with_the_reason_and_the_case(client, alice, case):
    looked(case, User.objects.get(username="medical_insurance-330106-clerk"), 25)
    sign_in(client, alice)
    client.cookies["django_language"] = "en"
    page = client.get("/me/looks/").content.decode()
    assert "to call back" in page and str(case.pk) in page and "Officer Shen" in page
    assert "沈佳" not in page
    assert client.get("/me/looks/?page=2").content.decode().count("to call back") == 5


def test_looks_at_others_are_not_mine_and_cost_the_same(alice, bob, case):
    clerk = User.objects.get(username="medical_insurance-330106-clerk")
    looked(case, clerk)
    assert list(looks_of(bob)) == []
    with CaptureQueriesContext(connection) as first:
        look_lines(looks_of(alice))
    looked(case, clerk, 2)
    with CaptureQueriesContext(connection) as later:
        assert len(look_lines(looks_of(alice))) == 3
    assert len(first) == len(later)


def agrees(user, key: str) -> bool:
    return consents.consents_of(user).filter(kind=key, withdrawn_at=None).exists()


class TestConsents:
    def test_given_and_withdrawn_and_the_use_follows(self, client, alice):
        sign_in(client, alice)
        client.post("/me/consents/", {"give": "earlier_answers"})
        client.post("/me/consents/", {"give": "earlier_answers"})
        assert allows_earlier(alice) is True
        assert consents.consents_of(alice).count() == 1
        assert agrees(alice, "earlier_answers")
        client.post("/me/consents/", {"withdraw": "earlier_answers"})
        assert allows_earlier(alice) is False
        assert not agrees(alice, "earlier_answers")
        assert consents.consents_of(alice).get().withdrawn_at
        verbs = AuditEntry.objects.filter(actor=alice).values_list("verb", flat=True)
        assert {"consent.give", "consent.withdraw"} <= set(verbs)

    def test_the_switch_of_my_data_writes_the_same_register(self, client, alice):
        sign_in(client, alice)
        client.post("/me/earlier/", {"use": "yes"})
        assert agrees(alice, "earlier_answers")

    def test_a_new_version_of_the_text_asks_anew(self, alice, monkeypatch):
        kind = consents.Kind("x", "X", "text")
        monkeypatch.setitem(consents._kinds, "x", kind)
        consents.give_consent(actor=actor_of(alice), key="x")
        monkeypatch.setitem(consents._kinds, "x", consents.Kind("x", "X", "new text", 2))
        consents.give_consent(actor=actor_of(alice), key="x")
        assert [one.version for one in consents.consents_of(alice)] == [2, 1]
        assert agrees(alice, "x")

    def test_an_unknown_kind_is_refused_and_nothing_changes(self, client, alice):
        sign_in(client, alice)
        assert client.post("/me/consents/", {"give": "\x00"}).status_code == 302
        assert not consents.consents_of(alice).exists()
