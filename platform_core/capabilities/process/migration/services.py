"""Every write of migrations: ask, decide, hand the cases to the workers, move one.

A case moves in a transaction of its own, is looked at again under its lock, and is left untouched
when it does not fit. Its record keeps the version of its form: answers are never read anew.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.events import emit
from platform_core.common.outbox.services import send, send_all
from platform_core.napps.models import NApp, NAppVersion
from security.actors import Actor
from security.audit.services import record_audit

from ..assignment import holders_of
from ..definitions import plan_for
from ..escalation.terms import escalate_at
from ..locking import lock_instance
from ..models import ProcessInstance, Task
from ..writing import Writer
from .compatibility import Reason, adapted
from .models import CaseMigration, MigratedCase
from .selectors import facts_for, reasons_of, running_on

LIST, MOVE, FAILED = "process.migrate_list", "process.migrate", "process.migrate_failed"
BATCH = 200
LONGEST = 400
State = CaseMigration.State
Outcome = MigratedCase.Outcome
SYSTEM = "migration of cases"


@transaction.atomic
def ask_migration(*, actor: Actor, source: NAppVersion, reason: str) -> CaseMigration:
    """Ask that the running cases of `source` go on under the version in use.

    Unusable without a reason; Conflict when `source` is the version in use or it was asked already.
    """
    if actor.user is None:
        raise NotAllowed(_("Only a person asks for a migration."))
    reason = _reason(reason, _("Give the reason: it stands in the history of every case."))
    napp = NApp.objects.select_for_update(of=("self",)).select_related("current").get(
        pk=source.napp_id
    )  # fmt: skip
    if napp.current_id in (None, source.pk) or napp.state not in (
        NApp.State.OPEN,
        NApp.State.CLOSED,
    ):
        raise Conflict(_("Cases move from an older version to the one in use."))
    waiting = CaseMigration.objects.filter(napp=napp, source=source, state=State.WAITING).first()
    if waiting:
        raise Conflict(
            _("%(who)s has already asked for this.") % {"who": waiting.asked_by},
            migration=waiting.pk,
        )
    migration = CaseMigration.objects.create(
        napp=napp, source=source, target=napp.current, reason=reason, asked_by=actor.user
    )
    _record(actor, migration, "asked")
    return migration


@transaction.atomic
def approve_migration(*, actor: Actor, migration: CaseMigration) -> CaseMigration:
    """Approve what another person asked for; workers move the cases from now on."""
    migration = _decidable(actor, migration)
    if migration.napp.current_id != migration.target_id:
        raise Conflict(_("The N-app has changed since this was asked for. Ask again."))
    _decide(actor, migration, State.APPROVED)
    send(topic=LIST, key=f"{LIST}:{migration.pk}:0", payload={"migration": migration.pk})
    _record(actor, migration, "approved")
    return migration


@transaction.atomic
def refuse_migration(*, actor: Actor, migration: CaseMigration, answer: str) -> CaseMigration:
    """Refuse what another person asked for. Unusable without words for them."""
    migration.answer = _reason(answer, _("Give the reason: whoever asked needs it."))
    answer = migration.answer
    migration = _decidable(actor, migration)
    migration.answer = answer
    _decide(actor, migration, State.REFUSED)
    _record(actor, migration, "refused")
    return migration


@transaction.atomic
def withdraw_migration(*, actor: Actor, migration: CaseMigration) -> CaseMigration:
    """Take back what one asked for oneself."""
    migration = _waiting(migration)
    if actor.user is None or migration.asked_by_id != actor.user.pk:
        raise NotAllowed(_("Only whoever asked takes it back; others refuse it."))
    _decide(actor, migration, State.WITHDRAWN)
    _record(actor, migration, "withdrawn")
    return migration


# -- the workers -----------------------------------------------------------------------------------


@transaction.atomic
def list_cases(*, actor: Actor, migration_id: int, after: str = "") -> int:
    """Hand the next 200 cases to the workers; returns how many. Safe to repeat: a case is handed
    over once, and the count is of what was handed over."""
    migration = CaseMigration.objects.select_for_update().get(pk=migration_id)
    if migration.is_listed:
        return 0
    running = running_on(migration.source).order_by("pk")
    if after:
        running = running.filter(pk__gt=after)
    ids = [str(pk) for pk in running.values_list("pk", flat=True)[:BATCH]]
    send_all(
        topic=MOVE,
        payloads={
            f"{MOVE}:{migration.pk}:{pk}": {"migration": migration.pk, "instance": pk} for pk in ids
        },
    )
    migration.total += len(ids)
    migration.is_listed = len(ids) < BATCH
    migration.save(update_fields=["total", "is_listed"])
    if not migration.is_listed:
        payload = {"migration": migration.pk, "after": ids[-1]}
        send(topic=LIST, key=f"{LIST}:{migration.pk}:{ids[-1]}", payload=payload)
    else:
        record_audit(actor=actor, verb="migration.listed", obj=migration.napp,
                     after={"cases": migration.total})  # fmt: skip
    return len(ids)


@transaction.atomic
def migrate_case(*, actor: Actor, migration_id: int, instance_id) -> MigratedCase:
    """Move one case with everything that runs below it, or keep it and say why. A second time
    changes nothing. Emits process.migrated for every process that moved."""
    root = lock_instance(id=instance_id)
    migration = CaseMigration.objects.select_related(
        "napp", "source", "target", "asked_by", "decided_by"
    ).get(pk=migration_id)
    known = MigratedCase.objects.filter(migration=migration, instance=root).first()
    if known:
        return known
    family = [root, *_running_below(root)]
    reasons = _reasons(migration, family)
    if not reasons:
        for instance in family:
            _move(migration, instance)
        record_audit(
            actor=actor, verb="process.migrate", obj=root,
            before={"version": migration.source.version},
            after={"version": migration.target.version, "reason": migration.reason},
        )  # fmt: skip
    return _outcome(migration, root, reasons)


@transaction.atomic
def give_up(*, actor: Actor, migration_id: int, instance_id) -> MigratedCase:
    """A case whose move kept failing stays where it is, and the list says so."""
    root = lock_instance(id=instance_id)
    migration = CaseMigration.objects.get(pk=migration_id)
    known = MigratedCase.objects.filter(migration=migration, instance=root).first()
    record_audit(actor=actor, verb="process.migrate_failed", obj=root)
    return known or _outcome(migration, root, [Reason("failed")])


def _outcome(migration, root, reasons: list[Reason]) -> MigratedCase:
    return MigratedCase.objects.create(
        migration=migration,
        instance=root,
        outcome=Outcome.KEPT if reasons else Outcome.MOVED,
        reasons=[reason.as_json() for reason in reasons],
        at=timezone.now(),
    )


def _running_below(root: ProcessInstance) -> list[ProcessInstance]:
    """The running processes below, locked after those above them, as a withdrawal locks them."""
    found, level = [], [root.pk]
    while level:
        rows = ProcessInstance.objects.filter(parent__in=level)
        rows = rows.exclude(status=ProcessInstance.Status.ENDED).order_by("started_at", "pk")
        children = [lock_instance(id=pk) for pk in rows.values_list("pk", flat=True)]
        found += [one for one in children if one.status != ProcessInstance.Status.ENDED]
        level = [one.pk for one in children]
    return found


def _reasons(migration: CaseMigration, family: list[ProcessInstance]) -> list[Reason]:
    root = family[0]
    if root.status == ProcessInstance.Status.ENDED:
        return [Reason("ended")]
    if any(one.napp_version_id != migration.source_id for one in family):
        return [Reason("elsewhere")]
    if migration.napp.current_id != migration.target_id:
        return [Reason("outdated")]
    return [one for member in family for one in reasons_of(member, migration.target)]


def _move(migration: CaseMigration, instance: ProcessInstance) -> None:
    target = migration.target
    plan = plan_for(target, instance.process_key)
    before = plan_for(instance.napp_version, instance.process_key)
    state = adapted(before, plan, instance.state, facts_for(instance, plan))
    # It stands in the history under the name of whoever asked; the data name who approved.
    actor = Actor.of(migration.asked_by, channel="system")
    target.napp = migration.napp
    instance.napp_version, instance.state = target, state
    instance.save(update_fields=["napp_version", "state"])
    _renew_tasks(instance, before, plan)
    writer = Writer(instance, plan, actor, timezone.now())
    writer.record(
        "migrated",
        opinion=migration.reason,
        data={
            "from": migration.source.version,
            "to": target.version,
            "approved_by": str(migration.decided_by),
            "migration": migration.pk,
        },
    )
    writer.finish()
    emit("process.migrated", instance=instance, actor=actor, at=writer.at)


def _renew_tasks(instance: ProcessInstance, before, plan) -> None:
    """Open tasks get the title and stage of the new version, and when nobody has them the pool of
    whoever does the step now. Terms that run keep running: they were promised."""
    undone = Task.objects.select_for_update(of=("self",)).filter(
        instance=instance, state__in=[Task.State.OPEN, Task.State.LATER]
    )
    for task in undone.filter(node__in=plan.places).exclude(kind="cc").order_by("pk"):
        step = plan.step(task.node)
        task.title, task.stage = step.title.model_dump(), getattr(step, "stage", "")
        task.escalate_at = _escalation(step, task)
        changed = ["title", "stage", "escalate_at"]
        if task.assignee_id is None and _assign(step) != _assign(before.step(task.node)):
            holders = holders_of(step, instance)
            task.pool_department, task.pool_groups = holders.department, list(holders.groups)
            task.is_stranded = holders.is_stranded
            changed += ["pool_department", "pool_groups", "is_stranded"]
        task.save(update_fields=changed)


def _escalation(step, task: Task):
    """What is done when the promised term is over is said by the new version."""
    deadline = getattr(step, "deadline", None)
    return escalate_at(deadline, task.due_at) if deadline and task.due_at else None


def _assign(step):
    return getattr(step, "assign", None)


# -- deciding --------------------------------------------------------------------------------------


def _reason(text: str, missing: str) -> str:
    text = text.strip()
    if not text:
        raise Unusable({"reason": [missing]})
    if len(text) > LONGEST:
        raise Unusable(
            {"reason": [_("Shorten this to %(limit)d characters.") % {"limit": LONGEST}]}
        )
    return text


def _waiting(migration: CaseMigration) -> CaseMigration:
    NApp.objects.select_for_update().get(pk=migration.napp_id)
    related = ("napp", "source", "target", "asked_by", "decided_by")
    found = CaseMigration.objects.select_related(*related).get(pk=migration.pk)
    if found.state != State.WAITING:
        words = {"state": found.get_state_display()}
        raise Conflict(_("This is no longer open: %(state)s.") % words, state=found.state)
    return found


def _decidable(actor: Actor, migration: CaseMigration) -> CaseMigration:
    migration = _waiting(migration)
    if actor.user is None or actor.user.pk == migration.asked_by_id:
        raise NotAllowed(_("You asked for this yourself: somebody else decides on it."))
    return migration


def _decide(actor: Actor, migration: CaseMigration, state: str) -> None:
    migration.state, migration.decided_by = state, actor.user
    migration.decided_at = timezone.now()
    migration.save(update_fields=["state", "decided_by", "decided_at", "answer"])


def _record(actor: Actor, migration: CaseMigration, what: str) -> None:
    facts = {
        "from": migration.source.version,
        "to": migration.target.version,
        "reason": migration.answer or migration.reason,
    }
    record_audit(actor=actor, verb=f"migration.{what}", obj=migration.napp, after=facts)
