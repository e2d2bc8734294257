"""What people ask about their data: clocks, two persons, and what is really deleted."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.forms.models import Draft, ForgottenAnswer
from platform_core.capabilities.forms.services import start_draft
from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.outbox.models import OutboxMessage
from platform_core.common.outbox.services import deliver, lease_due
from security.accounts.mandate_services import give_mandate
from security.accounts.services import grant_mandate, verify_identity
from security.audit.models import AuditEntry
from security.privacy import consents
from service_hub.booking.models import Slot
from service_hub.booking.services import book_appointment
from service_hub.cases.models import Case
from service_hub.personal_data import hold_services, selectors, services
from service_hub.personal_data.holdings import holdings_of
from service_hub.personal_data.keeping import GROUND_OF
from service_hub.personal_data.models import DataRequest
from tests.factories import MAKER, actor_of, make_admin, make_citizen, make_firm, sign_in
from tests.service_hub.booking.makers import NOW as THEN
from tests.service_hub.booking.makers import at, first_line, make_hall
from tests.service_hub.makers import do, file_elsewhere, file_rent, make_office, photo

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 18, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
ADDRESS = "/office/data-requests/"


@pytest.fixture
def officers(db):
    return make_admin("guard-one"), make_admin("guard-two")


def asked(user, kind: str, at=NOW, text="Please do.") -> DataRequest:
    return services.ask_request(actor=actor_of(user), kind=kind, text=text, at=at)


def deliver_all() -> None:
    for message in lease_due():
        deliver(message_id=message)


def answered(officer, request, is_granted=True) -> DataRequest:
    return services.answer_request(
        actor=actor_of(officer), request=request, is_granted=is_granted, reason="By the law."
    )


def test_terms_of_thirty_days_and_fifteen_working_days(alice):
    assert asked(alice, "deletion").due_at == NOW + timedelta(days=30)
    # A Sunday and a Saturday work, the days around 1 October are off.
    due = asked(alice, "closure").due_at
    assert due.astimezone(NOW.tzinfo).isoformat() == "2026-10-15T18:00:00+08:00"


def test_a_look_is_answered_by_one_person_with_a_reason(alice, officers):
    request = asked(alice, "look")
    with pytest.raises(Unusable):
        services.answer_request(
            actor=actor_of(officers[0]), request=request, is_granted=True, reason=" "
        )
    assert answered(officers[0], request).state == "granted"
    assert Message.objects.filter(recipient=alice, template="data_request.answered").exists()
    with pytest.raises(Conflict):
        answered(officers[1], request)


@pytest.fixture
def held(alice):
    """A draft, messages and a consent of Alice's, and a case that has ended."""
    make_office("medical_insurance")
    case = do(file_elsewhere(alice))
    item = case.item
    start_draft(
        actor=actor_of(alice),
        napp_version=item.napp_version,
        form_key="filing",
        purpose=f"item:{item.pk}",
    )
    consents.give_consent(actor=actor_of(alice), key="earlier_answers")
    return case


def test_a_deletion_needs_two_people_and_keeps_what_the_law_keeps(alice, officers, held):
    first, second = officers
    request = answered(first, asked(alice, "deletion"))
    assert request.state == "proposed" and Draft.objects.filter(user=alice).exists()
    with pytest.raises(NotAllowed):
        services.confirm_request(actor=actor_of(first), request=request, is_confirmed=True)
    services.confirm_request(actor=actor_of(second), request=request, is_confirmed=True)
    assert not Draft.objects.filter(user=alice, submitted_at=None).exists()
    assert [one.template for one in Message.objects.filter(recipient=alice)] == [
        "data_request.answered"
    ]
    assert not consents.consents_of(alice).filter(withdrawn_at=None).exists()
    assert Case.objects.filter(pk=held.pk, applicant=alice).exists()
    assert AuditEntry.objects.filter(verb="data_request.decide").count() == 1


def test_a_refused_deletion_deletes_nothing(alice, officers, held):
    request = answered(officers[0], asked(alice, "deletion"), is_granted=False)
    services.confirm_request(actor=actor_of(officers[1]), request=request, is_confirmed=True)
    request.refresh_from_db()
    assert request.state == "refused" and Draft.objects.filter(user=alice).exists()


def test_sent_back_it_waits_for_an_answer_again(alice, officers):
    request = answered(officers[0], asked(alice, "deletion"))
    services.confirm_request(actor=actor_of(officers[1]), request=request, is_confirmed=False)
    request.refresh_from_db()
    assert (request.state, request.proposed_by, request.reason) == ("asked", None, "")


