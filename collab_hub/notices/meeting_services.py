"""Writes of meetings: who comes, who was there, the minutes and what they ask of whom."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.events import emit
from security.access import may
from security.actors import Actor
from security.audit.services import record_audit
from security.organs.models import Department

from . import codes, place_services, roll_services
from .locking import locked
from .models import ActionItem, Meeting, Notice, Recipient
from .places import settled

How, Reply, State = Recipient.How, Recipient.Reply, Notice.State
MOST_ITEMS = 50
SOURCE = "meeting"
ITEM = "collab_hub.ActionItem"


@transaction.atomic
def change_meeting(*, actor: Actor, notice: Notice, meeting: dict) -> Meeting:
    """Another time or place for a meeting that people know of: they are told, and their calendars
    take the new one; the booking of its room follows. Raises Unusable as `save_notice`, Conflict
    when the notice has ended.
    """
    found = locked(actor, notice)
    held = Meeting.objects.select_for_update(of=("self",)).select_related("room", "booking")
    held = held.get(notice=found)
    meeting = settled(actor.user, meeting, found.reached, held)
    before = {name: getattr(held, name) for name in meeting}
    for name, value in meeting.items():
        setattr(held, name, value)
    place_services.move_place(actor=actor, notice=found, meeting=held, people=found.reached)
    if before == meeting:
        return held
    held.changes += 1
    held.save(update_fields=[*meeting, "changes"])
    found.meeting = held
    roll_services.tell_roll(actor=actor, notice=found, what="changed")
    record_audit(
        actor=actor, verb="meeting.change", obj=found, before=_told(before), after=_told(meeting)
    )
    return held


def _told(meeting: dict) -> dict:
    """As the trail keeps it: the room by its id."""
    return meeting | {"room": meeting["room"].pk if meeting["room"] else None}


@transaction.atomic
def reply(*, actor: Actor, notice: Notice, answer: str, note: str = "") -> Recipient:
    """A recipient says whether they come. Who cannot says why, who sends somebody names them.

    May be changed until the meeting ends. Raises Unusable at "answer" or "note", Conflict, also
    when nobody is asked.
    """
    row = _row_of(notice, actor.user)
    meeting = _meeting_of(notice)
    if not meeting.asks_reply:
        raise Conflict(_("Nobody is asked whether they come to this meeting."))
    if answer not in {Reply.COMES, Reply.SENDS, Reply.STAYS}:
        raise Unusable({"answer": [_("Choose one of the answers.")]})
    if answer != Reply.COMES and not note.strip():
        words = {Reply.SENDS: _("Name whom you send."), Reply.STAYS: _("Say why you cannot come.")}
        raise Unusable({"note": [words[answer]]})
    if row.notice.state != State.SENT or meeting.ends_at <= timezone.now():
        raise Conflict(_("This meeting is over or was called off."))
    row.reply, row.replied_at = answer, timezone.now()
    row.reply_note = "" if answer == Reply.COMES else note.strip()[:200]
    row.save(update_fields=["reply", "reply_note", "replied_at"])
    return row


@transaction.atomic
def attend(*, actor: Actor, notice: Notice, entry: str, at: datetime | None = None) -> Recipient:
    """A recipient who scanned the code enters themselves as present; a second time changes nothing.

    `entry` is the pass that `codes.pass_for` gave them. Raises NotAllowed, Conflict.
    """
    row = _row_of(notice, actor.user)
    meeting, at = _meeting_of(notice), at or timezone.now()
    if not codes.is_pass_of(entry, notice.pk, actor.user.pk):
        raise Conflict(_("This took too long. Scan the code on the screen once more."))
    if not codes.is_time(meeting.starts_at, meeting.ends_at, at):
        raise Conflict(_("One can enter from two hours before until two hours after the meeting."))
    if row.attended_at is None:
        row.attended_at, row.attended_how, row.attended_by = at, How.CODE, actor.user
        row.save(update_fields=["attended_at", "attended_how", "attended_by"])
    return row


@transaction.atomic
def enter_attendance(
    *, actor: Actor, notice: Notice, recipient_id: int, is_there: bool, reason: str
) -> Recipient:
    """The organiser enters by hand that somebody was there, or was not, and says why."""
    if not may(actor.user, "manage", notice):
        raise NotAllowed(_("The sender and the heads of the organ do this."))
    if not reason.strip():
        raise Unusable({"reason": [_("Say why it is entered by hand.")]})
    row = Recipient.objects.select_for_update().filter(notice=notice, pk=recipient_id).first()
    if row is None:
        raise Conflict(_("This person is not on the roll."))
    _meeting_of(notice)
    row.attended_at = timezone.now() if is_there else None
    row.attended_how = How.HAND if is_there else How.NONE
    row.attended_by, row.attended_note = actor.user, reason.strip()[:200]
    row.save(update_fields=["attended_at", "attended_how", "attended_by", "attended_note"])
    record_audit(
        actor=actor, verb="meeting.attendance", obj=notice,
        after={"recipient": row.pk, "is_there": is_there, "reason": reason.strip()},
    )  # fmt: skip
    return row


@transaction.atomic
def save_minutes(*, actor: Actor, notice: Notice, minutes: str, items: list[dict]) -> Meeting:
    """Keep the draft of the minutes with what they ask of whom.

    Each of `items` has "text", "lead" (Department), "assisting" (Departments) and "due_at" or None.
    Raises Unusable at "minutes" or "text-3" for the fourth item, Conflict after publication.
    """
    held = _own_meeting(actor, notice)
    errors = {}
    for number, item in enumerate(items):
        if not item["text"].strip():
            errors[f"text-{number}"] = [_("Say what is to be done.")]
        if not isinstance(item["lead"], Department):
            errors[f"lead-{number}"] = [_("Choose the organ that leads.")]
    if len(items) > MOST_ITEMS:
        errors["minutes"] = [_("Minutes have at most %(n)d items.") % {"n": MOST_ITEMS}]
    if errors:
        raise Unusable(errors)
    held.minutes = minutes.strip()
    held.save(update_fields=["minutes"])
    held.items.all().delete()
    for number, item in enumerate(items):
        made = ActionItem.objects.create(
            meeting=held, order=number, text=item["text"].strip()[:500], lead=item["lead"],
            due_at=item.get("due_at"),
        )  # fmt: skip
        made.assisting.set([one for one in item.get("assisting", ()) if one != item["lead"]])
    record_audit(actor=actor, verb="minutes.save", obj=notice, after={"items": len(items)})
    return held


@transaction.atomic
def publish_minutes(*, actor: Actor, notice: Notice) -> Meeting:
    """Send the minutes to the roll and hand their items to supervision, once. Raises Unusable at
    "minutes", Conflict when this was done before.
    """
    held = _own_meeting(actor, notice)
    if not held.minutes:
        raise Unusable({"minutes": [_("Write the minutes first.")]})
    held.minutes_at, held.minutes_by = timezone.now(), actor.user
    held.save(update_fields=["minutes_at", "minutes_by"])
    for item in held.items.select_related("lead").prefetch_related("assisting"):
        item.state = ActionItem.State.HANDED
        item.save(update_fields=["state"])
        emit(
            "supervision.wanted",
            actor=actor,
            source=SOURCE,
            object_type=ITEM,
            object_id=item.pk,
            title={"zh": item.text[:120], "en": item.text[:120]},
            requirement=item.text,
            lead=item.lead,
            assisting=list(item.assisting.all()),
            due_at=item.due_at,
            url=f"/office/notices/{notice.pk}/",
        )
    roll_services.tell_roll(actor=actor, notice=held.notice, what="minutes")
    record_audit(actor=actor, verb="minutes.publish", obj=notice)
    return held


@transaction.atomic
def note_outcome(*, actor: Actor, item_id, outcome: str) -> None:
    """What supervision says at the end stands beside the item in the minutes."""
    closed = {"state": ActionItem.State.CLOSED, "outcome": outcome[:80]}
    ActionItem.objects.filter(pk=item_id).update(**closed)


def _row_of(notice: Notice, user) -> Recipient:
    row = Recipient.objects.select_for_update(of=("self",)).select_related("notice")
    row = row.filter(notice=notice, user=user).first()
    if row is None:
        raise NotAllowed(_("You are not on the roll of this notice."))
    return row


def _meeting_of(notice: Notice) -> Meeting:
    found = Meeting.objects.select_related("notice").filter(notice=notice).first()
    if found is None:
        raise Conflict(_("This notice has no meeting."))
    if found.notice.state == State.RECALLED:
        raise Conflict(_("This meeting is over or was called off."))
    return found


def _own_meeting(actor: Actor, notice: Notice) -> Meeting:
    if not may(actor.user, "manage", notice):
        raise NotAllowed(_("The sender and the heads of the organ do this."))
    found = Meeting.objects.select_for_update(of=("self",)).select_related("notice__department")
    held = found.filter(notice=notice).first()
    if held is None or held.notice.state in (State.DRAFT, State.WAITING, State.RECALLED):
        raise Conflict(_("There was no such meeting."))
    if held.minutes_at:
        raise Conflict(_("The minutes were sent already."))
    return held
