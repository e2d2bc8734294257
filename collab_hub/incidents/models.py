import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.chained import ChainedLine
from platform_core.common.i18n import pick
from platform_core.common.two_people import TwoPeople, takes_two_people
from security.privacy import declare, declare_correction

USER = settings.AUTH_USER_MODEL
ORGAN = "security.Department"


def _organ(words, **options) -> models.ForeignKey:
    return models.ForeignKey(
        ORGAN, on_delete=models.PROTECT, related_name="+", verbose_name=words, **options
    )


def _person() -> models.ForeignKey:
    return models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")


class Kind(models.TextChoices):
    """The four classes of the Emergency Response Law."""

    NATURAL = "natural", pgettext_lazy("incident", "Natural disaster")
    ACCIDENT = "accident", pgettext_lazy("incident", "Accident")
    HEALTH = "health", pgettext_lazy("incident", "Public health")
    SAFETY = "safety", pgettext_lazy("incident", "Public safety")


class Level(models.IntegerChoices):
    """How grave it is; 1 is the gravest (Emergency Response Law)."""

    FIRST = 1, pgettext_lazy("incident", "Level I, particularly serious")
    SECOND = 2, pgettext_lazy("incident", "Level II, serious")
    THIRD = 3, pgettext_lazy("incident", "Level III, major")
    FOURTH = 4, pgettext_lazy("incident", "Level IV, ordinary")


class Plan(models.Model):
    """An organ's plan for events of one sort; what it says stands in its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.JSONField(_("title"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    owner = _organ(_("organ"))
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("incident plan")
        verbose_name_plural = _("incident plans")
        indexes = [models.Index(fields=["owner", "kind"], name="incident_plans_of")]

    def __str__(self) -> str:
        return pick(self.title)


class PlanVersion(TwoPeople):
    """One state of a plan. `asked_by` is who wrote it last; another person publishes it.

    `content` is what `content.py` describes.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("incident plan", "Draft")
        ASKED = "asked", pgettext_lazy("incident plan", "To be published")
        APPROVED = "approved", pgettext_lazy("incident plan", "In force")
        REFUSED = "refused", pgettext_lazy("incident plan", "Sent back")
        REPLACED = "replaced", pgettext_lazy("incident plan", "Replaced")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    answer = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-number"]
        constraints = [
            takes_two_people("an_incident_plan_takes_two_people"),
            models.UniqueConstraint(fields=["plan", "number"], name="one_plan_version_per_number"),
            models.UniqueConstraint(
                fields=["plan"], condition=models.Q(state__in=["draft", "asked"]),
                name="one_open_plan_version",
            ),
            models.UniqueConstraint(
                fields=["plan"], condition=models.Q(state="approved"),
                name="one_plan_version_in_force",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}"


class Incident(models.Model):
    """An event under way, or over: where, how grave, who commands. `once` names the click that
    activated it; `figures` are what situation reports count.
    """

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("incident", "Running")
        ENDED = "ended", pgettext_lazy("incident", "Stood down")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    once = models.UUIDField(unique=True)
    plan_version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    organ = _organ(_("commanding organ"))
    region = models.ForeignKey("security.Region", on_delete=models.PROTECT, related_name="+")
    title = models.JSONField(_("title"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    place = models.CharField(_("place"), max_length=200)
    occurred_at = models.DateTimeField(_("happened at"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    escalate_minutes = models.PositiveSmallIntegerField()
    figures = models.JSONField(default=list)
    activated_at = models.DateTimeField(_("activated at"))
    activated_by = _person()
    ended_at = models.DateTimeField(_("stood down at"), null=True)
    ended_by = _person()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        indexes = [models.Index(fields=["state", "-activated_at"], name="incidents_running")]

    def __str__(self) -> str:
        return self.number

    @property
    def audit_label(self) -> str:
        return self.number

    @property
    def numeral(self) -> str:
        return "\u2160\u2161\u2162\u2163"[self.level - 1]

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING


class IncidentRole(models.Model):
    """A role in an incident: one node of its contact tree, filled from a post of `organ`.

    `told_at` and `confirmed_at` are about who holds it now.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="roles")
    key = models.CharField(max_length=40)
    title = models.JSONField()
    organ = _organ(_("organ"))
    duty = models.CharField(max_length=20)
    above = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="below")
    commands = models.BooleanField(default=False)
    holder = _person()
    told_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = _person()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "key"], name="one_incident_role_per_key")
        ]

    def __str__(self) -> str:
        return pick(self.title)


class IncidentPhase(models.Model):
    """A phase of an incident, a column of its board."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="phases")
    key = models.CharField(max_length=40)
    title = models.JSONField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "key"], name="one_incident_phase_per_key")
        ]

    def __str__(self) -> str:
        return pick(self.title)


class IncidentTask(models.Model):
    """What an organ has to do in an incident. `version` counts its moves: who moves it says which
    one they saw.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("incident task", "To do")
        DOING = "doing", pgettext_lazy("incident task", "Being done")
        DONE = "done", pgettext_lazy("incident task", "Done")
        DROPPED = "dropped", pgettext_lazy("incident task", "No longer needed")

    OPEN = (State.WAITING, State.DOING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="tasks")
    phase = models.ForeignKey(IncidentPhase, on_delete=models.PROTECT, related_name="tasks")
    role = models.ForeignKey(
        IncidentRole, on_delete=models.PROTECT, null=True, related_name="tasks"
    )
    organ = _organ(_("organ"))
    key = models.CharField(max_length=40)
    title = models.JSONField()
    detail = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    version = models.PositiveIntegerField(default=1)
    given_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)
    moved_by = _person()
    moved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at", "given_at", "key"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "key"], name="one_incident_task_per_key")
        ]

    def __str__(self) -> str:
        return pick(self.title)


class CheckEntry(models.Model):
    """One line of a checklist; lines with the same `list_key` are one list."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="checks")
    phase = models.ForeignKey(IncidentPhase, on_delete=models.PROTECT, related_name="checks")
    list_key = models.CharField(max_length=40)
    title = models.JSONField()
    text = models.CharField(max_length=200)
    checked_by = _person()
    checked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class Resource(models.Model):
    """Something that is needed: `total` is on hand or out, `out` of it is with organs."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="resources")
    key = models.CharField(max_length=40)
    title = models.JSONField()
    unit = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=200, blank=True)
    needed = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    out = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "key"], name="one_incident_resource_per_key"
            ),
            models.CheckConstraint(
                condition=models.Q(out__lte=models.F("total")), name="a_resource_is_not_lent_twice"
            ),
        ]

    def __str__(self) -> str:
        return pick(self.title)

    @property
    def free(self) -> int:
        return self.total - self.out


class Holding(models.Model):
    """How much of a resource an organ has now."""

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="holdings")
    organ = _organ(_("organ"))
    amount = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "organ"], name="one_holding_per_organ")
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.organ_id}: {self.amount}"


class SituationReport(models.Model):
    """A situation report. `figures` is {key: {"value", "carried"}}: what nobody filled in is taken
    over from the report before.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField()
    text = models.TextField()
    figures = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = _person()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "number"], name="one_situation_report_per_number"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.number}"


