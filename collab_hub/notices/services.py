"""Writes of notices until they are sent, and their ends: draft, second person, recall, close."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab_hub.inbox.work import close_work, put_work_for_many
from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.files.services import link_file, remove_files, store_file
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.i18n import pick
from security.access import may
from security.actors import Actor
from security.audit.services import record_audit
from security.organs.models import Department
from security.organs.selectors import heads_at, organs_of

from . import place_services, roll_services
from .audience import Audience, NoAudience, read, read_saved, written
from .checks import check_words
from .locking import locked
from .models import Meeting, Notice, Release, SavedAudience
from .people import members, outside, scope_of
from .places import settled
from .policies import FILES
from .selectors import groups_for, meeting_of

State = Notice.State
RELEASE = "notice_release"
MOST_FILES = 20
NAMED = 3


@transaction.atomic
def save_notice(
    *,
    actor: Actor,
    department: Department,
    title: dict,
    body: dict,
    audience: Audience,
    needs_confirming: bool = True,
    due_at: datetime | None = None,
    escalate_minutes: int | None = None,
    meeting: dict | None = None,
    notice: Notice | None = None,
    seen: datetime | None = None,
) -> Notice:
    """Make a draft, or change one's own draft; returns it.

    `title` and `body` are {"zh", "en"}, of which one may be missing. `meeting` holds the fields of
    a Meeting, None for a notice without one; its "room" is one of the directory's or None. `seen`
    is the draft's `changed_at` where it was read: Conflict when it has changed since. Raises
    Unusable at "title", "title_en", "body", "department", "audience", "escalate_minutes", "due_at",
    "starts_at", "ends_at", "place" or "room".
    """
    draft = _draft(actor, notice, seen) if notice else Notice(sender=actor.user)
    if department.pk not in organs_of(actor.user):
        raise Unusable({"department": [_("Choose an organ in which you hold a post.")]})
    check_words(title, body, escalate_minutes, due_at)
    if meeting is not None:
        meeting = settled(actor.user, meeting, members(audience).count())
    if audience.groups - set(groups_for(actor.user).values_list("pk", flat=True)):
        raise Unusable({"audience": [_("Choose a saved group of your own organ.")]})
    draft.department = department
    draft.title, draft.body = _both(title), _both(body)
    draft.audience = written(audience)
    draft.needs_confirming, draft.due_at = needs_confirming, due_at
    draft.escalate_minutes = escalate_minutes
    draft.save()
    if meeting is None:
        Meeting.objects.filter(notice=draft).delete()
    else:
        Meeting.objects.update_or_create(notice=draft, defaults=meeting)
    record_audit(actor=actor, verb="notice.save", obj=draft, after={"state": draft.state})
    return draft


def _both(words: dict) -> dict:
    found = {key: words.get(key, "").strip() for key in ("zh", "en")}
    return {key: found[key] or found["en" if key == "zh" else "zh"] for key in found}


def _draft(actor: Actor, notice: Notice, seen: datetime | None = None) -> Notice:
    found = Notice.objects.select_for_update(of=("self",)).select_related("department")
    found = found.filter(pk=notice.pk).first()
    if found is None:
        raise Conflict(_("This notice is no draft any more."))
    if found.sender_id != getattr(actor.user, "pk", None):
        raise NotAllowed(_("Only the sender changes a draft."))
    if found.state != State.DRAFT:
        raise Conflict(_("This notice is no draft any more."))
    if seen is not None and found.changed_at != seen:
        words = _("The draft was changed meanwhile. Read it again.")
        raise Conflict(words, changed_at=found.changed_at.isoformat())
    return found


@transaction.atomic
def drop_draft(*, actor: Actor, notice: Notice) -> None:
    """Delete one's own draft with its files."""
    draft = _draft(actor, notice)
    held = StoredFile.objects.filter(subject_type=FILES, subject_id=str(draft.pk))
    remove_files(
        actor=actor, file_ids=held.values_list("pk", flat=True), subject_type=FILES,
        subject_id=draft.pk,
    )  # fmt: skip
    record_audit(actor=actor, verb="notice.drop", obj=draft)
    draft.delete()


