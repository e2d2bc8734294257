"""What a step may do with the answers of the application: hidden, read, changed, filled in."""

import pytest

from platform_core.capabilities.forms.models import RecordRevision
from platform_core.capabilities.forms.selectors import plain_values, revision_values
from platform_core.napps.manifest import ManifestInvalid
from security.audit.models import AuditEntry

from ..makers import ACCEPT, DECIDE, FILL, make_case, make_napp, open_task, text

RIGHTS = {"mobile": "hidden", "place": "required", "name": "read_only"}


def html(response) -> str:
    return response.content.decode()


@pytest.fixture
def case(db):
    """A case at a desk that may not see the phone number and has to settle the place."""
    step = {**DECIDE, "assign": {"role": "desk"}, "fields": RIGHTS}
    return make_case(make_napp(step), place="by the gate")


def send(client, case, **data):
    task = open_task(case)
    sent = {"version": task.version, "action": "approve", **data}
    return client.post(f"/office/tasks/{task.pk}/act/", sent, follow=True)


def page_of(office, clerk, case) -> str:
    return html(office(clerk).get(f"/office/tasks/{open_task(case).pk}/"))


def test_a_hidden_answer_is_nowhere_on_the_page(office, clerk, case):
    page = page_of(office, clerk, case)
    assert "by the gate" in page and "Chen Ning" in page
    assert "Mobile number" not in page and "138" not in page


def test_a_hidden_answer_is_not_shown_in_full_either(office, clerk, case):
    task = open_task(case)
    reason = {"reason": "to call back the applicant"}
    page = html(office(clerk).post(f"/office/tasks/{task.pk}/unmask/", reason))
    assert plain_values(case.record)["number"] in page and "13812342046" not in page
    read = AuditEntry.objects.filter(verb="read").latest("id")
    assert "mobile" not in str(read.after)


def test_what_the_step_changes_is_kept_with_who_and_what_stood_there(office, clerk, case):
    answer = send(office(clerk), case, _open="1", _shown="place", place="Stall 12, east row")
    assert answer.status_code == 200, html(answer)
    record = case.record
    record.refresh_from_db()
    assert plain_values(record)["place"] == "Stall 12, east row" and record.version == 2
    before = RecordRevision.objects.get(record=record)
    assert revision_values(before)["place"] == "by the gate"
    assert before.changed == ["place"] and before.actor == clerk
    assert AuditEntry.objects.filter(verb="record.corrected").exists()


def test_an_answer_that_is_required_must_be_there(office, clerk, case):
    answer = send(office(clerk), case, _open="1", _shown="place", place="", opinion="fine by me")
    page = html(answer)
    assert answer.status_code == 422 and "Fill in: Where" in page
    assert 'href="#id_place"' in page and 'id="id_place"' in page and "fine by me" in page
    assert open_task(case).state == "open"


def test_what_was_typed_wrong_stays_typed(office, clerk, case):
    typed = "x" * 101
    page = html(send(office(clerk), case, _open="1", _shown="place", place=typed))
    assert typed in page and "Shorten this" in page
    case.record.refresh_from_db()
    assert plain_values(case.record)["place"] == "by the gate"


def test_nothing_else_can_be_changed_that_way(office, clerk, case):
    send(office(clerk), case, _open="1", _shown="place", place="there", name="Mallory")
    case.record.refresh_from_db()
    after = plain_values(case.record)
    assert (after["place"], after["name"]) == ("there", "Chen Ning")


def test_programs_see_and_change_the_same(office, clerk, case):
    task, client = open_task(case), office(clerk)
    found = client.get(f"/api/v1/tasks/{task.pk}/").json()
    assert "mobile" not in {one.get("key") for one in found["answers"]}
    assert "138" not in str(found["answers"])
    sent = {"action": "approve", "version": task.version, "data": {"place": ""}}
    answer = client.post(f"/api/v1/tasks/{task.pk}/actions/", sent, content_type="application/json")
    assert answer.status_code in (400, 422) and "place" in str(answer.json())
    sent["data"] = {"place": "Stall 9"}
    answer = client.post(f"/api/v1/tasks/{task.pk}/actions/", sent, content_type="application/json")
    assert answer.status_code == 200, answer.json()
    case.record.refresh_from_db()
    assert plain_values(case.record)["place"] == "Stall 9"


@pytest.mark.parametrize(
    ("step", "place", "words"),
    [
        ({**ACCEPT, "fields": {"nothing": "hidden"}}, "fields.nothing", "no field"),
        ({**ACCEPT, "fields": {"mobile": "editable"}}, "fields.mobile", "Only the applicant"),
        ({**ACCEPT, "fields": {"photos": "required"}}, "fields.photos", "Only the applicant"),
        ({**ACCEPT, "mode": "all", "fields": {"place": "editable"}}, "fields.place", "one person"),
        ({**FILL, "fields": {"place": "required"}}, "fields.place", "one person"),
        ({**ACCEPT, "fields": {"place": "secret"}}, "fields", "hidden"),
    ],
)
def test_rights_that_cannot_be_are_refused(db, step, place, words):
    with pytest.raises(ManifestInvalid) as refused:
        make_napp(step, {**DECIDE, "title": text("Decide")})
    found = {str(problem): problem for problem in refused.value.problems}
    assert any(place in said and words in said for said in found), found
