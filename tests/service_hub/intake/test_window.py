"""An official takes an application in for somebody: same checks, number and clock as online."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms import services as form_services
from platform_core.capabilities.process.models import Task
from platform_core.capabilities.process.selectors import colleagues_for
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.access import may
from security.accounts.services import verify_identity
from service_hub.cases import selectors as cases
from service_hub.cases.models import Case
from service_hub.cases.services import file_values
from service_hub.cases.timeline import history
from service_hub.certificates.selectors import documents_of_case
from service_hub.certificates.services import issue_notices
from service_hub.intake import services
from service_hub.intake.models import Intake
from service_hub.intake.receipts import receipt_of
from service_hub.intake.services import Person
from tests.factories import (
    MAKER,
    actor_of,
    citizen_number,
    make_citizen,
    make_firm,
    make_official,
    sign_in,
)
from tests.service_hub.makers import (
    do,
    elsewhere_values,
    item_of,
    make_office,
    open_tasks,
    photo,
    rent_values,
)

pytestmark = pytest.mark.django_db
WANG = Person(name="王秀英", citizen_number=citizen_number(901), mobile="13800007788")


@pytest.fixture
def office(db):
    return make_office("medical_insurance")


@pytest.fixture
def item(office):
    return item_of("medical_insurance", "elsewhere")


def begin(clerk, item, person=WANG, **more) -> Intake:
    more = {"channel": "window", "window": "3 号窗口"} | more
    return services.begin_intake(actor=actor_of(clerk), item=item, person=person, **more)


def fill(clerk, intake, **changes) -> None:
    """Answer the pages as the clerk does."""
    values = _values(intake, changes)
    for page in ("you", "place"):
        form_services.save_page(actor=actor_of(clerk), draft=intake.draft, page=page, values=values)


def _values(intake, changes) -> dict:
    known = forms.plain_values(intake.draft)
    return {
        "name": known.get("name", ""),
        "citizen_number": known.get("citizen_number", ""),
        "mobile": known.get("mobile") or "13800002046",
        "area": "330106",
        "kind": "living",
        "province": "上海市",
        "from_on": "2026-11-20",
        "promise": True,
    } | changes


def send(clerk, intake, **changes) -> Case:
    fill(clerk, intake, **changes)
    return services.send_intake(actor=actor_of(clerk), intake=intake, draft=intake.draft).case


def test_a_person_without_an_account_gets_number_code_and_a_text_message(office, item):
    clerk = office["clerk"]
    intake = begin(clerk, item)
    known = forms.plain_values(intake.draft)
    assert known["name"] == WANG.name and known["citizen_number"] == WANG.citizen_number
    case = send(clerk, intake)
    assert (case.applicant, case.applicant_name, case.channel) == (None, WANG.name, "window")
    assert case.received_by == clerk and len(case.number) == 43 and len(case.follow_code) == 10
    assert cases.track(case.number, case.follow_code) == case
    assert not case.is_anonymous
    assert case.visits.get().window == "3 号窗口"
    line = history(case, cases.events_of(case))[-1]
    assert "3 号窗口" in line["title"] and "Shen" in line["who"]
    later = timezone.now() + timedelta(minutes=30)
    again = services.send_intake(actor=actor_of(clerk), intake=intake, draft=intake.draft, at=later)
    assert again.case == case and case.visits.count() == 1


def test_numbers_run_on_whatever_the_channel(office, item, alice):
    online = file_values(actor=actor_of(alice), item=item, values=elsewhere_values(alice)).case
    taken_in = send(office["clerk"], begin(office["clerk"], item))
    assert taken_in.number[:39] == online.number[:39]
    assert int(taken_in.number[39:]) == int(online.number[39:]) + 1


def test_who_has_an_account_finds_the_case_there_with_its_answers(office, item):
    number = citizen_number(902)
    carl = make_citizen("carl", verified=False, name="Carl", phone="13800003333")
    verify_identity(actor=MAKER, user=carl, real_name="陈立", citizen_number=number, source="test")
    intake = begin(office["clerk"], item, Person(name="陈 立", citizen_number=number))
    assert intake.applicant == carl and intake.citizen_number == ""
    assert "mobile" not in forms.plain_values(intake.draft)
    case = send(office["clerk"], intake)
    assert case.applicant == carl
    assert case in cases.cases_of(carl)
    assert may(carl, "view", case.record)
    assert not may(make_citizen("bob"), "view", case.record)


def test_stored_data_come_in_only_with_the_word_of_the_person(office, item):
    number = citizen_number(903)
    carl = make_citizen("carl", verified=False, name="Carl", phone="13800003333")
    verify_identity(actor=MAKER, user=carl, real_name="陈立", citizen_number=number, source="test")
    shown = Person(name="陈立", citizen_number=number)
    intake = begin(office["clerk"], item, shown, may_fill_in=True)
    assert forms.plain_values(intake.draft)["mobile"] == "13800003333"


def test_nobody_decides_on_what_they_took_in(office, item):
    clerk = office["clerk"]
    colleague = make_official("colleague", department=clerk.posts.first().department)
    case = send(clerk, begin(clerk, item))
    with pytest.raises(NotAllowed):
        do(case, user=clerk)
    assert clerk not in colleagues_for(colleague, open_tasks(case)[0])
    assert do(case, user=colleague).state == Case.State.APPROVED


def test_the_only_clerk_is_passed_over(office, item):
    case = send(office["clerk"], begin(office["clerk"], item))
    task = Task.objects.get(instance=case.process_id)
    assert task.assignee != office["clerk"]


@pytest.mark.parametrize(
    ("person", "field"),
    [
        (Person(name="王秀英", citizen_number="123"), "citizen_number"),
        (Person(name="", citizen_number=citizen_number(904)), "name"),
        (Person(name="王秀英", citizen_number=citizen_number(904), mobile="12"), "mobile"),
        (Person(credit_code="91330106"), "credit_code"),
        (Person(), "citizen_number"),
    ],
)
def test_what_was_entered_wrongly_is_said_at_its_field(office, item, person, field):
    with pytest.raises(Unusable) as refused:
        begin(office["clerk"], item, person)
    assert field in refused.value.errors


def test_another_name_for_a_known_number_is_refused(office, item):
    number = citizen_number(905)
    carl = make_citizen("carl", verified=False)
    verify_identity(actor=MAKER, user=carl, real_name="陈立", citizen_number=number, source="test")
    with pytest.raises(Unusable) as refused:
        begin(office["clerk"], item, Person(name="王秀英", citizen_number=number))
    assert list(refused.value.errors) == ["name"]


def test_only_clerks_of_the_office_or_of_a_hall(office, item):
    for user in (office["reviewer"], make_official("far", kind="education")):
        with pytest.raises(NotAllowed):
            begin(user, item)
    hall = make_official("hall", kind="service_bureau")
    assert begin(hall, item).department == hall.posts.first().department


def test_one_does_not_serve_oneself(office, item):
    clerk = office["clerk"]
    number = citizen_number(906)
    verify_identity(actor=MAKER, user=clerk, real_name="沈佳", citizen_number=number, source="test")
    with pytest.raises(NotAllowed):
        begin(clerk, item, Person(name="沈佳", citizen_number=number))


def test_a_wrong_answer_is_refused_as_online(office, item):
    with pytest.raises(Unusable) as refused:
        send(office["clerk"], begin(office["clerk"], item), province="")
    assert "province" in refused.value.errors


def test_an_item_of_firms_wants_a_firm(office):
    item = item_of("medical_insurance", "elsewhere")
    firm = make_firm()
    with pytest.raises(Unusable, match="for people"):
        begin(office["clerk"], item, Person(credit_code=firm.credit_code))


def test_the_case_becomes_the_persons_when_they_open_an_account(office, item):
    case = send(office["clerk"], begin(office["clerk"], item))
    eve = make_citizen("eve", verified=False, name="王秀英")
    verify_identity(
        actor=MAKER, user=eve, real_name=WANG.name, citizen_number=WANG.citizen_number, source="x"
    )
    case.refresh_from_db()
    assert case.applicant == eve and case.intake.bound_at
    assert may(eve, "own", case)


def test_documents_of_a_window_case_move_into_the_wallet(alice):
    clerk = make_office("housing_fund")["clerk"]
    intake = begin(clerk, item_of("housing_fund", "rent"))
    values = rent_values(
        alice, name=WANG.name, citizen_number=WANG.citizen_number,
        lease_photo=photo(actor_of(clerk)),
    )  # fmt: skip
    for page in forms.form_of(intake.draft).pages:
        form_services.save_page(
            actor=actor_of(clerk), draft=intake.draft, page=page.key, values=values
        )
    sent = services.send_intake(actor=actor_of(clerk), intake=intake, draft=intake.draft)
    issue_notices(actor=MAKER, case=sent.case, occasion="accepted")
    eve = make_citizen("eve", verified=False, name=WANG.name)
    verify_identity(
        actor=MAKER, user=eve, real_name=WANG.name, citizen_number=WANG.citizen_number, source="x"
    )
    papers = documents_of_case(sent.case)
    assert [one.holder_user for one in papers] == [eve]
    assert list(forms.files_of(sent.case.record))


def test_the_number_without_the_name_binds_nothing(office, item):
    case = send(office["clerk"], begin(office["clerk"], item))
    eve = make_citizen("eve", verified=False)
    verify_identity(
        actor=MAKER, user=eve, real_name="李四", citizen_number=WANG.citizen_number, source="x"
    )
    case.refresh_from_db()
    assert case.applicant is None


def test_a_code_opens_the_case_of_an_account_for_reading_only(office, item, client):
    number = citizen_number(907)
    carl = make_citizen("carl", verified=False)
    verify_identity(actor=MAKER, user=carl, real_name="陈立", citizen_number=number, source="test")
    shown = Person(name="陈立", citizen_number=number)
    case = send(office["clerk"], begin(office["clerk"], item, shown))
    client.post("/follow/", {"number": case.number, "code": case.follow_code})
    assert client.get(f"/cases/{case.pk}/").status_code == 200
    assert client.get(f"/cases/{case.pk}/withdraw/").status_code == 404


def test_nothing_is_sent_twice_and_a_sent_one_is_not_thrown_away(office, item):
    clerk = office["clerk"]
    intake = begin(clerk, item)
    send(clerk, intake)
    intake.refresh_from_db()
    with pytest.raises(Conflict):
        services.discard_intake(actor=actor_of(clerk), intake=intake, draft=intake.draft)


def test_the_receipt_is_a_pdf(office, item):
    intake = begin(office["clerk"], item)
    send(office["clerk"], intake)
    assert receipt_of(intake).startswith(b"%PDF-")


def test_the_desk_costs_the_same_for_one_and_three(office, item, client):
    clerk = office["clerk"]
    sign_in(client, clerk)
    counts = []
    for serial in (910, 911, 912):
        person = Person(name="王秀英", citizen_number=citizen_number(serial))
        send(clerk, begin(clerk, item, person))
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/office/intake/").status_code == 200
        counts.append(len(seen))
    assert counts[1] == counts[2]


def test_by_hand_through_the_pages(office, item, client):
    clerk = office["clerk"]
    sign_in(client, clerk)
    wrong = client.post("/office/intake/new/", {"channel": "window", "item": item.pk, "name": "王"})
    assert wrong.status_code == 422
    asked = {
        "channel": "phone", "item": item.pk, "name": WANG.name,
        "citizen_number": WANG.citizen_number,
    }  # fmt: skip
    at = client.post("/office/intake/new/", asked, follow=True)
    assert at.status_code == 200 and WANG.name in at.content.decode()
    intake = Intake.objects.get()
    fill(clerk, intake)
    assert client.get(f"/office/intake/{intake.pk}/check/").status_code == 200
    sent = client.post(f"/office/intake/{intake.pk}/check/", follow=True)
    assert sent.redirect_chain[-1][0].endswith("/receipt/")
    assert Case.objects.get().channel == "phone"
    pdf = client.get(f"/office/intake/{intake.pk}/receipt.pdf")
    assert pdf["Content-Type"] == "application/pdf"