def test_an_account_is_closed_by_two_and_nothing_unnamed_stays(client, alice, officers, held):
    """What is left of the person afterwards is only what was named with its ground and date."""
    bob = make_citizen("bob")
    give_mandate(actor=actor_of(alice), agent=bob, relation="child")
    grant_mandate(actor=MAKER, firm=make_firm(), user=alice)
    line = first_line(make_hall())
    appointment = book_appointment(actor=actor_of(alice), line=line, starts_at=at(9), at=THEN)
    loose = StoredFile.objects.get(pk=photo(actor_of(alice))[0])
    sign_in(client, alice)
    number = alice.identity.citizen_number
    ForgottenAnswer.objects.create(
        user=alice, napp=held.item.napp, form_key="filing", field="mobile", at=NOW
    )
    request = answered(officers[0], asked(alice, "closure"))
    services.confirm_request(actor=actor_of(officers[1]), request=request, is_confirmed=True)

    alice.refresh_from_db()
    assert (alice.is_active, alice.email, alice.phone, alice.name) == (False, "", "", "")
    assert alice.username.startswith("closed-") and not alice.has_usable_password()
    assert client.get("/me/").status_code == 302  # to sign in
    # Messages go: the last one, a month later.
    left = {one.label for one in holdings_of(alice)} - {
        "platform_core.Message", "platform_core.Delivery",
    }  # fmt: skip
    assert left <= set(GROUND_OF), left - set(GROUND_OF)
    request.refresh_from_db()
    kept = request.outcome["kept"]
    # No day is promised on which nobody deletes anything.
    assert left <= {one["table"] for one in kept} and set(kept[0]) == {"table", "count", "ground"}
    assert not ForgottenAnswer.objects.filter(user=alice).exists()
    appointment.refresh_from_db()
    assert (appointment.state, appointment.name, appointment.person) == ("cancelled", "", None)
    assert Slot.objects.get(line=line).taken == 0
    assert not StoredFile.objects.filter(pk=loose.pk).exists()
    deliver_all()
    assert not default_storage.exists(loose.path)
    last = Message.objects.get(recipient=alice)
    assert "Archives Law" in last.body["en"] and "alice" not in json.dumps(last.body)
    # The identity number is free again.
    verify_identity(
        actor=MAKER, user=make_citizen("new", verified=False), real_name="陈宁",
        citizen_number=number,
    )  # fmt: skip


def test_the_last_word_leaves_by_mail_although_the_address_is_gone(
    alice, officers, held, mailoutbox
):
    request = answered(officers[0], asked(alice, "closure"))
    services.confirm_request(actor=actor_of(officers[1]), request=request, is_confirmed=True)
    deliver_all()
    assert [one.to for one in mailoutbox][-1] == ["alice@example.org"]
    assert not OutboxMessage.objects.filter(state="ready", due_at__lte=timezone.now()).exists()


def test_whom_a_firm_needs_stays_until_it_has_another(alice, officers):
    grant_mandate(actor=MAKER, firm=make_firm(), user=alice, role="legal")
    with pytest.raises(Conflict):
        asked(alice, "closure")


def test_a_hold_forbids_the_deletion_until_it_is_lifted(alice, officers, held):
    request = answered(officers[0], asked(alice, "deletion"))
    hold = hold_services.place_hold(
        actor=actor_of(officers[0]), whom="alice", reason="Case 7 of the court."
    )
    with pytest.raises(Conflict):
        services.confirm_request(actor=actor_of(officers[1]), request=request, is_confirmed=True)
    assert Draft.objects.filter(user=alice, submitted_at=None).exists()
    hold_services.lift_hold(actor=actor_of(officers[1]), hold=hold)
    services.confirm_request(actor=actor_of(officers[1]), request=request, is_confirmed=True)
    assert not Draft.objects.filter(user=alice, submitted_at=None).exists()


def test_no_account_is_closed_while_a_case_runs(alice, officers, held):
    request = answered(officers[0], asked(alice, "closure"))
    make_office("housing_fund")
    file_rent(alice)
    with pytest.raises(Conflict):
        services.confirm_request(actor=actor_of(officers[1]), request=request, is_confirmed=True)
    with pytest.raises(Conflict):
        asked(alice, "closure")
    alice.refresh_from_db()
    assert alice.is_active


def test_the_same_deletion_is_under_way_once(alice):
    asked(alice, "deletion")
    with pytest.raises(Conflict):
        asked(alice, "deletion")
    assert selectors.requests_of(alice).count() == 1


def test_the_person_asks_on_the_page_and_what_was_typed_stays(client, alice):
    sign_in(client, alice)
    client.cookies["django_language"] = "en"
    page = client.post("/me/requests/", {"text": "My street is wrong"})
    assert page.status_code == 422 and "My street is wrong" in page.content.decode()
    assert client.post("/me/requests/", {"kind": "correction", "text": "x"}).status_code == 422
    assert client.post("/me/requests/", {"kind": "look", "text": "x"}).status_code == 302
    assert "messages" not in client.cookies
    assert "answered by" in client.get("/me/requests/").content.decode()


def test_officials_without_the_task_do_not_find_the_page(client, alice, officers):
    request = asked(alice, "look")
    clerk = make_office("housing_fund")["clerk"]
    for user in (alice, clerk):
        sign_in(client, user)
        assert client.get(ADDRESS).status_code == 404
    with pytest.raises(NotAllowed):
        answered(clerk, request)


def test_the_office_answers_on_its_page(client, alice, officers):
    request = asked(alice, "look")
    sign_in(client, officers[0])
    client.cookies["django_language"] = "en"
    assert "Please do." in client.get(ADDRESS).content.decode()
    sent = {"request": str(request.pk), "act": "grant", "reason": ""}
    assert client.post(ADDRESS, sent).status_code == 422
    assert client.post(ADDRESS, sent | {"reason": "It was wrong."}).status_code == 302
    request.refresh_from_db()
    assert request.state == "granted"
    assert client.post(ADDRESS, {"request": "no", "act": "grant"}).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    client, alice, officers, number, django_assert_max_num_queries
):
    for one in range(number):
        asked(alice, "look", text=f"Look {one}.")
    sign_in(client, officers[0])
    client.get(ADDRESS)
    with django_assert_max_num_queries(22):
        client.get(ADDRESS)