class OpenPoint(models.Model):
    """What remained to be done after an incident; handed over, it is supervised."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("open point", "Open")
        HANDED = "handed", pgettext_lazy("open point", "Handed to supervision")
        CLOSED = "closed", pgettext_lazy("open point", "Settled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="points")
    task = models.OneToOneField(IncidentTask, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.JSONField()
    text = models.TextField()
    lead = _organ(_("lead organ"))
    due_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)

    class Meta:
        ordering = ["state", "due_at", "id"]

    def __str__(self) -> str:
        return pick(self.title)


class IncidentLine(ChainedLine):
    """The log of an incident: every deed, and the messages that came in and went out."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="lines")

    class Meta(ChainedLine.Meta):
        ordering = ["incident", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "seq"], name="one_incident_line_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.seq} {self.kind}"


declare(Plan, default="internal")
declare(PlanVersion, default="internal", answer="personal")
declare(Incident, default="internal")
declare(IncidentRole, default="internal")
declare(IncidentPhase, default="internal")
declare(IncidentTask, default="internal", detail="personal", result="personal")
declare(CheckEntry, default="internal")
declare(Resource, default="internal")
declare(Holding, default="internal")
declare(SituationReport, default="internal", text="personal")
declare(OpenPoint, default="internal", text="personal")
declare(IncidentLine, default="internal", note="personal", facts="personal")
declare_correction(PlanVersion, "decision")
declare_correction(IncidentTask, "history")
declare_correction(SituationReport, "history")
declare_correction(OpenPoint, "decision")
declare_correction(IncidentLine, "history")
