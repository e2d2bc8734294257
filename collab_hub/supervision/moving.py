"""What every act of supervision has in common: whether it can be done by whom, its line in the log,
what waits for whom afterwards, and who is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.languages import in_both
from platform_core.capabilities.notifications.services import notify
from platform_core.common.chained import add_line
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.events import emit
from platform_core.common.organs import organ_text
from security.audit.services import record_audit
from security.organs.duties import standing_group
from security.organs.models import Department
from security.organs.selectors import organs_of, people_of, users_holding

from . import stages
from .models import Supervision
from .policies import hand_of, own_among
from .waiting import bring_up_to_date

State = Supervision.State
LONGEST = 2000
PEOPLE_TOLD = 5


@dataclass
class Move:
    """An act under way: the locked item, its standing, and who does it in which organ's name."""

    actor: object
    item: Supervision
    act: str
    at: datetime
    standing: stages.Standing
    before: dict
    assisting: list[Department]
    hand: stages.Hand | None


def standing_of(item: Supervision, now: datetime, *, waits: bool | None = None) -> stages.Standing:
    """Where the item stands now. `waits` says whether an extension waits, when that is known."""
    if waits is None:
        waits = item.extensions.filter(state="asked").exists()
    told = item.verdict_at and timezone.localdate(item.verdict_at)
    today = timezone.localdate(now)
    return stages.Standing(
        state=item.state,
        round=item.round,
        is_late=item.state in stages.RUNNING and stages.is_late(item.due_at, now),
        waits_for_extension=waits,
        may_object=bool(told) and today <= stages.last_day_to_object(told),
        has_objected=item.has_objected,
        is_content=item.is_content,
    )


def begin(actor, item: Supervision, act: str, at: datetime | None) -> Move:
    """Lock the item and see that the act is possible and the actor's.

    Raises Conflict with the present state, or NotAllowed with whose act it is.
    """
    at = at or timezone.now()
    item = Supervision.objects.select_for_update().get(pk=item.pk)
    item.owner, item.lead = _organs(item)
    assisting = [one.organ for one in item.assistances.select_related("organ__region")]
    standing = standing_of(item, at)
    if actor.user is None:
        hand = stages.Hand(is_clock=actor.is_system)
    else:
        hand = hand_of(actor.user, item, assisting)
    if not stages.may(hand, act):
        raise NotAllowed(whose_words(act, hand))
    if not stages.is_possible(standing, act):
        raise Conflict(impossible_words(item, act))
    return Move(actor, item, act, at, standing, facts_of(item), assisting, hand)


def begin_beside(actor, item: Supervision, at: datetime | None) -> Move:
    """Lock the item for something of the supervising organ's that moves no state. Raises
    NotAllowed.
    """
    at = at or timezone.now()
    item = Supervision.objects.select_for_update().get(pk=item.pk)
    item.owner, item.lead = _organs(item)
    assisting = [one.organ for one in item.assistances.select_related("organ__region")]
    hand = hand_of(actor.user, item, assisting)
    if not stages.may(hand, "archive"):
        raise NotAllowed(whose_words("archive", hand))
    return Move(actor, item, "", at, standing_of(item, at), facts_of(item), assisting, hand)


def needs_hand(actor, item: Supervision) -> list[Department]:
    """The lead and the assisting organs. Raises NotAllowed unless the actor works for one."""
    organs = [item.lead, *(one.organ for one in item.assistances.select_related("organ"))]
    if not own_among(actor.user, organs):
        raise NotAllowed(whose_words("progress", stages.Hand()))
    return organs


def write_beside(move: Move, kind: str, note: str = "", facts: dict | None = None) -> None:
    """The line of what `begin_beside` began, and what waits brought up to date."""
    write_line(move.actor, move.item, kind, move.at, note=note, before=move.before, facts=facts,
               organ=move.item.owner)  # fmt: skip
    bring_up_to_date(
        actor=move.actor, item=move.item, assisting=move.item.assistances.all(), at=move.at
    )


def _organs(item: Supervision) -> tuple[Department, Department]:
    found = Department.objects.select_related("region").in_bulk([item.owner_id, item.lead_id])
    return found[item.owner_id], found[item.lead_id]


def finish(move: Move, *, note: str = "", facts: dict | None = None, **changes) -> Supervision:
    """Carry the act out: new state and values, one line in the log, one audit row with its digest,
    and what waits for people brought up to date.
    """
    item, moved = move.item, stages.after(move.standing, move.act)
    item.state, item.round = moved.state, moved.round
    item.has_objected, item.is_content = moved.has_objected, moved.is_content
    for name, value in changes.items():
        setattr(item, name, value)
    item.save()
    if move.act == "report" and move.standing.waits_for_extension:
        item.extensions.filter(state="asked").update(state="lapsed")
    write_line(move.actor, item, move.act, move.at, note=note, before=move.before,
               facts=facts, organ=organ_of(move))  # fmt: skip
    bring_up_to_date(actor=move.actor, item=item, assisting=item.assistances.all(), at=move.at)
    return item


