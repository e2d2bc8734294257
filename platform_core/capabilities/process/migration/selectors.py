"""Reads for moving running cases: where they stand, who can move, how far it has come."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, F, QuerySet

from platform_core.capabilities.forms.capability import forms_of
from platform_core.capabilities.forms.selectors import values_for_rules
from platform_core.napps.models import NApp, NAppVersion
from security.access import visible_to

from ..definitions import ProcessUnknown, plan_for
from ..models import ProcessInstance
from .compatibility import Reason, compatibility, vanished
from .models import CaseMigration, MigratedCase

EXAMINED = 5_000
EXAMPLES = 5
ENDED = ProcessInstance.Status.ENDED
State = CaseMigration.State


def running_on(version: NAppVersion) -> QuerySet[ProcessInstance]:
    """The running processes of a version that no other one waits for, the oldest first."""
    found = ProcessInstance.objects.filter(napp_version=version, parent=None).exclude(status=ENDED)
    return found.order_by("started_at", "pk")


def older_versions(napp: NApp | None = None) -> list[tuple[NAppVersion, int]]:
    """Versions that are not the one in use but have running cases, with how many; of all N-apps
    when none is given. Two queries."""
    running = ProcessInstance.objects.filter(parent=None).exclude(status=ENDED)
    if napp is not None:
        running = running.filter(napp_version__napp=napp)
    older = running.exclude(napp_version=F("napp_version__napp__current"))
    counts = dict(older.values_list("napp_version").annotate(n=Count("pk")))
    versions = NAppVersion.objects.filter(pk__in=counts).select_related("napp__current")
    versions = versions.defer("manifest", "napp__current__manifest").order_by("napp__slug", "-id")
    return [(version, counts[version.pk]) for version in versions]


def plan_or_none(version: NAppVersion, process_key: str):
    """The plan of a version's process, None when it has no such process."""
    try:
        return plan_for(version, process_key)
    except ProcessUnknown:
        return None


def asked_of(instance: ProcessInstance) -> frozenset[str]:
    """The keys of the questions that the case has been asked so far."""
    keys: set[str] = set()
    if instance.record_id:
        form = forms_of(instance.record.napp_version)[instance.record.form_key]
        keys |= {one.key for one in form.questions()}
    plan, forms = plan_for(instance.napp_version, instance.process_key), None
    for node in instance.state["seen"]:
        key = getattr(plan.step(node), "form", "") if node in plan.places else ""
        if key:
            forms = forms or forms_of(instance.napp_version)
            keys |= {one.key for one in forms[key].questions()} if key in forms else set()
    return frozenset(keys)


def facts_for(instance: ProcessInstance, plan) -> dict:
    """The answers of the case's own form that `plan` asks for and the state does not hold."""
    wanted = plan.facts - set(instance.state["facts"])
    if not wanted or not instance.record_id:
        return {}
    values = values_for_rules(instance.record)
    return {key: values[key] for key in wanted if key in values}


def reasons_of(instance: ProcessInstance, target: NAppVersion) -> list[Reason]:
    """Why the process cannot go on under `target`, as far as its definition goes."""
    old = plan_for(instance.napp_version, instance.process_key)
    new = plan_or_none(target, instance.process_key)
    return compatibility(old, new, instance.state, asked_of(instance))


# -- the preview -----------------------------------------------------------------------------------


@dataclass
class Obstacle:
    """Cases that cannot move for the same reason; `numbers` are a few of them."""

    reason: Reason
    count: int = 0
    numbers: list[str] = field(default_factory=list)


@dataclass
class Preview:
    """What a migration would do now. `forgotten` are steps that cases have passed and that the new
    version does not have, with how many cases."""

    total: int
    moving: int = 0
    staying: int = 0
    obstacles: list[Obstacle] = field(default_factory=list)
    forgotten: list[tuple[str, int]] = field(default_factory=list)

    @property
    def is_partial(self) -> bool:
        """Whether there are more cases than were examined."""
        return self.total > self.moving + self.staying


