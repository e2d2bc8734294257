"""Swapping two duties: one person asks, the other one agrees or refuses."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from collab_hub.inbox.work import close_work, put_work
from platform_core.capabilities.documents.languages import in_both
from platform_core.common.bounded_json import is_storable
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.templatetags.ui import day as day_words
from security.access import may
from security.actors import Actor
from security.audit.services import record_audit

from . import duties, duty_selectors
from .double_selectors import after_swaps, swap_words
from .duties import Duty
from .locking import hold
from .models import DutyChange, DutySwap, Roster
from .telling import tell

KIND = "duty_swap"
State = DutySwap.State
# Beside a duty, so far on either side may another one reach into it.
NEAR = timedelta(days=2)
MOST_ENDED = 200


@transaction.atomic
def ask_swap(
    *,
    actor: Actor,
    roster: Roster,
    mine: tuple[int, date],
    theirs: tuple[int, date],
    note: str = "",
    at: datetime | None = None,
) -> DutySwap:
    """Ask whoever has the duty `theirs` to change it with the actor's duty `mine`, each (shift,
    day). It waits in their inbox.

    Raises Conflict when a duty is over, has other people by now, or is asked for already; Unusable
    at "theirs" when somebody would be on duty twice at once, at "note".
    """
    hold(roster.pk)
    at = at or timezone.now()
    note = note.strip()
    if len(note) > 200 or not is_storable(note):
        raise Unusable({"note": [_("Shorten this to %(limit)d characters.") % {"limit": 200}]})
    own, other = _two(roster, mine, theirs, at)
    if own.person != actor.user.pk:
        raise Conflict(_("This is not your duty any more."))
    if other.person is None or other.person == actor.user.pk:
        raise Unusable({"theirs": [_("Choose the duty of a colleague.")]})
    if _open(mine) or _open(theirs):
        raise Conflict(_("One of these duties is being swapped already."))
    _no_clash(roster, mine, theirs)
    swap = DutySwap.objects.create(
        roster=roster, asked_by=actor.user, shift_id=mine[0], on=mine[1],
        other_id=other.person, other_shift_id=theirs[0], other_on=theirs[1], note=note,
    )  # fmt: skip
    record_audit(
        actor=actor, verb="duty_swap.ask", obj=swap,
        after={"mine": f"{mine[0]} {mine[1]}", "theirs": f"{theirs[0]} {theirs[1]}",
               "other": other.person},
    )  # fmt: skip
    twice = after_swaps(roster, [swap])[swap.pk]
    put_work(
        actor=actor, kind=KIND, obj=swap, person=swap.other, department=roster.department,
        title=in_both(lambda: _("%(who)s asks you to swap: your duty on %(day)s") % {
            "who": actor.name, "day": day_words(other.starts_at)}),
        reason=in_both(lambda: " ".join(filter(None, [
            _("They would take it for theirs on %(day)s.") % {"day": day_words(own.starts_at)},
            swap_words(swap, twice)]))),
        due_at=min(own.starts_at, other.starts_at), address=("directory:roster", [roster.pk]),
    )  # fmt: skip
    tell(actor=actor, person=swap.other, template="duty_swap_asked", roster=roster, duty=other,
         other=own, dedupe=f"duty_swap_asked:{swap.pk}")  # fmt: skip
    return swap


def _two(roster, mine, theirs, at: datetime) -> tuple[Duty, Duty]:
    """Both duties as they stand now, when both lie ahead."""
    found = []
    for shift, on in (mine, theirs):
        plan = duty_selectors.plan_of(roster, on, on + duty_selectors.DAY)
        duty = next((one for one in plan.duties if one.shift == shift), None)
        if duty is None or duty.starts_at <= at:
            raise Conflict(_("One of these duties has begun or is no longer planned."))
        found.append(duty)
    return found[0], found[1]


def _open(duty: tuple[int, date]) -> bool:
    shift, on = duty
    waiting = DutySwap.objects.filter(state=State.ASKED)
    same = waiting.filter(shift=shift, on=on) | waiting.filter(other_shift=shift, other_on=on)
    return same.exists()


def _no_clash(roster, mine, theirs) -> None:
    """Refuse when one of the two would have two duties at the same time."""
    first, last = min(mine[1], theirs[1]) - NEAR, max(mine[1], theirs[1]) + NEAR
    plan = duty_selectors.plan_of(roster, first, last)
    double = duties.clashes(duties.swapped(plan.duties, mine, theirs))
    if double:
        words = _("Then somebody would be on duty twice at once on %(day)s.")
        on = min(one.starts_at for one in double)
        raise Unusable({"theirs": [words % {"day": day_words(on)}]})


def _locked(actor: Actor, swap: DutySwap, verb: str) -> DutySwap:
    hold(swap.roster_id)
    related = ("roster__department", "asked_by", "other")
    found = DutySwap.objects.select_for_update(of=("self",)).select_related(*related)
    found = found.get(pk=swap.pk)
    if not may(actor.user, verb, found):
        raise NotAllowed(_("The two people whose duties these are agree on it themselves."))
    if found.state != State.ASKED:
        raise Conflict(_("This was settled already."))
    return found


@transaction.atomic
def agree_swap(*, actor: Actor, swap: DutySwap, at: datetime | None = None) -> DutySwap:
    """The other person agrees: both duties change hands at once, and each keeps as many as before.

    Raises NotAllowed for anybody else, Conflict when one of the duties has begun or changed.
    """
    found = _locked(actor, swap, "decide")
    mine, theirs = (found.shift_id, found.on), (found.other_shift_id, found.other_on)
    own, other = _two(found.roster, mine, theirs, at or timezone.now())
    if (own.person, other.person) != (found.asked_by_id, found.other_id):
        raise Conflict(_("One of these duties has somebody else by now."))
    _no_clash(found.roster, mine, theirs)
    for (shift, on), person in ((mine, found.other), (theirs, found.asked_by)):
        DutyChange.objects.create(
            shift_id=shift, on=on, person=person, swap=found, made_by=actor.user
        )
    _settle(actor, found, State.APPROVED)
    tell(actor=actor, person=found.asked_by, template="duty_swap_agreed", roster=found.roster,
         duty=other, dedupe=f"duty_swap_agreed:{found.pk}")  # fmt: skip
    return found


@transaction.atomic
def refuse_swap(*, actor: Actor, swap: DutySwap) -> DutySwap:
    """The other person does not agree; nothing changes. Raises NotAllowed, Conflict."""
    found = _locked(actor, swap, "decide")
    _settle(actor, found, State.REFUSED)
    plan = duty_selectors.plan_of(found.roster, found.on, found.on + duty_selectors.DAY)
    for duty in plan.duties:
        if duty.shift == found.shift_id:
            tell(actor=actor, person=found.asked_by, template="duty_swap_refused",
                 roster=found.roster, duty=duty,
                 dedupe=f"duty_swap_refused:{found.pk}")  # fmt: skip
    return found


@transaction.atomic
def withdraw_swap(*, actor: Actor, swap: DutySwap) -> DutySwap:
    """Whoever asked takes it back. Raises NotAllowed, Conflict."""
    found = _locked(actor, swap, "withdraw")
    _settle(actor, found, State.WITHDRAWN)
    return found


@transaction.atomic
def end_swaps(*, actor: Actor, roster: Roster, shift: int, on: date) -> None:
    """Open wishes about a duty end: it has been given to somebody else."""
    found = DutySwap.objects.filter(roster=roster, state=State.ASKED)
    same = found.filter(shift=shift, on=on) | found.filter(other_shift=shift, other_on=on)
    for swap in same:
        _settle(actor, swap, State.WITHDRAWN)


@transaction.atomic
def end_stale_swaps(*, actor: Actor, at: datetime | None = None) -> int:
    """Wishes that nobody answered before one of the duties began, or was taken off the plan, end
    and wait for nobody; returns how many.
    """
    at = at or timezone.now()
    soon = timezone.localdate(at) + duty_selectors.DAY
    begun = Q(on__lte=soon) | Q(other_on__lte=soon)
    found = DutySwap.objects.filter(begun, state=State.ASKED)
    ended = 0
    for swap in found.select_related("roster__department").order_by("pk")[:MOST_ENDED]:
        hold(swap.roster_id)
        try:
            _two(swap.roster, (swap.shift_id, swap.on), (swap.other_shift_id, swap.other_on), at)
        except Conflict:
            swap.refresh_from_db()
            if swap.state == State.ASKED:
                _settle(actor, swap, State.WITHDRAWN)
                ended += 1
    return ended


def _settle(actor: Actor, swap: DutySwap, state: str) -> None:
    swap.state = state
    if state in (State.APPROVED, State.REFUSED):
        swap.decided_by, swap.decided_at = actor.user, timezone.now()
    swap.save(update_fields=["state", "decided_by", "decided_at"])
    is_cancelled = state == State.WITHDRAWN
    close_work(actor=actor, kind=KIND, obj=swap, outcome=state, is_cancelled=is_cancelled)
    record_audit(actor=actor, verb=f"duty_swap.{state}", obj=swap)
