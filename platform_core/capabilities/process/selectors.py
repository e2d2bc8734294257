"""Every read of processes and tasks. What a person gets is what they may see."""

from __future__ import annotations

from datetime import timedelta
from functools import reduce
from operator import or_

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.utils import timezone

from platform_core.common.bounded_json import is_storable
from platform_core.common.days import midnight
from platform_core.common.work import urgency
from platform_core.napps.selectors import reachable
from security.access import get_or_404, visible_to
from security.organs.models import Post
from security.organs.selectors import headed_organs

from . import engine, moves
from .definitions import plan_for
from .drawing import Drawing, Scene, draw
from .models import ProcessEvent, ProcessInstance, Task, Wait
from .permissions import in_pool, may_handle, mine_condition, pool_condition
from .rights import hidden_anywhere, rights_of

BOXES = ("mine", "pool", "all", "cc", "sent", "done")
OPEN = Q(state=Task.State.OPEN)


def _rows(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """With everything that a line of the inbox shows, and nothing of N-apps that are switched
    off."""
    return (
        reachable(tasks, "instance__napp_version__napp")
        .select_related(
            "instance__napp_version__napp",
            "instance__region",
            "instance__department",
            "assignee",
            "pool_department",
            "closed_by",
        )
        .defer("instance__napp_version__manifest", "instance__state")
    )


def inbox(
    user, box: str = "mine", *, q: str = "", due: str = "", napp: str = "", order: str = "due"
) -> QuerySet[Task]:
    """The tasks in one box of `user`: mine, pool, all (both), cc (to read), sent (begun by me),
    done (by me).

    `q` searches name and number of the subject; `due` is "", "late" or "today"; `napp` a slug;
    `order` "due" or "newest". Constant queries: one for a page, one for its count.
    """
    if box not in BOXES or user is None or not user.is_authenticated:
        return Task.objects.none()
    tasks = _rows(_box(user, box))
    words = q.strip()[:100]
    if not is_storable(words):
        return Task.objects.none()
    if words:
        tasks = tasks.filter(
            Q(instance__subject_label__zh__icontains=words)
            | Q(instance__subject_label__en__icontains=words)
            | Q(instance__subject_number__icontains=words)
        )
    if napp:
        tasks = tasks.filter(instance__napp_version__napp__slug=napp)
    if due:
        tasks = tasks.filter(OPEN & _due_filter(due))
    return _ordered(tasks, box, order)


def _box(user, box: str) -> QuerySet[Task]:
    tasks = Task.objects.exclude(kind="cc")
    if box == "mine":
        return tasks.filter(OPEN, mine_condition(user))
    if box == "pool":
        pool = pool_condition(user)
        return tasks.filter(OPEN & pool, assignee=None) if pool is not None else Task.objects.none()
    if box == "all":
        return tasks.filter(OPEN, _whose(user))
    if box == "cc":
        return Task.objects.filter(kind="cc", assignee=user)
    if box == "done":
        return tasks.filter(state=Task.State.DONE, closed_by=user)
    latest = Task.objects.filter(instance=OuterRef("pk")).exclude(kind="cc")
    latest = latest.order_by(F("closed_at").desc(nulls_first=True), "-opened_at", "pk")
    sent = ProcessInstance.objects.filter(starter=user)
    return Task.objects.filter(
        pk__in=sent.values_list(Subquery(latest.values("pk")[:1]), flat=True)
    )


def _due_filter(due: str) -> Q:
    """A deadline that has passed ("late") or ends within the rest of this day ("today")."""
    now = timezone.now()
    if due == "late":
        return Q(due_at__lt=now)
    if due == "today":
        tomorrow = midnight(timezone.localdate(now) + timedelta(days=1))
        return Q(due_at__gte=now, due_at__lt=tomorrow)
    return Q()


def _ordered(tasks: QuerySet[Task], box: str, order: str) -> QuerySet[Task]:
    if box == "done":
        return tasks.order_by("-closed_at", "pk")
    if box == "cc":
        return tasks.order_by("-state", "-opened_at", "pk")
    if box == "sent" or order == "newest":
        return tasks.order_by("-opened_at", "pk")
    return tasks.order_by(*urgency())


def inbox_counts(user) -> dict[str, int]:
    """How many wait in each box: mine, pool, cc (unread), and of mine and pool late and today."""
    names = ("mine", "pool", "cc", "late", "today")
    if user is None or not user.is_authenticated:
        return dict.fromkeys(names, 0)
    # The rows are hers already, so the parts need not say again whose: this query is on every page.
    waits = ~Q(kind="cc")
    tasks = reachable(Task.objects.filter(OPEN, _whose(user)), "instance__napp_version__napp")
    return tasks.aggregate(
        mine=Count("pk", filter=waits & Q(assignee__isnull=False)),
        pool=Count("pk", filter=waits & Q(assignee__isnull=True)),
        cc=Count("pk", filter=Q(kind="cc")),
        late=Count("pk", filter=waits & _due_filter("late")),
        today=Count("pk", filter=waits & _due_filter("today")),
    )


def _whose(user) -> Q:
    """What waits for `user`: their own, and what nobody has taken in their pools."""
    pool = pool_condition(user)
    mine = mine_condition(user)
    return mine if pool is None else mine | (Q(assignee=None) & pool)


def task_for(user, task_id) -> Task:
    """The task with its instance for somebody who may see it; Http404 for everybody else."""
    tasks = reachable(Task.objects.all(), "instance__napp_version__napp").select_related(
        "instance__napp_version__napp",
        "instance__region",
        "instance__department",
        "instance__record",
        "instance__starter",
        "assignee",
        "pool_department",
        "closed_by",
    )
    return get_or_404(user, "see", tasks, pk=task_id)


def instance_for(user, instance_id) -> ProcessInstance:
    """The process for somebody who may see it; Http404 for everybody else."""
    found = ProcessInstance.objects.select_related("napp_version__napp", "region", "department")
    return get_or_404(user, "see", found, pk=instance_id)


def tasks_of(user, instance: ProcessInstance) -> list[Task]:
    """The open tasks of a process that `user` may see, oldest first."""
    open_tasks = Task.objects.filter(instance=instance, state=Task.State.OPEN).exclude(kind="cc")
    return list(
        visible_to(user, "see", open_tasks)
        .select_related("assignee", "pool_department")
        .order_by("opened_at")
    )


def allowed_actions(user, task: Task) -> list[str]:
    """What `user` may do with the task now: claim, release, read, and the step's own actions.

    Empty when the task is over or waits for somebody else.
    """
    if not may_handle(user, task) or task.state != Task.State.OPEN:
        return []
    if task.kind == "cc":
        return ["read"]
    instance = task.instance
    if task.kind == "consult":
        if instance.status == ProcessInstance.Status.PAUSED:
            return ["answer"]
        if task.assignee_id is None:
            return ["claim", "answer"]
        return ["answer", "release"] if moves.may_release(task, user) else ["answer"]
    if instance.status == ProcessInstance.Status.PAUSED:
        return []
    actions = moves.allowed(
        instance, plan_for(instance.napp_version, instance.process_key), task, user
    )
    if task.assignee_id is None:
        return ["claim", *actions]
    return [*actions, "release"] if moves.may_release(task, user) else actions


def return_choices(task: Task) -> list[tuple[str, dict]]:
    """The steps to which the task may send the process back: (key, title), the first step first."""
    plan = plan_for(task.instance.napp_version, task.instance.process_key)
    targets = engine.return_targets(plan, task.instance.state, task.node)
    return [(key, plan.step(key).title.model_dump()) for key in targets]


def colleagues_for(user, task: Task) -> list:
    """The colleagues to whom `user` may hand the task: same department, same role."""
    if not (may_handle(user, task) or in_pool(user, task)):
        return []
    barred = task.instance.starter_id if task.kind == "approve" else None
    return [person for person in moves.colleagues(task, user) if person.pk != barred]


def signers_for(user, task: Task) -> list:
    """The colleagues whom `user`, who has the task, may ask to sign before or after."""
    return moves.signers(task, user) if may_handle(user, task) else []


def fill_form_key(task: Task) -> str:
    """The key of the form that a fill-in step asks for; "" for other steps."""
    step = plan_for(task.instance.napp_version, task.instance.process_key).step(task.node)
    return getattr(step, "form", "")


def field_rights(task: Task) -> dict[str, str]:
    """{field of the applicant's form: hidden, read_only, editable or required} in this task."""
    plan = plan_for(task.instance.napp_version, task.instance.process_key)
    if task.node not in plan.places:
        return hidden_anywhere(plan)
    return rights_of(plan.step(task.node), task)


def history(instance: ProcessInstance) -> QuerySet[ProcessEvent]:
    """What happened, in order, with who and in which post."""
    return instance.events.select_related("actor", "post__department", "task").order_by("seq")


def drawing(instance: ProcessInstance, user) -> Drawing:
    """The process as it stands, for the template process/drawing.html: one query, and two for each
    generation of sub-processes.

    Officials read who did what; everybody else reads the department only. Who may see the instance
    is decided before (instance_for, or the case's own page).
    """
    is_official = user is not None and user.is_authenticated and user.is_official
    return draw(_scenes([instance])[instance.pk], is_official)


def _scenes(instances: list[ProcessInstance]) -> dict[object, Scene]:
    """What is drawn of each process, with the processes below it."""
    scenes = {
        one.pk: Scene(one, plan_for(one.napp_version, one.process_key), []) for one in instances
    }
    tasks = Task.objects.filter(instance__in=scenes).order_by("opened_at", "pk")
    for task in tasks.select_related("assignee", "closed_by", "pool_department"):
        scenes[task.instance_id].tasks.append(task)
    waiting = [pk for pk, scene in scenes.items() if scene.plan.waits_for_machines]
    children = []
    rows = Wait.objects.filter(instance__in=waiting).select_related("child__napp_version")
    for wait in rows.defer("child__napp_version__manifest") if waiting else ():
        scenes[wait.instance_id].waits.append(wait)
        children += [wait.child] if wait.child_id else []
    below = _scenes(children) if children else {}
    for scene in scenes.values():
        scene.below = {wait.child_id: below[wait.child_id] for wait in scene.waits if wait.child_id}
    return scenes


def waiting_in_pools() -> QuerySet[Task]:
    """Every open task that nobody has taken, the newest first, for the platform's own processes."""
    tasks = Task.objects.filter(OPEN, assignee=None, is_stranded=False)
    return tasks.select_related("pool_department").order_by("-opened_at", "pk")


def stranded_tasks() -> QuerySet[Task]:
    """Open tasks that nobody can do, for whoever gives out posts, the oldest first.

    Nobody was found when they were opened, or who held the role or had the task has left since.
    """
    return _rows(Task.objects.filter(nobody_can(), OPEN)).order_by("opened_at", "pk")


def nobody_can() -> Q:
    """The condition for tasks that nobody can do now."""
    today = timezone.localdate()
    wanted = ExpressionWrapper(OuterRef("pool_groups"), ArrayField(IntegerField()))
    holders = Post.objects.alias(wanted=wanted).filter(
        Q(valid_until=None) | Q(valid_until__gte=today),
        valid_from__lte=today,
        user__is_active=True,
        department=OuterRef("pool_department"),
        wanted__contains=[F("groups")],
    )
    has_left = Q(assignee__isnull=False, assignee__is_active=False)
    pool_is_empty = Q(assignee=None) & ~Exists(holders)
    return ~Q(kind__in=moves.BESIDE_STEPS) & (Q(is_stranded=True) | has_left | pool_is_empty)


def stranded_for(user) -> QuerySet[Task]:
    """Of the tasks that nobody can do those of the departments that `user` heads, and of those
    below them; for administrators all.
    """
    if user.kind == user.Kind.ADMIN:
        return stranded_tasks()
    headed = headed_organs(user)
    if not headed:
        return Task.objects.none()
    below = [Q(pool_department=one) | Q(pool_department__parent=one) for one in headed]
    return stranded_tasks().filter(reduce(or_, below))