def write_line(actor, item, kind: str, at, *, note="", before=None, facts=None, organ=None):
    """One line of the log, and the audit row that holds its digest."""
    before, after = before or {}, facts_of(item)
    changed = {key: [before.get(key), value] for key, value in after.items()
               if before.get(key) != value}  # fmt: skip
    line = add_line(
        item.lines, kind=kind, actor=actor.user, organ=organ, at=at, note=note,
        facts={**(facts or {}), "changed": changed},
    )  # fmt: skip
    record_audit(
        actor=actor, verb=f"supervision.{kind}", obj=item,
        before={key: old for key, (old, _new) in changed.items()} or None,
        after={key: new for key, (_old, new) in changed.items()} | {"digest": line.digest},
    )  # fmt: skip
    return line


def organ_of(move: Move) -> Department | None:
    """In whose name the actor acts: the supervising organ for its acts, else the one served."""
    if move.hand is None or move.hand.is_clock:
        return None
    if stages.ACTS[move.act].whose in (stages.OWNER, stages.SECOND, stages.REVIEWER):
        return move.item.owner
    if stages.ACTS[move.act].whose == stages.LEAD:
        return move.item.lead
    mine = set(organs_of(move.actor.user))
    handlers = move.assisting
    if stages.ACTS[move.act].whose == stages.HANDLER:
        handlers = [move.item.lead, *move.assisting]
    return next((organ for organ in handlers if organ.pk in mine), None)


def facts_of(item: Supervision) -> dict:
    """What of an item can change, as plain values for the log."""
    return {
        "state": item.state,
        "number": item.number,
        "round": item.round,
        "lead": organ_text(item.lead),
        "due_at": item.due_at and timezone.localtime(item.due_at).isoformat(timespec="minutes"),
        "verdict": item.verdict or None,
    }


# -- what is said ----------------------------------------------------------------------------------


def needed(text: str, field: str, *, longest: int = LONGEST, is_needed: bool = True) -> str:
    """The text as it is kept. Raises Unusable at `field` when it is missing or too long."""
    text = str(text or "").replace("\x00", "").strip()
    if len(text) > longest or (is_needed and not text):
        words = _("Write between 1 and %(n)s characters.") % {"n": longest}
        raise Unusable({field: [words]})
    return text


def impossible_words(item: Supervision, act: str) -> str:
    if act == "ask_extension" and item.state == State.DOING:
        return _("More time can be asked for before the day, and once at a time.")
    if act == "conclude" and item.state in stages.RUNNING:
        return _("It is not late, or a wish for more time waits: decide on that first.")
    if act in {"object", "content"} and item.state == State.CLOSED:
        return _("The 30 days are over, or the organ has said its word.")
    if act == "archive" and item.state == State.CLOSED:
        return _("The organ may still object. It is archived after the 30 days.")
    return _("This cannot be done now: it is “%(state)s”.") % {"state": item.get_state_display()}


def whose_words(act: str, hand: stages.Hand) -> str:
    whose = stages.ACTS[act].whose
    if whose == stages.SECOND and hand.was_proposer:
        return _("A colleague opens what you have proposed.")
    if whose == stages.REVIEWER and hand.took_part:
        return _("Who took part in the verdict does not decide on the objection.")
    if whose in (stages.OWNER, stages.SECOND, stages.REVIEWER):
        if hand.is_owner:
            return _("You work for an organ that has to do it. Somebody else judges it.")
        return _("Only the supervising organ does this.")
    if whose == stages.HANDLER:
        return _("Only the lead and the assisting organs do this.")
    if whose == stages.ASSISTING:
        return _("Only an assisting organ does this.")
    return _("Only the lead organ does this.")


def tell_heads(actor, item: Supervision, organ: Department, kind: str, words, at) -> None:
    """Tell the heads of an organ; where it has none, the first people who work there.

    `words` gives (title, body) in the language in force.
    """
    heads = users_holding([standing_group("head")], organ) or people_of(organ, PEOPLE_TOLD)
    title, body = in_both(lambda: words()[0]), in_both(lambda: words()[1])
    for person in heads:
        notify(
            actor=actor,
            recipient=person,
            key=f"supervision.{kind}",
            title=title,
            body=body,
            link=reverse("supervision_item", args=[item.pk]),
            dedupe=f"supervision:{item.pk}:{kind}:{at.isoformat()}:{person.pk}",
        )


def tell_source(actor, item: Supervision, outcome: str) -> None:
    """Let whoever asked for the supervision know how it ended."""
    if item.source:
        emit(
            "supervision.closed", source=item.source, object_type=item.object_type,
            object_id=item.object_id, outcome=outcome,
        )  # fmt: skip