@transaction.atomic
def add_file(*, actor: Actor, notice: Notice, upload) -> StoredFile:
    """Attach an uploaded file to one's own draft. Raises Unusable at ""."""
    draft = _draft(actor, notice)
    if (
        StoredFile.objects.filter(subject_type=FILES, subject_id=str(draft.pk)).count()
        >= MOST_FILES
    ):
        raise Unusable({"": [_("A notice has at most %(n)d files.") % {"n": MOST_FILES}]})
    file = store_file(actor=actor, upload=upload)
    return link_file(actor=actor, file_id=file.pk, subject_type=FILES, subject_id=draft.pk)


@transaction.atomic
def remove_file(*, actor: Actor, notice: Notice, file_id) -> int:
    """Take a file off one's own draft."""
    draft = _draft(actor, notice)
    return remove_files(actor=actor, file_ids=[file_id], subject_type=FILES, subject_id=draft.pk)


@transaction.atomic
def send_notice(*, actor: Actor, notice: Notice, seen: datetime | None = None) -> Notice:
    """Send a draft to whoever its query names now; to more than NOTICE_ALONE_MOST people only after
    a second person agreed. `seen` is as for `save_notice`. The room of its meeting is booked, also
    while the second person thinks it over. Raises Unusable at "audience", or as
    `place_services.book_place`.
    """
    draft = _draft(actor, notice, seen)
    people = _checked_size(actor.user, draft)
    place_services.book_place(actor=actor, notice=draft, people=people)
    if people <= settings.NOTICE_ALONE_MOST:
        roll_services.release_roll(actor=actor, notice=draft)
        return draft
    heads = [one for one in heads_at(draft.department) if one.pk != draft.sender_id]
    if not heads:
        words = _("So many people take a second person, and nobody heads your organ.")
        raise Unusable({"audience": [words]})
    Release.objects.create(notice=draft, people=people, asked_by=actor.user)
    draft.state = State.WAITING
    draft.save(update_fields=["state", "changed_at"])
    put_work_for_many(
        actor=actor, kind=RELEASE, obj=draft, title=draft.title, people=heads,
        reason={"zh": f"拟发送{people}人，需第二人核准",
                "en": f"To {people} people: a second person decides"},
        address=("notices:check", [draft.pk]),
    )  # fmt: skip
    record_audit(actor=actor, verb="notice.ask", obj=draft, after={"people": people})
    return draft


def _checked_size(user, notice: Notice) -> int:
    audience = read(notice.audience)
    people = members(audience).count()
    if not people:
        raise Unusable({"audience": [_("This audience has nobody in it.")]})
    beyond = outside(audience, scope_of(user))
    count = beyond.count()
    if count:
        names = ", ".join(str(one) for one in beyond.order_by("pk")[:NAMED])
        words = ngettext(
            "%(n)d person is outside of what you may write to: %(names)s.",
            "%(n)d people are outside of what you may write to: %(names)s.",
            count,
        )
        raise Unusable({"audience": [words % {"n": count, "names": names}]})
    return people


@transaction.atomic
def decide_release(*, actor: Actor, notice: Notice, agrees: bool, reason: str = "") -> Notice:
    """A second person lets a large notice out, to whoever its query names now, or gives it back to
    its sender as a draft with a reason. Raises NotAllowed, Conflict, Unusable at "reason", or
    at "audience" when the sender may no longer write to all of them.
    """
    found = Notice.objects.select_for_update(of=("self",)).select_related("department", "sender")
    found = found.get(pk=notice.pk)
    wish = Release.objects.filter(notice=found, state=Release.State.ASKED).first()
    if found.state != State.WAITING or wish is None:
        raise Conflict(_("Somebody has decided on this notice already."))
    if not may(actor.user, "release", found):
        raise NotAllowed(_("A head of the organ decides, and never the sender."))
    if not agrees and not reason.strip():
        raise Unusable({"reason": [_("Say why, so that the sender can change it.")]})
    if agrees:
        _checked_size(found.sender, found)
    wish.state = Release.State.APPROVED if agrees else Release.State.REFUSED
    wish.decided_by, wish.decided_at, wish.reason = actor.user, timezone.now(), reason[:300]
    wish.save()
    close_work(actor=actor, kind=RELEASE, obj=found, outcome="approve" if agrees else "refuse")
    record_audit(actor=actor, verb="notice.decide", obj=found, after={"agrees": agrees})
    if agrees:
        roll_services.release_roll(actor=actor, notice=found)
    else:
        _draft_again(actor, found, reason)
    return found


