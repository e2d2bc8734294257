"""More time for a supervised matter: asked for before the day, decided by the supervising organ."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import NotAllowed, Unusable
from platform_core.common.i18n import pick
from platform_core.common.templatetags.ui import day

from . import stages
from .models import Extension, Supervision
from .moving import begin, finish, needed, tell_heads

LONGEST = timedelta(days=366)


@transaction.atomic
def ask_extension(
    *, actor, item: Supervision, until_on: date | None, reason: str, at: datetime | None = None
) -> Extension:
    """Ask for more time while the day has not passed. The clock goes on until it is granted.

    Raises Conflict once it is late or while a wish waits, Unusable at until_on or reason.
    """
    move = begin(actor, item, "ask_extension", at)
    reason = needed(reason, "reason")
    before = timezone.localdate(move.item.due_at)
    if until_on is None or not before < until_on <= before + LONGEST:
        words = _("Choose a day after %(day)s, within a year.") % {"day": day(before)}
        raise Unusable({"until_on": [words]})
    until = stages.end_of_work(until_on, timezone.get_current_timezone())
    wish = Extension.objects.create(item=move.item, until=until, reason=reason, asked_by=actor.user)
    finish(move, note=reason, facts={"until": until_on.isoformat()})
    return wish


@transaction.atomic
def decide_extension(
    *, actor, item: Supervision, is_granted: bool, answer: str = "", at: datetime | None = None
) -> Supervision:
    """Another person, of the supervising organ, grants or refuses it; a refusal says why. Light and
    day are those of the new time from then on.
    """
    move = begin(actor, item, "grant" if is_granted else "refuse", at)
    answer = needed(answer, "answer", is_needed=not is_granted)
    wish = move.item.extensions.select_for_update().get(state=Extension.State.ASKED)
    if wish.asked_by_id == actor.user.pk:
        raise NotAllowed(_("Somebody else decides on what you asked for."))
    wish.state = Extension.State.APPROVED if is_granted else Extension.State.REFUSED
    wish.answer, wish.decided_by, wish.decided_at = answer, actor.user, move.at
    wish.save()
    changes = {}
    if is_granted:
        start = move.item.opened_at
        changes = {"due_at": wish.until, "warn_at": stages.warn_at(start, wish.until)}
    item = finish(move, note=answer, **changes)
    words = {"title": pick(item.title)}
    tell_heads(
        actor, item, item.lead, f"extension_{wish.state}",
        lambda: (
            (_("More time granted: %(title)s") if is_granted else _("No more time: %(title)s"))
            % words,
            _("Due %(day)s. %(answer)s") % {"day": day(item.due_at), "answer": answer[:300]},
        ),
        move.at,
    )  # fmt: skip
    return item
