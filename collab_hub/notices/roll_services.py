"""Writes of the roll: frozen when a notice is sent, delivered in chunks, read, confirmed.

The roll is written by one INSERT … SELECT in the transaction that sends, so that nobody who changes
posts meanwhile is on it twice or not at all. Everything after that goes in chunks: each is one
outbox message, which writes its people and the message for the next chunk in one transaction. A
process that dies leaves the chunk as it was before, to be done again.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from collab_hub.inbox.work import close_work, put_work_for_many
from platform_core.capabilities.notifications.services import notify_many
from platform_core.common.errors import Conflict, NotAllowed
from platform_core.common.organs import organ_text
from platform_core.common.outbox.services import send
from security.actors import Actor
from security.audit.services import record_audit
from security.organs.models import Post

from .audience import read
from .chunks import CHUNK, go_on, rest_states, words_of
from .locking import locked
from .models import Notice, Recipient
from .people import posts_of_members, posts_today
from .reaching_services import reach_rows
from .wordings import TOLD

State, Got = Notice.State, Recipient.State
CONFIRM = "notice_confirm"
URGE_AGAIN = timedelta(minutes=10)
# What the clock does after once, twice, three times the minutes of a notice.
STEPS = ("sms", "voice", "deputy")
FROZEN = ("notice_id", "user_id", "post_id", "department_id", "name", "post_title", "is_head")
BLANK = {
    "state": Got.FROZEN.value, "reply": "", "reply_note": "", "attended_how": "",
    "attended_note": "",
}  # fmt: skip


@transaction.atomic
def release_roll(*, actor: Actor, notice: Notice) -> int:
    """Freeze who gets the notice and let it go out; returns how many people.

    The caller holds the row and has asked who may do so.
    """
    notice.reached = _freeze(notice)
    notice.state, notice.sent_at = State.SENT, timezone.now()
    notice.save(update_fields=["reached", "state", "sent_at", "changed_at"])
    go_on("deliver", notice, 0)
    if notice.escalate_minutes:
        for number, step in enumerate(STEPS, 1):
            due = notice.sent_at + timedelta(minutes=notice.escalate_minutes * number)
            send(
                topic="notices.escalate",
                key=f"notices.escalate:{notice.pk}:{step}:0",
                payload={"notice": str(notice.pk), "step": step, "after": 0},
                due_at=due,
            )
    record_audit(
        actor=actor, verb="notice.send", obj=notice,
        after={"people": notice.reached, "audience": notice.audience},
    )  # fmt: skip
    return notice.reached


def _freeze(notice: Notice) -> int:
    chosen = posts_of_members(read(notice.audience))
    rows = Post.objects.filter(pk__in=chosen.values("pk")).order_by("department__path", "user")
    query = rows.values_list(
        "user_id", "pk", "department_id", "user__name", "title", "is_head"
    ).query
    sql, params = query.sql_with_params()
    columns = ", ".join(connection.ops.quote_name(name) for name in (*FROZEN, *BLANK))
    blanks = ", ".join(["%s"] * len(BLANK))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Recipient._meta.db_table} ({columns})"  # noqa: S608 - our own names
            f" SELECT %s::uuid, found.*, {blanks} FROM ({sql}) AS found",
            [str(notice.pk), *BLANK.values(), *params],
        )
        return cursor.rowcount


@transaction.atomic
def deliver_chunk(*, actor: Actor, notice_id, after: int, only: int | None = None) -> int:
    """Deliver to the next people of the roll, and ask for the chunk after them; how many.

    `only` is the row of somebody who was added later.
    """
    notice = _under_way(notice_id)
    if notice is None:
        return 0
    rows = notice.recipients.select_for_update(of=("self",)).filter(state=Got.FROZEN)
    rows = rows.filter(pk=only) if only else rows.filter(pk__gt=after)
    rows = list(rows.order_by("pk").values_list("pk", "user")[:CHUNK])
    people = [user for _row, user in rows]
    _tell(actor, notice, "sent", people)
    if notice.needs_confirming:
        put_work_for_many(
            actor=actor, kind=CONFIRM, obj=notice, title=notice.title, people=people,
            reason={"zh": f"{notice.department.name}通知，请阅读并确认",
                    "en": f"Notice from {organ_text(notice.department)['en']}: read and confirm"},
            due_at=notice.due_at, address=("notices:notice", [notice.pk]),
        )  # fmt: skip
    keys = [row for row, _user in rows]
    done, now = Recipient.objects.filter(pk__in=keys), timezone.now()
    # Whoever found the notice by themselves before it was delivered has read it.
    done.exclude(read_at=None).update(state=Got.READ, delivered_at=now)
    done.filter(read_at=None).update(state=Got.DELIVERED, delivered_at=now)
    if len(rows) == CHUNK:
        go_on("deliver", notice, keys[-1])
    return len(rows)


def _under_way(notice_id) -> Notice | None:
    """The notice, locked, so that a recall and a chunk do not cross; None when it has ended."""
    found = Notice.objects.select_for_update(of=("self",)).select_related("department")
    return found.filter(pk=notice_id, state=State.SENT).first()


def _tell(actor: Actor, notice: Notice, what: str, people: list[int], number: int = 0) -> None:
    wording = TOLD[what]
    dedupe = f"{wording.key}:{notice.pk}:{number}"
    notify_many(
        actor=actor, recipients=people, key=wording.key, title=wording.title, body=wording.body,
        values=words_of(notice), link=f"/office/notices/{notice.pk}/", dedupe=dedupe,
    )  # fmt: skip


@transaction.atomic
def tell_roll(*, actor: Actor, notice: Notice, what: str) -> None:
    """Tell the roll something about its notice, in chunks: "recalled", "urged", "changed",
    "minutes"."""
    number = {"urged": notice.urges}.get(what, 0)
    if what == "changed":
        number = notice.meeting.changes
    go_on("tell", notice, 0, what=what, number=number)


@transaction.atomic
def tell_chunk(*, actor: Actor, notice_id, what: str, number: int, after: int) -> int:
    """Tell the next people of the roll; urging is for the rest only, and by text message too."""
    notice = Notice.objects.select_related("department").get(pk=notice_id)
    rows = notice.recipients.exclude(state=Got.FROZEN).filter(pk__gt=after)
    if what == "urged":
        if notice.state != State.SENT:
            return 0
        rows = rows.filter(state__in=rest_states(notice))
    rows = list(rows.order_by("pk").values_list("pk", "user")[:CHUNK])
    _tell(actor, notice, what, [user for _row, user in rows], number)
    if what == "urged":
        reach_rows(actor=actor, rows=[row for row, _user in rows], channel="sms", wave=number)
    if len(rows) == CHUNK:
        go_on("tell", notice, rows[-1][0], what=what, number=number)
    return len(rows)


@transaction.atomic
def urge_rest(*, actor: Actor, notice: Notice) -> int:
    """Ask everybody who has not read (or not confirmed, where that is asked) once more; how many.

    Raises Conflict when the last time was less than ten minutes ago, or when nobody is left.
    """
    found = locked(actor, notice)
    now = timezone.now()
    if found.urged_at and now - found.urged_at < URGE_AGAIN:
        raise Conflict(_("They were asked a moment ago. Wait ten minutes."))
    count = found.recipients.filter(state__in=rest_states(found)).count()
    if not count:
        raise Conflict(_("Nobody is left to be asked."))
    found.urges, found.urged_at = found.urges + 1, now
    found.save(update_fields=["urges", "urged_at", "changed_at"])
    tell_roll(actor=actor, notice=found, what="urged")
    record_audit(actor=actor, verb="notice.urge", obj=found, after={"people": count})
    return count


@transaction.atomic
def note_export(*, actor: Actor, notice: Notice, ending: str) -> None:
    """Somebody took the roll out of the platform: the trail knows."""
    record_audit(actor=actor, verb="notice.export", obj=notice, after={"as": ending})


@transaction.atomic
def note_read(*, actor: Actor, notice: Notice) -> None:
    """A recipient has opened the notice; the first time counts, and stops the clock for them."""
    # One statement: a delivery that commits between two of them would hide the row from both.
    state = Case(When(state=Got.DELIVERED, then=Value(Got.READ)), default=F("state"))
    mine = Recipient.objects.filter(notice=notice, user=actor.user, read_at=None)
    mine.update(state=state, read_at=timezone.now())


@transaction.atomic
def confirm_notice(*, actor: Actor, notice: Notice, person=None) -> Recipient:
    """Somebody confirms that they know the notice, or a deputy does it for `person`. A second time
    changes nothing. Raises Conflict when it was recalled or closed, or when nobody has to confirm.
    """
    person = person or actor.user
    row = Recipient.objects.select_for_update(of=("self",)).select_related("notice")
    row = row.filter(notice=notice, user=person).first()
    if row is None:
        raise NotAllowed(_("You are not on the roll of this notice."))
    if row.state == Got.CONFIRMED:
        return row
    if row.notice.state != State.SENT:
        raise Conflict(_("This notice has ended. Nothing is left to confirm."))
    if not row.notice.needs_confirming:
        raise Conflict(_("This notice need not be confirmed."))
    now = timezone.now()
    row.state, row.confirmed_at, row.confirmed_by = Got.CONFIRMED, now, actor.user
    row.delivered_at = row.delivered_at or now
    if row.read_at is None and person == actor.user:
        row.read_at = now
    row.save(update_fields=["state", "confirmed_at", "confirmed_by", "delivered_at", "read_at"])
    close_work(actor=actor, kind=CONFIRM, obj=row.notice, person=person, outcome="confirm")
    return row


@transaction.atomic
def add_successor(*, actor: Actor, notice: Notice, recipient_id: int, user) -> Recipient:
    """Put whoever has the post now on the roll beside whoever had it, and deliver to them.

    `user` is what `roll.successor` found; the caller has looked. Raises Conflict when they are on
    the roll, or when somebody was added for this row before.
    """
    found = locked(actor, notice)
    row = found.recipients.select_for_update(of=("self",)).get(pk=recipient_id)
    post = posts_today().filter(user=user, department=row.department_id)
    post = post.order_by("-is_head", "-valid_from").first()
    taken = Recipient.objects.filter(instead_of=row).exists()
    on_roll = found.recipients.filter(user=user).exists()
    if taken or on_roll or post is None:
        raise Conflict(_("This person is on the roll already, or no longer there."))
    made = Recipient.objects.create(
        notice=found, user=user, department_id=row.department_id, post=post, name=user.name,
        post_title=post.title, is_head=post.is_head, instead_of=row,
    )  # fmt: skip
    found.reached += 1
    found.save(update_fields=["reached", "changed_at"])
    go_on("deliver", found, 0, only=made.pk)
    record_audit(
        actor=actor, verb="notice.successor", obj=found,
        after={"recipient": made.pk, "instead_of": row.pk},
    )  # fmt: skip
    return made
