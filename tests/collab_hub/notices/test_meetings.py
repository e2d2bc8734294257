"""Meetings: answers, the code on the screen, attendance by hand, minutes, supervision."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from collab_hub.notices import codes, meeting_services, selectors, services
from collab_hub.notices.models import Meeting, Recipient
from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.events import emit, listen
from tests.factories import MAKER, actor_of, make_department

from .makers import meeting, send, work

HEARD = []


@listen("supervision.wanted")
def hear(**facts):
    HEARD.append(facts)


@pytest.fixture
def called(clerk, other_clerk):
    """A meeting that begins in a quarter of an hour."""
    return send(clerk, meeting=meeting(hours=0.25))


def test_answers_may_change_and_say_why(called, other_clerk, stranger):
    def answer(value, note="", user=other_clerk):
        return meeting_services.reply(actor=actor_of(user), notice=called, answer=value, note=note)

    assert answer("comes").reply == "comes"
    for value, note in (("stays", ""), ("sends", " "), ("perhaps", "x")):
        with pytest.raises(Unusable):
            answer(value, note)
    row = answer("sends", "Carol goes")
    assert (row.reply, row.reply_note) == ("sends", "Carol goes")
    with pytest.raises(NotAllowed):
        answer("comes", user=stranger)
    past = timezone.now() - timedelta(hours=1)
    Meeting.objects.update(starts_at=past - timedelta(hours=1), ends_at=past)
    with pytest.raises(Conflict):
        answer("comes")


def test_the_code_lives_a_minute_and_the_pass_is_personal(called, clerk, other_clerk):
    now = datetime(2026, 11, 27, 10, 0, 10, tzinfo=timezone.get_current_timezone())
    code = codes.code_at(called.pk, now)
    assert codes.is_shown(called.pk, code, now + timedelta(seconds=45))
    assert not codes.is_shown(called.pk, code, now + timedelta(seconds=60))
    assert not codes.is_shown(clerk.pk, code, now)
    entry = codes.pass_for(called.pk, other_clerk.pk)
    with pytest.raises(Conflict):  # somebody else's pass
        meeting_services.attend(actor=actor_of(clerk), notice=called, entry=entry)
    with pytest.raises(Conflict):  # the day after
        meeting_services.attend(
            actor=actor_of(other_clerk), notice=called, entry=entry,
            at=timezone.now() + timedelta(days=1),
        )  # fmt: skip
    row = meeting_services.attend(actor=actor_of(other_clerk), notice=called, entry=entry)
    first = row.attended_at
    again = meeting_services.attend(actor=actor_of(other_clerk), notice=called, entry=entry)
    assert again.attended_at == first and again.attended_how == Recipient.How.CODE


def test_by_hand_only_with_a_reason_and_only_by_the_organiser(called, clerk, other_clerk):
    row = called.recipients.get(user=other_clerk)

    def enter(actor, reason, is_there=True):
        return meeting_services.enter_attendance(
            actor=actor_of(actor), notice=called, recipient_id=row.pk, is_there=is_there,
            reason=reason,
        )  # fmt: skip

    with pytest.raises(Unusable):
        enter(clerk, " ")
    with pytest.raises(NotAllowed):
        enter(other_clerk, "I was there")
    assert enter(clerk, "Phone was flat").attended_how == "hand"
    assert enter(clerk, "Mixed up", is_there=False).attended_at is None


def test_nobody_enters_a_recalled_meeting_or_answers_unasked(called, clerk, other_clerk):
    Meeting.objects.update(asks_reply=False)
    with pytest.raises(Conflict):
        meeting_services.reply(actor=actor_of(other_clerk), notice=called, answer="comes")
    services.recall_notice(actor=actor_of(clerk), notice=called, reason="Wrong day")
    row = called.recipients.get(user=other_clerk)
    with pytest.raises(Conflict):
        meeting_services.attend(
            actor=actor_of(other_clerk), notice=called,
            entry=codes.pass_for(called.pk, other_clerk.pk),
        )  # fmt: skip
    with pytest.raises(Conflict):
        meeting_services.enter_attendance(
            actor=actor_of(clerk), notice=called, recipient_id=row.pk, is_there=True, reason="x"
        )


def test_another_time_is_told_and_counted_for_calendars(called, clerk):
    held = selectors.meeting_of(called)
    same = {name: getattr(held, name) for name in ("starts_at", "ends_at", "place", "video_link",
                                                   "asks_reply")}  # fmt: skip
    meeting_services.change_meeting(actor=actor_of(clerk), notice=called, meeting=same)
    assert Meeting.objects.get().changes == 0
    meeting_services.change_meeting(
        actor=actor_of(clerk), notice=called, meeting=same | {"place": "Room 5"}
    )
    work()
    assert Meeting.objects.get().changes == 1
    assert Message.objects.filter(template="notice_changed").count() == 2


def test_items_of_the_minutes_become_supervision_once(called, clerk):
    HEARD.clear()
    lead, helper = make_department("health"), make_department("police")
    due = timezone.now() + timedelta(days=30)
    save = {"actor": actor_of(clerk), "notice": called}
    items = [{"text": "Repair the pump", "lead": lead, "assisting": [lead, helper], "due_at": due}]
    with pytest.raises(Unusable) as refused:
        meeting_services.save_minutes(
            **save, minutes="x", items=[*items, {"text": " ", "lead": None}]
        )
    assert {"text-1", "lead-1"} == set(refused.value.errors)
    meeting_services.save_minutes(**save, minutes="We agreed.", items=items)
    meeting_services.publish_minutes(**save)
    work()
    (fact,) = HEARD
    assert fact["source"] == "meeting" and fact["object_type"] == "collab_hub.ActionItem"
    assert fact["lead"] == lead and fact["assisting"] == [helper] and fact["due_at"] == due
    assert fact["title"] == {"zh": "Repair the pump", "en": "Repair the pump"}
    assert Message.objects.filter(template="notice_minutes").count() == 2
    with pytest.raises(Conflict):
        meeting_services.publish_minutes(**save)
    emit("supervision.closed", actor=MAKER, source="meeting", outcome="done",
         object_type=fact["object_type"], object_id=fact["object_id"])  # fmt: skip
    (item,) = selectors.items_of(called)
    assert (item.state, item.outcome) == ("closed", "done")
