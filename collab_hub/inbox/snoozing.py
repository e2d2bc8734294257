"""Putting off what waits until an hour: for one person, and for nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.process.models import Task
from platform_core.common.errors import Unusable
from platform_core.common.templatetags.ui import moment
from security.access import visible_to
from security.actors import Actor
from security.audit.services import record_audit

from .models import Snooze, WorkItem

LONGEST = timedelta(days=183)
MOST = 100


@transaction.atomic
def snooze(
    *, actor: Actor, chosen: list[tuple[str, object]], until: datetime | None, past_due=False
) -> int:
    """Do not show `chosen`, (what, id), to the actor before `until`; returns how many were put off.

    A later hour takes the place of an earlier one. What does not wait for the actor is left out.
    Raises Unusable for an hour that cannot be, and, unless `past_due` says that it is meant, when
    something is due before that hour.
    """
    now = timezone.now()
    if until is None or not now < until <= now + LONGEST:
        raise Unusable({"until": [_("Choose a moment within the next half year.")]})
    if not 0 < len(chosen) <= MOST:
        raise Unusable({"chosen": [_("Choose between one and %(most)d.") % {"most": MOST}]})
    waiting = _waiting(actor.user, chosen)
    dues = [due for _what, due in waiting if due is not None and due < until]
    if dues and not past_due:
        words = _(
            "%(count)d of these are due before that, the first %(when)s. Say that you mean it."
        )
        raise Unusable({"past_due": [words % {"count": len(dues), "when": moment(min(dues))}]})
    Snooze.objects.bulk_create(
        [Snooze(user=actor.user, what=what, until=until) for what, _due in waiting],
        update_conflicts=True, unique_fields=["user", "what"], update_fields=["until"],
    )  # fmt: skip
    after = {"rows": len(waiting), "until": until.isoformat(), "past_due": len(dues)}
    record_audit(actor=actor, verb="inbox.snooze", obj=actor.user, after=after)
    return len(waiting)


@transaction.atomic
def wake(*, actor: Actor, chosen: list[tuple[str, object]]) -> int:
    """Show again what the actor put off; returns how many."""
    ids = [key for _what, key in chosen[:MOST]]
    count, _rows = Snooze.objects.filter(user=actor.user, what__in=ids).delete()
    if count:
        record_audit(actor=actor, verb="inbox.wake", obj=actor.user, after={"rows": count})
    return count


def forget_ended() -> int:
    """Remove what is shown again by now, whoever put it off; returns how many rows."""
    return Snooze.objects.filter(until__lte=timezone.now()).delete()[0]


def _waiting(user, chosen) -> list[tuple[object, datetime | None]]:
    """(id, due) of what waits for the person among the chosen."""
    found = []
    for what, model in (("task", Task), ("work", WorkItem)):
        ids = [key for name, key in chosen if name == what]
        if ids:
            rows = visible_to(user, "handle", model.objects.filter(pk__in=ids))
            found += rows.values_list("pk", "due_at")
    return found
