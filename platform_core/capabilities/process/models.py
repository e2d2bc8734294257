import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.i18n import pick
from platform_core.common.work import urgency
from security.privacy import declare, declare_correction


class ProcessInstance(models.Model):
    """A running process of one subject (a case, a report …), under the version it began with."""

    class Status(models.TextChoices):
        RUNNING = "running", pgettext_lazy("process", "Running")
        WAITING = "waiting", _("Waiting for the applicant")
        PAUSED = "paused", pgettext_lazy("process", "Suspended")
        ENDED = "ended", pgettext_lazy("process", "Ended")

    # What the listeners of one move share of the subject, so that its row is locked and read once.
    subject_of_move = None

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    napp_version = models.ForeignKey(
        "platform_core.NAppVersion", on_delete=models.PROTECT, related_name="+"
    )
    process_key = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    subject_label = models.JSONField(_("subject"))
    subject_number = models.CharField(pgettext_lazy("process", "number"), max_length=64, blank=True)
    record = models.ForeignKey(
        "platform_core.Record", on_delete=models.PROTECT, null=True, related_name="+"
    )
    starter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    region = models.ForeignKey(
        "security.Region", on_delete=models.PROTECT, null=True, related_name="+"
    )
    department = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # The process that waits for this one, of the same subject.
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    state = models.JSONField(default=dict)
    status = models.CharField(max_length=8, choices=Status, default=Status.RUNNING)
    outcome = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField(default=1)
    # Numbers the events without asking for the last one; the row is locked whenever it grows.
    event_count = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"]),
            models.Index(fields=["starter", "-started_at"], name="process_sent"),
        ]

    def __str__(self) -> str:
        return pick(self.subject_label)


class Task(models.Model):
    """One thing that waits for one person or for the holders of a role in a department.

    `pool_department` and `pool_groups` say whose matter it is, also while one person has it;
    without `assignee` it waits in the pool of those holders. `is_stranded` marks a task that nobody
    holds the role for: it stays in the pool, and administrators find it by this mark.

    `round` tells the openings of one step apart and grows; in it `seat` is the number under which
    the engine knows the task. A signer's task names the seat that it `signs_for`.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("task", "Open")
        LATER = "later", _("Not asked yet")
        DONE = "done", pgettext_lazy("task", "Done")
        CANCELLED = "cancelled", _("No longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instance = models.ForeignKey(ProcessInstance, on_delete=models.PROTECT, related_name="tasks")
    node = models.CharField(max_length=60)
    round = models.PositiveIntegerField(default=0)
    seat = models.PositiveSmallIntegerField(default=1)
    signs_for = models.PositiveSmallIntegerField(null=True)
    kind = models.CharField(max_length=12)
    stage = models.CharField(max_length=20, blank=True)
    title = models.JSONField()
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="tasks",
        verbose_name=_("in the hands of"),
    )
    # The index by department and closing stands in for one of its own.
    pool_department = models.ForeignKey(
        "security.Department",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("department"),
    )
    pool_groups = ArrayField(models.IntegerField(), default=list)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    outcome = models.CharField(max_length=20, blank=True)
    opinion = models.TextField(blank=True)
    is_stranded = models.BooleanField(default=False)
    opened_at = models.DateTimeField(_("since"))
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    warned_at = models.DateTimeField(null=True)
    overdue_told_at = models.DateTimeField(null=True)
    escalate_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    urged_at = models.DateTimeField(null=True)
    # It has a term that runs past the known calendar.
    awaits_calendar = models.BooleanField(default=False)
    # Other organs were asked, and the step waits for what they say.
    awaits_opinions = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("open task")
        verbose_name_plural = _("open tasks")
        indexes = [
            models.Index(
                "assignee", *urgency(), name="task_mine", condition=models.Q(state="open")
            ),
            models.Index(
                "pool_department",
                *urgency(),
                name="task_pool",
                condition=models.Q(state="open", assignee=None),
            ),
            models.Index(fields=["due_at"], name="task_due", condition=models.Q(state="open")),
            models.Index(
                fields=["warn_at"],
                name="task_warn",
                condition=models.Q(state="open", warned_at=None),
            ),
            models.Index(
                fields=["due_at"],
                name="task_overdue",
                condition=models.Q(state="open", overdue_told_at=None),
            ),
            models.Index(
                fields=["escalate_at"],
                name="task_escalate",
                condition=models.Q(state="open", escalated_at=None),
            ),
            models.Index(
                fields=["opened_at"],
                name="task_stranded",
                condition=models.Q(state="open", is_stranded=True),
            ),
            models.Index(
                fields=["opened_at"],
                name="task_awaits_calendar",
                condition=models.Q(state="open", awaits_calendar=True),
            ),
            models.Index(fields=["closed_by", "-closed_at"], name="task_closed_by"),
            models.Index(fields=["pool_department", "closed_at"], name="task_unit"),
            models.Index(
                fields=["assignee", "state", "-opened_at"],
                name="task_read_items",
                condition=models.Q(kind="cc"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.node} {self.id}"


class Wait(models.Model):
    """A step that waits for a machine: a clock, a call of the N-app's code, or another process.

    `ticket` is the number under which the engine knows it; an answer to a cancelled wait comes too
    late.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("wait", "Waiting")
        DONE = "done", pgettext_lazy("wait", "Done")
        FAILED = "failed", pgettext_lazy("wait", "Failed")
        CANCELLED = "cancelled", pgettext_lazy("wait", "No longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instance = models.ForeignKey(ProcessInstance, on_delete=models.PROTECT, related_name="waits")
    node = models.CharField(max_length=60)
    kind = models.CharField(max_length=12)
    ticket = models.PositiveIntegerField()
    child = models.OneToOneField(
        ProcessInstance, on_delete=models.PROTECT, null=True, related_name="waited_for"
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instance", "ticket"], name="one_wait_per_ticket")
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="wait_due",
                condition=models.Q(state="waiting", due_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.instance_id} {self.node} {self.ticket}"


class ProcessEvent(models.Model):
    """What happened in a process, in order. Append-only."""

    instance = models.ForeignKey(ProcessInstance, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    node = models.CharField(max_length=60, blank=True)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="events")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    actor_name = models.CharField(max_length=150, blank=True)
    post = models.ForeignKey("security.Post", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    opinion = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["instance", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["instance", "seq"], name="one_event_per_number")
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.instance_id} {self.seq} {self.kind}"


class AssignmentTurn(models.Model):
    """Whose turn it was last at a step in a department; its row lock makes turns fair."""

    napp = models.ForeignKey("platform_core.NApp", on_delete=models.CASCADE, related_name="+")
    process_key = models.CharField(max_length=40)
    node = models.CharField(max_length=60)
    department = models.ForeignKey(
        "security.Department", on_delete=models.CASCADE, related_name="+"
    )
    last = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["napp", "process_key", "node", "department"], name="one_turn_per_desk"
            )
        ]

    def __str__(self) -> str:
        return f"{self.process_key} {self.node} {self.department_id}"


declare(ProcessInstance, default="internal", subject_label="personal", state="personal")
declare(AssignmentTurn, default="internal")
declare(Task, default="internal", opinion="personal")
declare(Wait, default="internal")
declare(
    ProcessEvent, default="internal", actor_name="personal", opinion="personal", data="personal"
)
declare_correction(ProcessInstance, "computed")
