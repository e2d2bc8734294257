"""A datum named, two people who agree, and the source that really says something else then."""

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from platform_core.capabilities.documents.models import Document
from platform_core.capabilities.forms.selectors import plain_values
from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.audit.models import AuditEntry
from security.privacy import way_of
from security.privacy.corrections import CHANGE, WAYS
from service_hub.cases.models import Case
from service_hub.cases.services import file_values
from service_hub.materials.models import SharedFact
from service_hub.personal_data import correcting, data, holdings, services
from service_hub.personal_data.models import DataRequest
from service_hub.personal_data.retention_services import erase_overdue
from tests.factories import MAKER, actor_of, make_admin, make_department, sign_in
from tests.service_hub.makers import (
    do,
    elsewhere_values,
    file_elsewhere,
    item_of,
    make_office,
    photo,
)

pytestmark = pytest.mark.django_db
RECORD, IDENTITY = "platform_core.Record", "security.Identity"


@pytest.fixture
def officers(db):
    return make_admin("guard-one"), make_admin("guard-two")


@pytest.fixture
def case(alice):
    make_office("medical_insurance")
    return do(file_elsewhere(alice))


def ask(user, table: str, row, field: str, typed, text="See my card.") -> DataRequest:
    return services.ask_correction(
        actor=actor_of(user), table=table, row=str(row), field=field, typed=typed, text=text
    )


def grant(officers, request: DataRequest) -> DataRequest:
    first, second = (actor_of(one) for one in officers)
    services.answer_request(actor=first, request=request, is_granted=True, reason="Proven.")
    services.confirm_request(actor=second, request=request, is_confirmed=True)
    request.refresh_from_db()
    return request


def test_every_personal_field_says_whether_and_how_it_is_corrected():
    for model in holdings.personal_models():
        if not holdings.paths_of(model):
            continue
        for field in holdings.held_fields(model):
            way = way_of(model, field)
            where = f"{model._meta.label}.{field}"
            assert way in WAYS, f"{where}: declare_correction beside the data classes"
            has_hands = data.corrector_of(model._meta.label) or model._meta.label == RECORD
            assert way != CHANGE or has_hands, f"{where}: register_corrector"


@pytest.fixture
def passed(alice):
    """Alice's pass with a certificate in her name."""
    make_office("civil_affairs")
    known = elsewhere_values(alice)
    values = {key: known[key] for key in ("name", "citizen_number", "mobile", "area")}
    values |= {"helper": False, "photo": photo(actor_of(alice)), "need_card": False}
    item = item_of("elder_pass", "pass")
    return do(file_values(actor=actor_of(alice), item=item, values=values).case)


def test_an_answer_changes_with_history_and_a_new_certificate(alice, officers, passed):
    old = Document.objects.get(kind="certificate")
    request = ask(alice, RECORD, passed.record_id, "name", "陈甯")
    assert set(request.what) == {"zh", "en"} and "Alice" not in str(request.what)
    assert plain_values(passed.record)["name"] == "Alice"
    request = grant(officers, request)
    passed.record.refresh_from_db()
    assert plain_values(passed.record)["name"] == "陈甯"
    revision = passed.record.revisions.get()
    assert (revision.changed, revision.reason) == (["name"], "See my card.")
    old.refresh_from_db()
    new = old.replaced_by
    assert (old.state, new.state, new.holder) == ("replaced", "valid", "陈甯")
    assert new.number == request.outcome["document"]
    told = Message.objects.get(recipient=alice, template="data_request.answered").body["zh"]
    assert "Alice" not in told and "陈甯" not in told and new.number[-9:] in told
    assert AuditEntry.objects.filter(verb="record.corrected", actor=officers[1]).exists()


def test_a_sensitive_answer_is_not_told_by_mail_and_no_copy_outlives_it(alice, officers, case):
    request = grant(officers, ask(alice, RECORD, case.record_id, "mobile", "13900002046"))
    told = Message.objects.get(recipient=alice, template="data_request.answered").body
    assert "was corrected" in told["en"]
    assert not any(part in str(told) for part in ("139", "138", "2046"))
    Case.objects.filter(pk=case.pk).update(closed_at="2001-01-01T00:00Z")
    assert correcting.opened(request)[1]["value"] == "13900002046"
    erase_overdue(actor=MAKER)
    request.refresh_from_db()
    assert correcting.opened(request) == ({"value": None, "zh": "", "en": ""},) * 2


