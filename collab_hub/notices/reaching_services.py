"""Whoever has not read is reached otherwise: by text message, by a call, through their deputy.

Each attempt is a row and an outbox message, whose id is the provider's idempotency key. Whether it
is still needed is asked at the last moment, when the provider is there: after an outage nobody is
called who has read meanwhile, or who left the service.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from platform_core.capabilities.notifications import letters
from platform_core.capabilities.notifications.gateways import Refused
from platform_core.capabilities.notifications.services import notify
from platform_core.capabilities.notifications.wording import filled
from platform_core.capabilities.process.delegation.selectors import in_force
from platform_core.common.outbox.services import send_all
from security.accounts.channel_services import put_out_of_use
from security.actors import Actor

from .chunks import CHUNK, go_on, words_of
from .models import Notice, Reach, Recipient
from .people import has_left
from .policies import receivers_for
from .wordings import CALL, DEPUTY, SMS

Got, State, Why = Recipient.State, Reach.State, Reach.Why
ADDRESS = "sms"  # both ways use the mobile number that was proved for text messages


@transaction.atomic
def escalate_chunk(*, actor: Actor, notice_id, step: str, after: int) -> int:
    """Reach the next people who have not read by "sms", "voice" or "deputy"; returns how many."""
    notice = Notice.objects.select_related("department").filter(pk=notice_id).first()
    if notice is None or notice.state != Notice.State.SENT:
        return 0
    rows = notice.recipients.filter(state__in=Recipient.UNREAD, read_at=None, pk__gt=after)
    rows = list(rows.order_by("pk")[:CHUNK])
    if step == "deputy":
        _tell_deputies(actor, notice, rows)
    else:
        reach_rows(actor=actor, rows=[row.pk for row in rows], channel=step, wave=0)
    if len(rows) == CHUNK:
        go_on("escalate", notice, rows[-1].pk, step=step)
    return len(rows)


@transaction.atomic
def reach_rows(*, actor: Actor, rows: list[int], channel: str, wave: int) -> None:
    """Let these rows of a roll be reached once in this wave, after the commit."""
    found = [Reach(recipient_id=row, channel=channel, wave=wave) for row in rows]
    Reach.objects.bulk_create(found, ignore_conflicts=True)
    send_all(
        topic="notices.reach",
        payloads={
            f"notices.reach:{row}:{channel}:{wave}": {
                "recipient": row, "channel": channel, "wave": wave,
            }
            for row in rows
        },
    )  # fmt: skip


@transaction.atomic
def reach(
    *, actor: Actor, recipient_id: int, channel: str, wave: int, idempotency_key: str
) -> Reach | None:
    """Hand one attempt to its provider, unless it is not needed any more. A refusal for good is
    noted, at the number's owner too; any other error is the caller's to try again.
    """
    one = _locked(recipient_id, channel, wave)
    if one is None or one.state != State.WAITING:
        return one
    row, why = one.recipient, _needless(one)
    if why:
        return _end(one, State.SKIPPED, why)
    address = row.user.address_for(ADDRESS)
    wording, hand_over = (SMS, letters.text) if channel == "sms" else (CALL, letters.call)
    words = filled(wording.body, words_of(row.notice))[letters.language_of(row.user)]
    try:
        one.reference = hand_over(address, words, idempotency_key)[:120]
    except Refused:
        put_out_of_use(actor=actor, user=row.user, channel=ADDRESS, address=address)
        return _end(one, State.FAILED, Why.REFUSED)
    return _end(one, State.SENT, Why.NONE)


@transaction.atomic
def give_up_reaching(*, actor: Actor, recipient_id: int, channel: str, wave: int) -> None:
    """The retries of an attempt are used up; the roll says so."""
    one = _locked(recipient_id, channel, wave)
    if one is not None and one.state == State.WAITING:
        _end(one, State.FAILED, Why.GIVEN_UP)


def _locked(recipient_id: int, channel: str, wave: int) -> Reach | None:
    found = Reach.objects.select_for_update(of=("self",))
    found = found.select_related("recipient__user", "recipient__notice__department")
    return found.filter(recipient=recipient_id, channel=channel, wave=wave).first()


def _needless(one: Reach) -> str:
    """Why the person need not be reached any more; "" when they must."""
    row = one.recipient
    if row.notice.state != Notice.State.SENT:
        return Why.ENDED
    waits_for_confirming = one.wave and row.notice.needs_confirming
    done = (Got.CONFIRMED,) if waits_for_confirming else (Got.READ, Got.CONFIRMED)
    if row.state in done or (row.read_at and not waits_for_confirming):
        return Why.READ
    if has_left(row.user):
        return Why.LEFT
    return "" if row.user.address_for(ADDRESS) else Why.NO_NUMBER


def _end(one: Reach, state: str, why: str) -> Reach:
    one.state, one.why, one.ended_at = state, why, timezone.now()
    one.save(update_fields=["state", "why", "reference", "ended_at"])
    return one


def _tell_deputies(actor: Actor, notice: Notice, rows: list[Recipient]) -> None:
    by_user = {row.user_id: row for row in rows}
    found = in_force().filter(principal__in=by_user, deputy__is_active=True)
    for one in found.select_related("deputy", "principal").order_by("pk"):
        row = by_user[one.principal_id]
        if row.deputy_id or row.user_id not in receivers_for(one.deputy):
            continue
        row.deputy = one.deputy
        row.save(update_fields=["deputy"])
        notify(
            actor=actor, recipient=one.deputy, key=DEPUTY.key, title=DEPUTY.title,
            body=DEPUTY.body, link=f"/office/notices/{notice.pk}/",
            values=words_of(notice) | {"reason": row.name},
            dedupe=f"notice_deputy:{row.pk}",
        )  # fmt: skip
