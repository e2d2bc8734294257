"""Applications that were sent twice: shown, put together, taken apart; nothing disappears."""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from platform_core.capabilities.forms import services as form_services
from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from service_hub.cases import selectors as cases
from service_hub.cases.answers import index_of_answers, normalised
from service_hub.cases.models import Case
from service_hub.cases.timeline import history
from service_hub.export import person_export
from service_hub.intake.duplicates import duplicates_of, merged_with, surviving
from service_hub.intake.merging import merge_cases, part_cases
from service_hub.intake.services import Person, begin_intake, send_intake
from tests.factories import actor_of, make_citizen, sign_in
from tests.service_hub.makers import do, elsewhere_values, file_elsewhere, make_office, open_tasks

from .test_window import fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return make_office("medical_insurance")


@pytest.fixture
def clerk(office):
    return office["clerk"]


def file_after(user, minutes: int = 0, **changes) -> Case:
    case = file_elsewhere(user, **changes)
    sent = timezone.now() + timedelta(minutes=minutes)
    Case.objects.filter(pk=case.pk).update(submitted_at=sent)
    case.refresh_from_db()
    return case


def merge(clerk, case, into, reason="两次提交的内容相同。", **more) -> Case:
    return merge_cases(actor=actor_of(clerk), case=case, into=into, reason=reason, **more)


def test_the_same_answers_are_found_whatever_their_spacing(clerk, alice):
    first = file_elsewhere(alice, province="上海市")
    again = file_elsewhere(alice, province=" 上海 市 ")
    other = file_elsewhere(alice, province="北京市")
    assert duplicates_of(clerk, again) == [first]
    assert duplicates_of(clerk, other) == []
    assert duplicates_of(clerk, file_elsewhere(make_citizen("bob"))) == []
    assert normalised("ＡＢ c") == "abc"


def test_merged_it_ends_and_leads_to_the_earlier_one(clerk, alice):
    first, again = file_after(alice), file_after(alice, 1)
    merged = merge(clerk, again, first)
    assert (merged.state, merged.merged_into) == (Case.State.MERGED, first)
    assert surviving(merged) == first and merged_with(first) == [merged]
    assert open_tasks(merged) == []
    assert cases.case_by_number(alice, merged.number) == merged
    line = history(merged, cases.events_of(merged))[0]
    assert first.number in line["title"] and line["note"].startswith("两次")
    assert again.number in " ".join(x["title"] for x in history(first, cases.events_of(first)))
    letter = Message.objects.filter(recipient=alice, template="case.merged").get()
    assert "twice" in letter.body["en"]
    assert Message.objects.filter(template="case.withdrawn").count() == 0


def pages_that_list(client, alice, clerk) -> tuple[str, int]:
    """Every place that lists cases by their state, as one text, with the queries it took."""
    with CaptureQueriesContext(connection) as taken:
        sign_in(client, alice)
        shown = client.get("/cases/").content.decode()
        shown += str(client.get("/api/v1/cases/").json())
        shown += str(person_export(actor=actor_of(alice)))
        sign_in(client, clerk)
        shown += client.get("/office/cases/?view=all").content.decode()
    return shown, len(taken)


def test_every_list_says_with_which_number_it_was_joined(client, clerk, alice):
    first, again = file_after(alice), file_after(alice, 1)
    merge(clerk, again, first)
    pages_that_list(client, alice, clerk)  # what is read once for all is read
    shown, one = pages_that_list(client, alice, clerk)
    assert shown.count(f"Joined with …{first.number[-12:]}") == 3
    assert shown.count(f"'joined_with': '{first.number}'") == 2
    assert "Withdrawn" not in shown.replace('<option value="withdrawn">Withdrawn', "")
    for minutes in (2, 3):
        merge(clerk, file_after(alice, minutes), first)
    _shown, three = pages_that_list(client, alice, clerk)
    assert three < one + 2


def test_taken_apart_on_the_same_day_it_goes_on(clerk, alice):
    first, again = file_after(alice), file_after(alice, 1)
    merged = merge(clerk, again, first)
    own = part_cases(actor=actor_of(clerk), case=merged, reason="是另一次就医。")
    own.refresh_from_db()
    assert (own.state, own.merged_into, own.number) == (Case.State.SUBMITTED, None, again.number)
    assert merged_with(first) == []
    assert do(own).state == Case.State.APPROVED
    assert do(first).state == Case.State.APPROVED