def _draft_again(actor: Actor, notice: Notice, reason: str) -> None:
    notice.state = State.DRAFT
    notice.save(update_fields=["state", "changed_at"])
    place_services.free_place(actor=actor, meeting=meeting_of(notice), reason=reason)


@transaction.atomic
def withdraw_release(*, actor: Actor, notice: Notice) -> Notice:
    """The sender takes a large notice back before anybody has decided; it is a draft again."""
    found = Notice.objects.select_for_update().get(pk=notice.pk)
    if found.sender_id != getattr(actor.user, "pk", None):
        raise NotAllowed(_("Only the sender changes a draft."))
    if found.state != State.WAITING:
        raise Conflict(_("Somebody has decided on this notice already."))
    wishes = Release.objects.filter(notice=found, state=Release.State.ASKED)
    wishes.update(state=Release.State.WITHDRAWN)
    _draft_again(actor, found, "")
    close_work(actor=actor, kind=RELEASE, obj=found, is_cancelled=True)
    record_audit(actor=actor, verb="notice.withdraw", obj=found)
    return found


@transaction.atomic
def recall_notice(*, actor: Actor, notice: Notice, reason: str) -> Notice:
    """Take a notice back: nobody has to confirm it any more, nothing more goes out, everybody who
    got it is told why; the room of its meeting is free again. Raises Unusable at "reason".
    """
    if not reason.strip():
        raise Unusable({"reason": [_("Say why it is recalled; the recipients read it.")]})
    found = _end(actor, notice, State.RECALLED, reason.strip())
    place_services.free_place(actor=actor, meeting=meeting_of(found), reason=found.ended_why)
    roll_services.tell_roll(actor=actor, notice=found, what="recalled")
    return found


@transaction.atomic
def close_notice(*, actor: Actor, notice: Notice) -> Notice:
    """The sender no longer waits for the rest: what is open in inboxes goes away."""
    return _end(actor, notice, State.CLOSED, "")


def _end(actor: Actor, notice: Notice, state: str, why: str) -> Notice:
    found = locked(actor, notice)
    found.state, found.ended_at, found.ended_why = state, timezone.now(), why[:300]
    found.save(update_fields=["state", "ended_at", "ended_why", "changed_at"])
    close_work(actor=actor, kind=roll_services.CONFIRM, obj=found, is_cancelled=True)
    record_audit(actor=actor, verb=f"notice.{state}", obj=found, after={"reason": why})
    return found


@transaction.atomic
def save_group(*, actor: Actor, department: Department, name: str, audience) -> SavedAudience:
    """Keep an audience under a name for a department. Raises Unusable at "name" or "audience"."""
    if department.pk not in organs_of(actor.user):
        raise Unusable({"department": [_("Choose an organ in which you hold a post.")]})
    try:
        kept = written(read_saved(written(audience)))
    except NoAudience:
        raise Unusable({"audience": [_("A saved group cannot hold other saved groups.")]}) from None
    if not kept["any"]:
        raise Unusable({"audience": [_("This audience has nobody in it.")]})
    if not name.strip():
        raise Unusable({"name": [_("Give the group a name.")]})
    try:
        with transaction.atomic():
            group = SavedAudience.objects.create(
                department=department, name=name.strip()[:60], audience=kept, made_by=actor.user
            )
    except IntegrityError:
        raise Unusable({"name": [_("Your organ has a group of this name.")]}) from None
    record_audit(actor=actor, verb="notice_group.save", obj=group, after={"name": pick(name)})
    return group


@transaction.atomic
def drop_group(*, actor: Actor, group: SavedAudience) -> None:
    """Delete a saved group. Notices that were sent keep their rolls."""
    record_audit(actor=actor, verb="notice_group.drop", obj=group, after={"name": group.name})
    group.delete()
