"""Numbers, two people, clocks at their boundaries, who waits and who is told."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from collab_hub.inbox.acting import act_on_work
from collab_hub.inbox.models import WorkItem
from collab_hub.supervision import services
from collab_hub.supervision.extension_services import ask_extension, decide_extension
from collab_hub.supervision.forms import form_of
from collab_hub.supervision.models import PublicSummary, Supervision
from collab_hub.supervision.selectors import light_of, published_summaries
from collab_hub.supervision.summary_services import decide_summary, write_summary
from collab_hub.supervision.tasks import sweep_supervision
from collab_hub.supervision.verdict_services import (
    accept_report,
    archive_supervision,
    conclude_late,
    decide_objection,
    object_to_verdict,
    send_back,
)
from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.organs.services import appoint
from tests.factories import LONG_AGO, MAKER, actor_of, make_department

from .makers import doer, judged, opened, owner, proposed, reported, signed, supervisor

SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.django_db


def at(day: int, hour: int = 10, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=timezone.get_current_timezone())


def waiting(item) -> set[tuple[str, str]]:
    found = WorkItem.objects.filter(object_id=item.pk, state="open")
    return {(one.kind, one.pool_department.kind) for one in found}


def test_a_second_person_opens_it_and_numbers_have_no_gaps():
    item = proposed(at=at(2))
    given = {
        "item": item, "lead": item.lead, "requirement": "x", "due_on": at(20).date(), "at": at(2),
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        services.open_supervision(actor=actor_of(supervisor("sun")), **given)
    zhou = actor_of(supervisor("zhou"))
    with pytest.raises(Unusable) as wrong:
        services.open_supervision(actor=zhou, **{**given, "due_on": at(2).date(), "lead": None})
    assert set(wrong.value.errors) == {"due_on", "lead"}
    with pytest.raises(RuntimeError), transaction.atomic():
        services.open_supervision(actor=zhou, **given)
        raise RuntimeError
    numbers = [services.open_supervision(actor=zhou, **given).number, opened(at=at(3)).number]
    assert [number[-5:] for number in numbers] == ["26\u30151\u53f7", "26\u30152\u53f7"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Supervision.objects.filter(pk=item.pk).update(opened_by=supervisor("sun"))


def test_who_works_for_both_sides_judges_nothing():
    both = supervisor("both")
    appoint(actor=MAKER, user=both, department=make_department("housing"), title="x",
            duties=["clerk"], valid_from=LONG_AGO)  # fmt: skip
    item = reported()
    with pytest.raises(NotAllowed):
        accept_report(actor=actor_of(both), item=item, verdict="done", text="Fine.")


def test_more_time_is_asked_for_until_the_day_and_decided_by_the_other_side():
    item = signed(at=at(2))
    assert item.due_at == at(22, 18)
    wish = {"item": item, "until_on": at(30).date(), "reason": "The grid is late."}
    with pytest.raises(Conflict):
        ask_extension(actor=actor_of(doer()), **wish, at=item.due_at + SECOND)
    with pytest.raises(Unusable) as wrong:
        ask_extension(actor=actor_of(doer()), **{**wish, "until_on": at(22).date()}, at=at(10))
    assert set(wrong.value.errors) == {"until_on"}
    ask_extension(actor=actor_of(doer()), **wish, at=item.due_at)
    assert ("supervision_extension", "service_bureau") in waiting(item)
    with pytest.raises(NotAllowed):
        decide_extension(actor=actor_of(doer()), item=item, is_granted=True)
    # While it waits nobody concludes that nothing was done.
    with pytest.raises(Conflict):
        conclude_late(actor=actor_of(supervisor()), item=item, text="Late.", at=at(25))
    with pytest.raises(Unusable):
        decide_extension(actor=actor_of(supervisor()), item=item, is_granted=False, at=at(23))
    assert light_of(item, at(23))["level"] == "r"
    item = decide_extension(actor=actor_of(supervisor()), item=item, is_granted=True, at=at(23))
    assert item.due_at == at(30, 18) and light_of(item, at(23))["level"] == "g"
    assert light_of(item, item.warn_at)["level"] == "y"
    assert waiting(item) == {("supervision_do", "housing")}
    work = WorkItem.objects.get(object_id=item.pk, kind="supervision_do", state="open")
    assert work.due_at == item.due_at and work.warn_at == item.warn_at


def test_a_report_that_is_not_enough_goes_back_with_a_new_day():
    item = reported(at=at(2))
    assert waiting(item) == {("supervision_review", "service_bureau")}
    again = {"item": item, "reason": "Ten are missing.", "at": at(5)}
    with pytest.raises(Unusable):
        send_back(actor=actor_of(supervisor()), due_on=at(5).date(), **again)
    item = send_back(actor=actor_of(supervisor()), due_on=at(12).date(), **again)
    assert (item.state, item.round, item.due_at) == ("doing", 2, at(12, 18))
    assert light_of(item, at(6))["level"] == "g" and light_of(item, at(12, 12))["level"] == "y"
    told = Message.objects.filter(template="supervision.redo").get()
    assert told.recipient == doer() and "Ten are missing" in told.body["en"]


def test_an_objection_has_thirty_days_and_another_judge():
    item = judged(at=at(2))
    objection = {"actor": actor_of(doer()), "item": item, "ground": "All of them run."}
    with pytest.raises(Conflict):
        archive_supervision(actor=actor_of(supervisor()), item=item, at=at(1, 23, month=4))
    assert sweep_supervision(at(1, 23, month=4)) == 0
    with pytest.raises(Conflict):
        object_to_verdict(**objection, at=at(2, 0, month=4))
    item = object_to_verdict(**objection, at=at(1, 23, month=4))
    assert waiting(item) == {("supervision_objection", "service_bureau")}
    assert timezone.localdate(item.review_due_at) == at(1, month=5).date()
    answer = {"item": item, "verdict": "done", "reason": "We counted again.", "at": at(3, month=4)}
    with pytest.raises(NotAllowed):
        decide_objection(actor=actor_of(supervisor("sun")), **answer)
    item = decide_objection(actor=actor_of(supervisor("zhou")), **answer)
    assert (item.state, item.verdict) == ("closed", "done") and waiting(item) == set()
    assert item.verdict_text == "We counted again."
    with pytest.raises(Conflict):
        object_to_verdict(**objection, at=at(4, month=4))
    assert archive_supervision(actor=actor_of(supervisor()), item=item).state == "archived"


def test_what_nobody_objects_to_is_archived_by_the_clock_and_the_red_light_is_logged_once():
    settled, late = judged(at=at(2)), signed(at=at(2))
    assert sweep_supervision(at(23)) == 1
    assert sweep_supervision(at(24)) == 0
    assert [line.kind for line in late.lines.all()].count("late") == 1
    assert Message.objects.filter(template="supervision.late", recipient=doer()).count() == 1
    assert sweep_supervision(at(2, 1, month=4)) == 1
    settled.refresh_from_db()
    assert settled.state == "archived"


def test_the_public_reads_what_two_people_have_seen_and_nothing_that_names_somebody():
    item = judged(at=at(2))
    sun, zhou = actor_of(supervisor("sun")), actor_of(supervisor("zhou"))
    words = {"item": item, "title": "Lifts", "text": "Thirty run.", "at": at(5, month=4)}
    with pytest.raises(Conflict):
        write_summary(actor=sun, **{**words, "at": at(5)})
    with pytest.raises(Unusable) as wrong:
        write_summary(actor=sun, **{**words, "text": "Call 13800002046."})
    assert set(wrong.value.errors) == {"text"} and "2046." in wrong.value.errors["text"][0]
    write_summary(actor=sun, **words)
    assert waiting(item) == {("supervision_summary", "service_bureau")}
    with pytest.raises(NotAllowed):
        decide_summary(actor=sun, item=item, is_fit=True, at=at(5, month=4))
    assert not published_summaries()
    decide_summary(actor=zhou, item=item, is_fit=True, at=at(6, month=4))
    assert [one.title for one in published_summaries()] == ["Lifts"] and waiting(item) == set()
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicSummary.objects.update(decided_by=supervisor("sun"))


def test_each_organ_signs_for_its_part_from_the_list():
    market = make_department("market")
    item = opened(assisting=[market])
    assert waiting(item) == {("supervision_sign", "housing"), ("supervision_sign", "market")}
    for who, left in ((doer("qian", "market"), 1), (doer("li"), 0)):
        department = who.posts.get().department
        work = WorkItem.objects.get(object_id=item.pk, pool_department=department, state="open")
        act_on_work(actor=actor_of(who), work_id=work.pk, action="sign", version=work.version)
        signs = WorkItem.objects.filter(object_id=item.pk, kind="supervision_sign", state="open")
        assert signs.count() == left
    item.refresh_from_db()
    assert item.state == "doing" and item.assistances.get().signed_at
    with pytest.raises(Conflict):
        services.join_supervision(actor=actor_of(doer("qian", "market")), item=item)


def test_the_list_says_signed_only_of_what_was_signed():
    item = opened(assisting=[make_department("market")], at=at(2))
    services.sign_supervision(actor=actor_of(doer()), item=item, at=at(3))
    services.report_supervision(actor=actor_of(doer()), item=item, note="Done.", at=at(4))
    late = opened(at=at(2))
    conclude_late(actor=actor_of(supervisor()), item=late, text="Nothing came.", at=at(25))
    signs = WorkItem.objects.filter(kind="supervision_sign").select_related("pool_department")
    found = {(one.object_id, one.pool_department.kind): (one.state, one.outcome) for one in signs}
    assert found == {
        (item.pk, "housing"): ("done", "sign"),
        (item.pk, "market"): ("cancelled", ""),
        (late.pk, "housing"): ("cancelled", ""),
    }


def test_the_day_that_is_filled_in_is_the_day_here():
    item = proposed()
    item.due_at = at(21, 2)
    assert form_of("open", item).initial["due_on"] == at(21).date()


def test_urging_is_told_logged_and_kept_to_once_a_day():
    item, sun = signed(at=at(2)), actor_of(supervisor())
    services.urge_supervision(actor=sun, item=item, note="Please.", at=at(3))
    with pytest.raises(Conflict):
        services.urge_supervision(actor=sun, item=item, at=at(4, 9))
    services.urge_supervision(actor=sun, item=item, at=at(4, 11))
    assert Message.objects.filter(template="supervision.urged", recipient=doer()).count() == 2


def test_handed_back_it_keeps_its_number_and_goes_to_another_organ():
    item = opened(at=at(2))
    item = services.hand_back(actor=actor_of(doer()), item=item, reason="Not ours.", at=at(3))
    assert waiting(item) == {("supervision_open", "service_bureau")}
    again = services.open_supervision(
        actor=actor_of(supervisor("zhou")), item=item, lead=make_department("market"),
        due_on=at(20).date(), requirement="x", at=at(4),
    )  # fmt: skip
    assert again.number == item.number and waiting(again) == {("supervision_sign", "market")}


def test_only_an_organ_that_supervises_proposes():
    with pytest.raises(NotAllowed):
        services.propose_supervision(
            actor=actor_of(doer()), owner=owner(), kind="meeting", title="Lifts",
            requirement="x", lead=make_department("market"),
        )  # fmt: skip
