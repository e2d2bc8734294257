"""The pages of the government service platform on bad days: a session that has ended, a second
press, a page that somebody else has overtaken. Nothing written is lost, and it is said what
happened.
"""

from dataclasses import dataclass, field
from datetime import time, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.utils import timezone

from platform_core.common.spreadsheets import write_xlsx
from security.actors import Actor
from service_hub.booking import hall_services
from service_hub.booking.models import Appointment
from service_hub.bulk.models import Batch
from service_hub.bundles.models import BundleCase
from service_hub.evaluations.models import Evaluation
from service_hub.evaluations.services import rate_visit, record_visit
from service_hub.evaluations.tokens import token_of
from service_hub.handling.models import Extension
from service_hub.inquiries import services as inquiries
from service_hub.inquiries.models import Question
from service_hub.intake.models import Intake
from service_hub.personal_data.models import DataRequest
from tests.factories import (
    MAKER,
    actor_of,
    citizen_number,
    make_citizen,
    make_region,
    sign_in,
)
from tests.service_hub.booking.makers import first_line, make_hall
from tests.service_hub.bulk.test_batches import GOOD, TITLES
from tests.service_hub.bundles.makers import begun, fill, open_birth
from tests.service_hub.firms.makers import make_members
from tests.service_hub.handling.makers import accepted, office_with_head
from tests.service_hub.intake.test_merging import file_after
from tests.service_hub.makers import item_of, make_office

pytestmark = pytest.mark.django_db
WHY = "两份申请写的是同一件事，已经电话核实。"


@dataclass
class Deed:
    """What somebody sends from a page, and the rows that come of it."""

    user: object
    path: str
    sent: dict
    rows: type[Model]
    firm: object = None
    filters: dict = field(default_factory=dict)
    wrote: str = WHY

    def count(self) -> int:
        return self.rows.objects.filter(**self.filters).count()


def window_intake() -> Deed:
    clerk = make_office("medical_insurance")["clerk"]
    sent = {
        "channel": "window", "window": "3 号窗口", "name": "王秀英",
        "item": item_of("medical_insurance", "elsewhere").pk,
        "citizen_number": citizen_number(970),
    }  # fmt: skip
    return Deed(clerk, "/office/intake/new/", sent, Intake, wrote="王秀英")


def appointment() -> Deed:
    hall, tomorrow = make_hall(), timezone.localdate() + timedelta(days=1)
    hall_services.close_day(
        actor=MAKER, hall=hall, on=tomorrow, opens=time(9), closes=time(17), reason="照常开放"
    )
    at = timezone.make_aware(timezone.datetime.combine(tomorrow, time(9)))
    line, person = first_line(hall), make_citizen("booker", phone="13800002046")
    path = f"/appointments/new/{hall.code}/{line.pk}/"
    return Deed(person, path, {"slot": at.isoformat()}, Appointment, wrote="")


def question() -> Deed:
    make_office("service_bureau")
    person = make_citizen("asker")
    return Deed(person, "/questions/ask/", {"text": WHY, "region": "330106"}, Question)


def data_request(kind: str) -> Deed:
    person = make_citizen(f"{kind}-asker")
    return Deed(person, "/me/requests/", {"kind": kind, "text": WHY}, DataRequest)


def batch() -> Deed:
    make_region("330106")
    office, item = make_office("social_security"), item_of("employment", "refund")
    firm, people = make_members()
    assert office
    path = f"/enterprise/firm/batches/new/{item.napp.slug}/{item.key}/"
    return Deed(people["legal"], path, {}, Batch, firm=firm, wrote="jobs.xlsx")


def life_event() -> Deed:
    person = make_citizen("mother", phone="13800002046")
    draft = fill(person, begun(person, open_birth()))
    return Deed(person, f"/apply/{draft.pk}/check/", {}, BundleCase, wrote="")


def merge() -> Deed:
    office, person = make_office("medical_insurance"), make_citizen("twice")
    first, again = file_after(person), file_after(person, 1)
    sent = {"into": first.pk, "merge": "1", "reason": WHY}
    path = f"/office/intake/merge/{again.pk}/"
    known = {"merged_into": first.pk}
    return Deed(office["clerk"], path, sent, type(first), filters=known)


def extension() -> Deed:
    office = office_with_head()
    case = accepted(make_citizen("waiting"), timezone.now())
    soon = timezone.now() + timedelta(days=3)
    type(case).objects.filter(pk=case.pk).update(promise_due_at=soon)
    case.refresh_from_db()
    sent = {"days": "3", "reason": WHY, "version": case.version}
    return Deed(office["reviewer"], f"/office/cases/{case.pk}/extend/", sent, Extension)


