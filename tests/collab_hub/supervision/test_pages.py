"""The pages: who reads what, faults at their fields, the log that cannot be changed unseen."""

import pgtrigger
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collab_hub.supervision import selectors, services
from collab_hub.supervision.models import Evidence, Supervision, SupervisionLine
from tests.factories import actor_of, make_auditor, make_department

from ..makers import make_case, make_napp, open_task
from .makers import doer, judged, opened, proposed, signed, supervisor

pytestmark = pytest.mark.django_db


def html(response) -> str:
    return response.content.decode()


def at(item, part: str = "") -> str:
    return f"/office/supervision/{item.pk}/{part}"


def test_both_organs_and_those_above_read_it_and_nobody_else(office):
    above = doer("gu", "government")
    item = opened(lead=make_department("housing", parent=make_department("government")))
    readers = [supervisor(), doer(), above, make_auditor()]
    strangers = [doer("mallory", "education")]
    for person, status in [(one, 200) for one in readers] + [(one, 404) for one in strangers]:
        assert office(person).get(at(item)).status_code == status, person
        listed = "Lifts" in html(office(person).get("/office/supervision/?box=all"))
        assert listed == (status == 200), person
    # What was only proposed is the supervising organ's own.
    wish = proposed(title={"zh": "尚未立项", "en": "Not yet"})
    assert office(doer()).get(at(wish)).status_code == 404


def test_faults_stand_at_their_fields_with_what_was_typed(office):
    item = signed()
    client = office(doer())
    sent = {"act": "ask_extension", "ask_extension-until_on": "2020-01-01",
            "ask_extension-reason": "The grid is late."}  # fmt: skip
    answer = client.post(at(item), sent)
    page = html(answer)
    assert answer.status_code == 422 and "The grid is late." in page
    assert 'href="#id_ask_extension-until_on"' in page
    assert not item.extensions.exists()
    for wrong in ({"act": "nothing"}, {}, {"act": "accept", "accept-verdict": "done",
                                           "accept-text": "x"}):  # fmt: skip
        assert client.post(at(item), wrong, follow=True).status_code == 200
    item.refresh_from_db()
    assert item.state == "doing"


def test_a_matter_goes_its_whole_way_on_the_pages(office):
    client = office(supervisor())
    lead = make_department("housing")
    sent = {"kind": "public", "title": "Kitchen fumes", "requirement": "Filters for all.",
            "lead": lead.pk, "due_on": "2099-01-01"}  # fmt: skip
    wrong = client.post("/office/supervision/new/", sent)
    assert wrong.status_code == 422 and "within three years" in html(wrong)
    sent["due_on"] = ""
    assert client.post("/office/supervision/new/", sent).status_code == 422
    day = str(opened().due_at.date())
    client.post("/office/supervision/new/", sent | {"due_on": day})
    item = Supervision.objects.get(title__zh="Kitchen fumes")
    steps = [
        ("zhou", {"act": "open", "open-lead": lead.pk, "open-due_on": day,
                  "open-requirement": "Filters."}),
        ("li", {"act": "sign"}),
        ("li", {"act": "progress", "progress-note": "Half.", "progress-percent": "50"}),
        ("li", {"act": "report", "report-note": "All have filters."}),
        ("zhou", {"act": "accept", "accept-verdict": "done", "accept-text": "Seen."}),
        ("li", {"act": "content"}),
        ("zhou", {"act": "write_summary", "write_summary-title": "Clean air",
                  "write_summary-text": "Filters everywhere."}),
        ("sun", {"act": "let_out", "let_out-answer": ""}),
        ("sun", {"act": "archive"}),
    ]  # fmt: skip
    for who, step in steps:
        person = doer() if who == "li" else supervisor(who)
        assert office(person).post(at(item), step).status_code == 302, step
    item.refresh_from_db()
    assert item.state == "archived"
    assert "Filters everywhere." in html(client.get("/supervision/"))
    printed = html(client.get(at(item, "print/")))
    assert "All have filters." in printed and "50 % done" in printed and "none missing" in printed
    pdf = client.get(at(item, "record.pdf"))
    assert pdf.headers["Content-Type"] == "application/pdf" and pdf.content[:5] == b"%PDF-"


@pytest.mark.parametrize("harm", ["change", "cut"])
def test_a_log_that_was_changed_or_cut_off_is_found(office, harm):
    item = judged()
    line = item.lines.get(kind="report") if harm == "change" else item.lines.last()
    with pgtrigger.ignore("collab_hub.SupervisionLine:append_only"):
        if harm == "change":
            SupervisionLine.objects.filter(pk=line.pk).update(note="Nothing was done.")
        else:
            line.delete()
    assert selectors.log_fault(item, selectors.lines_of(item)) == line.seq
    assert "The log was changed" in html(office(doer()).get(at(item)))


def test_proof_is_taken_from_the_log_of_a_case(office):
    item = opened(lead=make_department("market"))
    clerk = doer("qian", "market")
    services.sign_supervision(actor=actor_of(clerk), item=item)
    case = make_case(make_napp(), starter=None)
    task = open_task(case)
    client = office(clerk)
    found = html(client.get(at(item, "proof/"), {"kind": "process"}))
    assert str(case.pk) not in found
    task.assignee = clerk
    task.save()
    address = f"{at(item, 'proof/')}?kind=process&object={case.pk}"
    assert case.subject_number in html(client.get(at(item, "proof/"), {"kind": "process"}))
    page = html(client.get(address))
    assert "Sent by the applicant" in page
    assert client.post(address, {}).status_code == 422
    event = case.events.first()
    client.post(address, {"key": f"process-{event.pk}"})
    kept = Evidence.objects.get()
    assert [line["key"] for line in kept.lines] == [f"process-{event.pk}"]
    assert "Sent by the applicant" in html(client.get(at(item)))
    assert office(supervisor()).get(at(item, "proof/")).status_code == 404


def test_lists_ask_as_often_for_three_as_for_one(office):
    client = office(supervisor())
    counts = []
    for more in (1, 2):
        for _one in range(more):
            signed(assisting=[make_department("market")])
        client.get("/office/supervision/?box=owned")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/office/supervision/?box=owned").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1], counts
