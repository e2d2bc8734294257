"""Acts on lines of the list: one, or several of them, each for itself."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext_lazy

from platform_core.capabilities.process import services as process
from platform_core.capabilities.process.models import Task
from platform_core.capabilities.process.permissions import is_head
from platform_core.capabilities.process.reassignment import reassign_task
from platform_core.capabilities.process.selectors import task_for
from platform_core.capabilities.process.urging.services import urge_task
from platform_core.common.errors import Conflict, Unusable
from platform_core.common.work import work_kind, work_kinds
from security.access import visible_to
from security.actors import Actor

from .acting import act_on_work, claim_work
from .batch_services import MOST
from .handing_on import hand_on_work, urge_work
from .lines import Line, lines_of
from .models import WorkItem
from .refusals import REFUSALS, refused_words
from .services import act_on_task

# What is said of a task afterwards.
SAID = {
    "approve": gettext_lazy("Approved"),
    "read": gettext_lazy("Marked as read"),
    "claim": gettext_lazy("It is yours now"),
    "urge": gettext_lazy("They are asked to hurry."),
    "hand_on": gettext_lazy("Handed on"),
}
NOT_HERE = gettext_noop("This cannot be done with it from the list.")
LABELS = {
    "approve": (pgettext_lazy("action", "Approve"), "check"),
    "read": (gettext_lazy("Mark as read"), "eye"),
    "claim": (pgettext_lazy("action", "Claim"), "hand"),
    "urge": (pgettext_lazy("action", "Urge"), "bell"),
    "hand_on": (gettext_lazy("Hand on"), "forward"),
    "snooze": (gettext_lazy("Snooze"), "clock"),
    "wake": (gettext_lazy("Show again"), "bell"),
}


@dataclass(frozen=True)
class Chosen:
    """A line as somebody saw it: `what` is task or work."""

    what: str
    id: str
    version: int

    @classmethod
    def read(cls, text: str) -> Chosen | None:
        """From what a line of the list sends; None for anything else."""
        try:
            what, key, version = text.split(":")
            found = cls(what, str(UUID(key)), int(version))
        except ValueError:
            return None
        return found if what in ("task", "work") and 0 < found.version < 2**31 else None


@dataclass(frozen=True)
class LineOutcome:
    """What became of one line: `state` is done, late (somebody was faster) or refused."""

    name: str
    where: str
    state: str
    words: str


def chosen_lines(user, chosen: list[Chosen]) -> list[Line]:
    """The chosen lines that `user` may see, in their order, as they stand now."""
    seen = set()
    for what, model in (("task", Task), ("work", WorkItem)):
        rows = model.objects.filter(pk__in=[one.id for one in chosen if one.what == what])
        seen |= {(what, pk) for pk in visible_to(user, "see", rows).values_list("pk", flat=True)}
    wanted = [(one.what, UUID(one.id)) for one in chosen]
    return lines_of(user, [one for one in wanted if one in seen], timezone.now())


def label_of(action: str) -> tuple[object, str]:
    """What an action is called on a button, and its icon."""
    if action in LABELS:
        return LABELS[action]
    found = [kind.action(action) for kind in work_kinds() if kind.action(action)]
    return (found[0].label, found[0].icon) if found else ("", "check")


@transaction.atomic
def act_on_line(*, actor: Actor, one: Chosen, action: str, **more) -> str:
    """Carry out `action` on a line as it was seen; returns what is said of it.

    `more`: `opinion`, `to_user`, `reason`, as far as the action takes them. The same act sent twice
    is done once and said twice. Raises what single acts raise.
    """
    if action not in SAID and (one.what == "task" or not label_of(action)[0]):
        raise Unusable({"action": [_(NOT_HERE)]})
    if _is_done(actor, one, action):
        return _said(one, action)
    act = _on_task if one.what == "task" else _on_work
    act(actor, one, action, more)
    return _said(one, action)


def do_many(*, actor: Actor, chosen: list[Chosen], action: str, **more) -> list[LineOutcome]:
    """Do the same with every chosen line, each in a transaction of its own, and say what became of
    each. Raises Unusable before anything is done: nothing or too much chosen, no such action, no
    reason where one is needed.
    """
    if not 0 < len(chosen) <= MOST:
        raise Unusable({"chosen": [_("Choose between one and %(most)d.") % {"most": MOST}]})
    if not label_of(action)[0] or action in ("snooze", "wake"):
        raise Unusable({"action": [_("Choose what to do.")]})
    if action == "hand_on" and not more.get("reason", "").strip():
        raise Unusable({"reason": [_("Say why: both colleagues read it.")]})
    lines = {(one.what, str(one.id)): one for one in chosen_lines(actor.user, chosen)}
    outcomes = []
    for one in dict.fromkeys(chosen):
        line = lines.get((one.what, one.id))
        name, where = (line.title, line.where) if line else ("", "")
        try:
            words = act_on_line(actor=actor, one=one, action=action, **more)
            outcomes.append(LineOutcome(name, where, "done", words))
        except REFUSALS as error:
            # A suspended process, or one urged too early, is nobody else's doing.
            is_late = isinstance(error, Conflict) and action != "urge" and _has_moved(one)
            state = "late" if is_late else "refused"
            outcomes.append(LineOutcome(name, where, state, refused_words(error)))
    return outcomes


def _on_task(actor: Actor, one: Chosen, action: str, more: dict) -> None:
    known = {"actor": actor, "task_id": one.id}
    if action == "urge":
        urge_task(**known)
    elif action == "hand_on":
        _hand_on(actor, one, more)
    elif action in ("approve", "read", "claim"):
        opinion = more.get("opinion", "")
        done = act_on_task(**known, action=action, version=one.version, opinion=opinion)
        # What is no copy to read, or somebody else's, is left as it is.
        if action == "read" and (done.outcome, done.closed_by_id) != ("read", actor.user.pk):
            raise Unusable({"action": [_(NOT_HERE)]})
    else:
        raise Unusable({"action": [_(NOT_HERE)]})


def _hand_on(actor: Actor, one: Chosen, more: dict) -> None:
    known = {"actor": actor, "task_id": one.id, "version": one.version}
    to_user, reason = more.get("to_user", ""), more.get("reason", "")
    if is_head(actor.user, task_for(actor.user, one.id)):
        reassign_task(**known, to_user=to_user, reason=reason)
    else:
        process.act(**known, action="transfer", to_user=to_user, opinion=reason)


def _on_work(actor: Actor, one: Chosen, action: str, more: dict) -> None:
    known = {"actor": actor, "work_id": one.id, "version": one.version}
    if action == "urge":
        urge_work(**known)
    elif action == "hand_on":
        hand_on_work(**known, to_user=more.get("to_user", ""), reason=more.get("reason", ""))
    elif action == "claim":
        claim_work(**known)
    else:
        act_on_work(**known, action=action, opinion=more.get("opinion", ""))


def _is_done(actor: Actor, one: Chosen, action: str) -> bool:
    """Whether this very act was carried out before, by the same person."""
    model = Task if one.what == "task" else WorkItem
    done = {"closed_by": actor.user, "outcome": action, "version": one.version + 1}
    return model.objects.filter(pk=one.id, state="done", **done).exists()


def _has_moved(one: Chosen) -> bool:
    model = Task if one.what == "task" else WorkItem
    return not model.objects.filter(pk=one.id, state="open", version=one.version).exists()


def _said(one: Chosen, action: str) -> str:
    if one.what == "task" or action in ("urge", "hand_on", "claim"):
        return str(SAID[action])
    kind = WorkItem.objects.filter(pk=one.id).values_list("kind", flat=True).first()
    found = work_kind(kind or "").action(action)
    return str(found.done or found.label) if found else ""