DEEDS = {
    "window intake": window_intake,
    "appointment": appointment,
    "question": question,
    "complaint": lambda: data_request("look"),
    "deletion": lambda: data_request("deletion"),
    "batch": batch,
    "life event": life_event,
    "merge": merge,
    "extension": extension,
}
each = pytest.mark.parametrize("make", DEEDS.values(), ids=DEEDS)


def press(client, deed: Deed, **more):
    """What the browser is answered in the end."""
    sent = dict(deed.sent) | more
    if deed.rows is Batch:
        content = write_xlsx("x", TITLES, [GOOD])
        sent["file"] = SimpleUploadedFile("jobs.xlsx", content)
    return client.post(deed.path, sent)


@each
def test_a_session_that_has_ended_loses_nothing(make, client):
    deed = make()
    sign_in(client, deed.user, firm=deed.firm)
    client.get("/")
    Session.objects.all().delete()
    answer = press(client, deed)
    assert answer.status_code == 302 and "/accounts/login/?next=" in answer["Location"]
    assert deed.count() == 0
    sign_in(client, deed.user, firm=deed.firm)
    page = client.get(deed.path)
    if page.templates[0].name == "resend.html":
        assert deed.wrote in page.content.decode()
        press(client, deed, **dict(page.context["sent"]))
    else:  # a draft: it is kept as it stands, and its last page is shown again
        assert deed.rows is BundleCase
        press(client, deed)
    assert deed.count() == 1


@each
def test_a_second_press_does_it_once_and_says_so(make, client):
    deed = make()
    sign_in(client, deed.user, firm=deed.firm)
    first, second = press(client, deed), press(client, deed)
    assert deed.count() == 1
    assert first.status_code == 302
    if second.status_code == 302:
        where = first["Location"], second["Location"]
        assert where[0] == where[1] or client.get(where[1]).status_code == 200
    else:
        said = second.content.decode()
        assert (second.status_code in {409, 422} and 'class="err"' in said) or 'class="note' in said
        assert WHY in said


def test_a_colleague_was_faster_at_the_merge(client):
    deed = merge()
    sign_in(client, deed.user)
    press(client, deed)
    client.get(deed.path)
    page = client.post(deed.path, deed.sent | {"into": "", "reason": "另一种说法。"}, follow=True)
    assert "No running case says the same" in page.content.decode()
    assert "另一种说法。" in page.content.decode()
    client.post(deed.path, {"part": "1"})
    assert deed.count() == 1  # without a reason nothing is taken apart
    client.post(deed.path, {"part": "1", "reason": WHY})
    assert deed.count() == 0
    again = client.post(deed.path, {"part": "1", "reason": WHY}, follow=True)
    assert "It is a case of its own already" in again.content.decode()
    assert WHY in again.content.decode()


def test_a_slot_that_was_taken_meanwhile_keeps_what_was_typed(client):
    deed = appointment()
    for name in ("a", "b"):
        person = make_citizen(name, phone="13800002047")
        sign_in(client, person)
        press(client, deed)
    client.logout()
    client.cookies.clear()
    client.cookies["gov_language"] = "en"
    page = press(client, deed, name="王秀英", mobile="13800007788")
    assert page.status_code == 422
    said = page.content.decode()
    assert "taken a moment ago" in said and 'value="王秀英"' in said and "13800007788" in said


def test_a_question_that_a_colleague_answered_gives_the_answer_back(client):
    office = make_office("service_bureau")
    asked = inquiries.ask_question(
        actor=actor_of(make_citizen("asker")), region=make_region("330106"), text=WHY
    )
    to = {"actor": actor_of(office["clerk"]), "question": asked}
    inquiries.answer_question(**to, text="周六也开门。")
    sign_in(client, office["reviewer"])
    mine = "周六上午开门，请带身份证。"
    page = client.post(
        f"/office/questions/{asked.pk}/", {"act": "answer", "answer": mine}, follow=True
    )
    assert "already answered" in page.content.decode() and mine in page.content.decode()


def test_a_visit_that_was_rated_meanwhile_gives_the_words_back(client):
    clerk = make_office("housing_fund")["clerk"]
    visit = record_visit(actor=actor_of(clerk), window="3 号窗口")
    rate_visit(actor=Actor.anonymous(ip="127.0.0.1"), visit=visit, grade=5)
    path = f"/rate/{token_of(visit.pk)}/"
    page = client.post(path, {"score": "1", "send": "1", "text": WHY}, follow=True)
    assert "rated already" in page.content.decode() and WHY in page.content.decode()
    assert Evaluation.objects.count() == 1


def test_a_draft_that_was_thrown_away_in_another_window_says_so(client):
    deed = window_intake()
    sign_in(client, deed.user)
    press(client, deed)
    intake = Intake.objects.get()
    client.post(f"/office/intake/{intake.pk}/discard/")
    page = client.post(f"/office/intake/{intake.pk}/page/place/", {"province": "上海市"})
    assert page.status_code == 404 and "上海市" in page.content.decode()
