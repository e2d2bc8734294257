"""Deciding several tasks of one step with one opinion: each for itself, none held up by another."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from platform_core.capabilities.process import services as process
from platform_core.capabilities.process.links import task_link
from platform_core.capabilities.process.models import Task
from platform_core.capabilities.process.moves import must_be_storable
from platform_core.common.errors import Conflict, Unusable
from platform_core.common.i18n import pick
from security.actors import Actor

from . import selectors
from .refusals import REFUSALS, refused_words

MOST = 100
ACTIONS = ("approve", "reject")


@dataclass(frozen=True)
class Outcome:
    """What became of one task: `state` is done, late (somebody was faster) or refused."""

    task: Task | None
    state: str
    words: str

    @property
    def name(self) -> str:
        return pick(self.task.instance.subject_label) if self.task else ""

    @property
    def where(self) -> str:
        return task_link(self.task.pk) if self.task else ""


def decide_many(
    *, actor: Actor, chosen: list[tuple[str, int]], action: str, opinion: str = ""
) -> list[Outcome]:
    """Approve or refuse every task of `chosen`, (id, version as seen), and say what became of each.

    Each is decided in a transaction of its own with every check that a single one meets. Raises
    Unusable before anything is done: nothing or too much chosen, several steps, no reason given.
    """
    opinion = opinion.strip()
    _check(chosen, action, opinion)
    found = selectors.batch_chosen(actor.user, [task_id for task_id, _version in chosen])
    if len({(task.instance.napp_version.napp_id, task.node) for task in found.values()}) > 1:
        raise Unusable({"tasks": [_("Choose tasks of one step only.")]})
    done = _("Approved") if action == "approve" else _("Refused")
    outcomes = []
    for task_id, version in dict(chosen).items():
        task, what = found.get(task_id), {"action": action, "opinion": opinion}
        try:
            with transaction.atomic():
                process.act(actor=actor, task_id=task_id, version=version, **what)
            outcomes.append(Outcome(task, "done", done))
        except REFUSALS as error:
            outcomes.append(_refused(task, error))
    return outcomes


def _check(chosen, action: str, opinion: str) -> None:
    problems = {}
    if not chosen:
        problems["tasks"] = [_("Choose at least one task.")]
    elif len(chosen) > MOST:
        problems["tasks"] = [_("Choose at most %(limit)d tasks at a time.") % {"limit": MOST}]
    if action not in ACTIONS:
        problems["action"] = [_("Choose what to do with the tasks.")]
    must_be_storable("opinion", opinion)
    if action == "reject" and not opinion:
        words = _("Give the reason: the applicant and the record need it.")
        problems["opinion"] = [words]
    if problems:
        raise Unusable(problems)


def _refused(task, error: Exception) -> Outcome:
    if isinstance(error, Http404):
        task = None
    return Outcome(task, "late" if isinstance(error, Conflict) else "refused", refused_words(error))