def preview(source: NAppVersion, target: NAppVersion) -> Preview:
    """Which running cases of `source` could go on under `target`; the first 5,000 are examined."""
    running = running_on(source)
    found = Preview(total=running.count())
    related = ("napp_version__napp", "record__napp_version")
    roots = list(
        running.select_related(*related).defer(
            "napp_version__manifest", "record__napp_version__manifest"
        )[:EXAMINED]
    )
    children = _children_of(roots)
    obstacles: dict[tuple, Obstacle] = {}
    forgotten: Counter = Counter()
    for root in roots:
        family = [root, *children[root.pk]]
        reasons = [one for member in family for one in reasons_of(member, target)]
        if reasons:
            found.staying += 1
            for reason in {(one.code, one.node): one for one in reasons}.values():
                _count(obstacles, reason, root)
            continue
        found.moving += 1
        for member in family:
            plan = plan_for(target, member.process_key)
            forgotten.update(_called(member, key) for key in vanished(plan, member.state))
    found.obstacles = sorted(obstacles.values(), key=lambda one: -one.count)
    found.forgotten = forgotten.most_common()
    return found


def _count(obstacles: dict, reason: Reason, root: ProcessInstance) -> None:
    obstacle = obstacles.setdefault((reason.code, reason.node), Obstacle(reason))
    obstacle.count += 1
    if len(obstacle.numbers) < EXAMPLES and root.subject_number:
        obstacle.numbers.append(root.subject_number)


def _called(instance: ProcessInstance, node: str) -> str:
    plan = plan_for(instance.napp_version, instance.process_key)
    title = getattr(plan.step(node), "title", None) if node in plan.places else None
    return str(title or node)


def _children_of(roots: list[ProcessInstance]) -> dict:
    """{root id: running processes below it}, a query for each level."""
    below, root_of = defaultdict(list), {root.pk: root.pk for root in roots}
    level = [root.pk for root in roots]
    while level:
        rows = ProcessInstance.objects.filter(parent__in=level).exclude(status=ENDED)
        rows = rows.select_related("napp_version__napp", "record__napp_version")
        level = []
        for child in rows.order_by("started_at", "pk"):
            root_of[child.pk] = root_of[child.parent_id]
            below[root_of[child.pk]].append(child)
            level.append(child.pk)
    return below


# -- what was asked for ----------------------------------------------------------------------------


def _rows() -> QuerySet[CaseMigration]:
    related = ("napp__current", "source", "target", "asked_by", "decided_by")
    return CaseMigration.objects.select_related(*related).defer(
        "napp__current__manifest", "source__manifest", "target__manifest"
    )


def migration_by_id(migration_id) -> CaseMigration | None:
    return _rows().filter(pk=migration_id).first()


def migrations_waiting_for(user) -> list[CaseMigration]:
    """Migrations that wait for the approval of `user`: of N-apps that they manage."""
    managed = visible_to(user, "manage", NApp.objects.all())
    waiting = _rows().filter(state=State.WAITING, napp__in=managed)
    return [one for one in waiting.order_by("id") if one.asked_by_id != user.pk]


@dataclass(frozen=True)
class Progress:
    """How far a migration has come."""

    total: int
    moved: int
    kept: int
    is_over: bool

    @property
    def done(self) -> int:
        return self.moved + self.kept


def progress(migration: CaseMigration) -> Progress:
    """Counted from the outcomes, so that no worker waits for another one to count."""
    counts = Counter(dict(migration.cases.values_list("outcome").annotate(n=Count("pk"))))
    moved, kept = counts["moved"], counts["kept"]
    is_over = migration.is_listed and moved + kept >= migration.total
    return Progress(migration.total, moved, kept, is_over)


def kept_cases(migration: CaseMigration, limit: int = 200) -> list[tuple[str, list[str]]]:
    """The cases that were not moved: (number, why in words)."""
    kept = migration.cases.filter(outcome=MigratedCase.Outcome.KEPT).select_related("instance")
    return [
        (one.instance.subject_number, [Reason(**reason).words for reason in one.reasons])
        for one in kept.order_by("at", "pk")[:limit]
    ]