def test_on_the_next_day_or_after_the_end_it_stays_merged(clerk, alice):
    first, again = file_after(alice), file_after(alice, 1)
    merged = merge(clerk, again, first)
    tomorrow = timezone.now() + timedelta(days=1)
    with pytest.raises(Conflict, match="same day"):
        part_cases(actor=actor_of(clerk), case=merged, reason="", at=tomorrow)
    do(first)
    with pytest.raises(Conflict, match="same day"):
        part_cases(actor=actor_of(clerk), case=merged, reason="")


def test_what_may_not_be_merged(clerk, alice, office):
    first, again = file_after(alice), file_after(alice, 1)
    with pytest.raises(Unusable):
        merge(clerk, again, first, reason=" ")
    with pytest.raises(Conflict, match="earlier"):
        merge(clerk, first, again)
    with pytest.raises(Conflict, match="one person"):
        merge(clerk, file_after(make_citizen("bob"), 2), first)
    with pytest.raises(NotAllowed):
        merge(alice, again, first)
    do(first)
    with pytest.raises(Conflict, match="closed"):
        merge(clerk, again, first)


def test_who_took_one_in_does_not_merge_it(clerk, office, alice):
    first = file_after(alice)
    number = alice.identity.citizen_number
    intake = begin_intake(
        actor=actor_of(clerk), item=first.item,
        person=Person(name=alice.identity.real_name, citizen_number=number), channel="window",
    )  # fmt: skip
    fill(clerk, intake)
    again = send_intake(actor=actor_of(clerk), intake=intake, draft=intake.draft).case
    with pytest.raises(NotAllowed, match="colleague"):
        merge(clerk, again, first)


def test_nothing_disappears_whatever_is_merged_and_parted(clerk, alice):
    """Every number stays, is its own or leads to a running case, and no circle comes about."""
    dice = random.Random(7)
    filed = [file_after(alice, number) for number in range(5)]
    numbers = {case.number for case in filed}
    for _round in range(14):
        one, other = dice.sample(filed, 2)
        try:
            if dice.random() < 0.6:
                merge(clerk, Case.objects.get(pk=one.pk), Case.objects.get(pk=other.pk))
            else:
                part_cases(actor=actor_of(clerk), case=Case.objects.get(pk=one.pk), reason="x")
        except (Conflict, NotAllowed):
            pass
        now = list(Case.objects.all())
        assert {case.number for case in now} == numbers
        for case in now:
            last = surviving(case)
            assert last.merged_into_id is None and not last.is_ended
            assert case.is_ended == bool(case.merged_into_id)


def test_the_person_is_asked_before_sending_the_same_again(portal, clerk, alice):
    first = file_elsewhere(alice)
    values = {**elsewhere_values(alice), "from_on": timezone.localdate().isoformat()}
    draft = form_services.start_draft(
        actor=actor_of(alice), napp_version=first.item.napp_version, form_key=first.item.form_key,
        purpose=f"item:{first.item_id}",
    )  # fmt: skip
    for page in ("you", "place"):
        form_services.save_page(actor=actor_of(alice), draft=draft, page=page, values=values)
    client = portal(alice)
    asked = client.post(f"/apply/{draft.pk}/check/")
    assert asked.status_code == 409 and f"/cases/{first.pk}/" in asked.content.decode()
    assert Case.objects.count() == 1
    sent = client.post(f"/apply/{draft.pk}/check/", {"anyway": "1"})
    assert sent.status_code == 302 and Case.objects.count() == 2


def test_through_the_pages_of_the_office(client, clerk, alice):
    first, again = file_after(alice), file_after(alice, 1)
    sign_in(client, clerk)
    task = open_tasks(again)[0]
    assert "Sent twice?" in client.get(f"/office/tasks/{task.pk}/").content.decode()
    path = f"/office/intake/merge/{again.pk}/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"into": first.pk, "merge": "1"}).status_code == 422
    client.post(path, {"into": first.pk, "merge": "1", "reason": "内容相同。"})
    again.refresh_from_db()
    assert again.merged_into == first
    assert "Take them apart" in client.get(path).content.decode()
    client.post(path, {"part": "1", "reason": "不是一件事。"})
    again.refresh_from_db()
    assert again.merged_into is None


def test_the_applicants_page_leads_on(portal, clerk, alice):
    first, again = file_after(alice), file_after(alice, 1)
    merge(clerk, again, first)
    shown = portal(alice).get(f"/cases/{again.pk}/").content.decode()
    assert f"/cases/{first.pk}/" in shown and "another number" in shown


def test_without_answers_there_is_no_index():
    class Form:
        def questions(self):
            return []

    assert index_of_answers(Form(), {"x": "y"}) == ""
