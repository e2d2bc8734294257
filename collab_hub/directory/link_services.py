"""Secret addresses of calendars: one for each calendar, renewed or ended at a press."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import NotAllowed
from platform_core.common.locks import one_at_a_time
from security.actors import Actor
from security.audit.services import record_audit

from .models import CalendarLink
from .policies import is_inside

BYTES = 32


@transaction.atomic
def renew_link(*, actor: Actor, roster=None, room=None) -> CalendarLink:
    """A new secret for the actor's own calendar, or for a roster or a room that they may see; an
    earlier one ends at once. Raises NotAllowed for whoever has no post.
    """
    if not is_inside(actor.user):
        raise NotAllowed(_("Only who has a post has a calendar."))
    # Two at once would each leave a link behind.
    one_at_a_time(f"calendar-link:{actor.user.pk}")
    _end(actor, roster, room)
    made = CalendarLink(
        user=actor.user, roster=roster, room=room, token=secrets.token_urlsafe(BYTES),
        made_at=timezone.now(),
    )  # fmt: skip
    made.save(force_insert=True)
    record_audit(actor=actor, verb="calendar_link.make", obj=made, after=_of(roster, room))
    return made


@transaction.atomic
def end_link(*, actor: Actor, roster=None, room=None) -> int:
    """The secret no longer opens anything; returns how many there were."""
    return _end(actor, roster, room)


def _end(actor: Actor, roster, room) -> int:
    held = CalendarLink.objects.filter(user=actor.user, roster=roster, room=room, ended_at=None)
    found = list(held.select_for_update())
    for one in found:
        one.ended_at = timezone.now()
        one.save(update_fields=["ended_at"])
        record_audit(actor=actor, verb="calendar_link.end", obj=one, after=_of(roster, room))
    return len(found)


def _of(roster, room) -> dict:
    return {"roster": roster.pk if roster else None, "room": room.pk if room else None}