def test_a_name_and_a_shared_fact_change_at_their_source(alice, officers):
    grant(officers, ask(alice, IDENTITY, alice.pk, "real_name", "陈甯"))
    alice.refresh_from_db()
    assert alice.identity.real_name == "陈甯"
    told = Message.objects.get(recipient=alice, template="data_request.answered").body["zh"]
    assert "陈甯" in told
    fact = SharedFact.objects.create(
        kind="tenancy", user=alice, department=make_department("housing_fund"),
        value={"zh": "甲路 1 号", "en": "1 Jia Road"}, as_of="2026-01-01",
    )  # fmt: skip
    grant(officers, ask(alice, "service_hub.SharedFact", fact.pk, "value", "甲路 2 号"))
    fact.refresh_from_db()
    assert fact.value["zh"] == "甲路 2 号"


def test_nothing_changes_before_the_second_person_and_never_by_one(alice, officers, case):
    request = ask(alice, RECORD, case.record_id, "province", "江苏省")
    by = actor_of(officers[0])
    services.answer_request(actor=by, request=request, is_granted=True, reason="Proven.")
    with pytest.raises(NotAllowed):
        services.confirm_request(actor=by, request=request, is_confirmed=True)
    case.record.refresh_from_db()
    assert plain_values(case.record)["province"] == "上海市"


def test_an_entry_that_has_changed_since_is_not_overwritten(alice, officers):
    request = ask(alice, IDENTITY, alice.pk, "real_name", "陈甯")
    services.answer_request(
        actor=actor_of(officers[0]), request=request, is_granted=True, reason="Proven."
    )
    alice.identity.real_name = "陈凝"
    alice.identity.save(update_fields=["real_name"])
    with pytest.raises(Conflict):
        services.confirm_request(actor=actor_of(officers[1]), request=request, is_confirmed=True)
    alice.identity.refresh_from_db()
    assert alice.identity.real_name == "陈凝"


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ("security.Identity", "citizen_number"),
        ("security.User", "phone"),
        ("service_hub.Case", "result"),
        ("platform_core.Document", "content"),
        ("platform_core.Record", "citizen_number"),
    ],
)
def test_what_stays_says_why(alice, passed, table, field):
    row = holdings.rows_of(holdings.model_of(table), alice).first()
    datum = data.datum_of(alice, row, field)
    assert len(datum.why_not) > 20
    with pytest.raises(NotAllowed, match=datum.why_not[:20]):
        ask(alice, table, row.pk, field, "x")


def test_bad_wishes_are_said_at_the_field_and_the_same_one_is_asked_once(alice, case):
    for typed in ("", "陈" * 51, "\x00"):
        with pytest.raises(Unusable) as error:
            ask(alice, IDENTITY, alice.pk, "real_name", typed, text="")
        assert set(error.value.errors) == {"wished", "text"}
    with pytest.raises(Unusable) as error:
        ask(alice, RECORD, case.record_id, "kind", "no such choice")
    assert "wished" in error.value.errors
    ask(alice, RECORD, case.record_id, "province", "江苏省")
    with pytest.raises(Conflict):
        ask(alice, RECORD, case.record_id, "province", "安徽省")


def test_nobody_names_what_is_somebody_elses(alice, bob, case):
    for table, row in ((RECORD, case.record_id), (RECORD, "x"), ("security.Firm", 1), ("x", "")):
        with pytest.raises(Http404):
            ask(bob, table, row, "province", "江苏省")


def test_the_pages_show_every_table_and_keep_what_was_typed(client, alice, case):
    sign_in(client, alice)
    client.cookies["django_language"] = "en"
    for one in holdings.holdings_of(alice):
        page = client.get(f"/me/held/{one.label}/")
        assert page.status_code == 200, one.label
        row = holdings.entries_of(alice, holdings.model_of(one.label)).first()
        page = client.get(f"/me/held/{one.label}/{row.pk}/").content.decode()
        assert "Have it corrected" in page or "muted" in page
    address = f"/me/held/{RECORD}/{case.record_id}/province/"
    page = client.post(address, {"province": "x" * 900, "text": "My reason"})
    assert page.status_code == 422 and "My reason" in page.content.decode()
    assert client.post(address, {"province": "江苏省", "text": "My reason"}).status_code == 302
    page = client.get("/me/requests/").content.decode()
    assert "上海市" in page and "江苏省" in page


def test_a_section_costs_the_same_for_one_and_three(client, alice, case):
    sign_in(client, alice)
    costs = []
    for _turn in range(2):
        client.get(f"/me/held/{RECORD}/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/me/held/{RECORD}/")
        costs.append(len(asked))
        file_elsewhere(alice)
        file_elsewhere(alice)
    assert costs[0] == costs[1]
