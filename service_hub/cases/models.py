import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from security.crypto.fields import SealedTextField
from security.privacy import declare, declare_correction
from service_hub.history_lines import HistoryLine

from . import states

# As many characters of a number as tell cases apart in a list: day and serial.
NUMBER_SHOWN = 12


class CaseSerial(models.Model):
    """The last serial given out for an implementing code on a day; its row lock makes numbers
    gap-free.
    """

    code = models.CharField(max_length=31)
    on = models.DateField()
    last = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "on"], name="one_serial_per_code_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.on} {self.last}"


class Case(models.Model):
    """A case (办件): one application for one service item."""

    State = states.State

    class Light(models.TextChoices):
        GREEN = "g", pgettext_lazy("light", "In time")
        YELLOW = "y", pgettext_lazy("light", "Soon due")
        RED = "r", pgettext_lazy("light", "Late")

    ENDED = states.ENDED
    # Lines of the history that wait for the end of a move; None when none is under way.
    lines_of_move: list | None = None
    is_changed = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("case number"), max_length=43, unique=True)
    item = models.ForeignKey(
        "service_hub.ServiceItem", on_delete=models.PROTECT, related_name="cases"
    )
    napp_version = models.ForeignKey(
        "platform_core.NAppVersion",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("version"),
    )
    # What the organ had published when it was filed; a newer version does not touch the case.
    implementing_version = models.ForeignKey(
        "service_hub.ImplementingVersion",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("version of the implementing item"),
    )
    draft = models.OneToOneField(
        "platform_core.Draft", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    record = models.OneToOneField(
        "platform_core.Record", on_delete=models.PROTECT, related_name="case"
    )
    process = models.OneToOneField(
        "platform_core.ProcessInstance", on_delete=models.PROTECT, null=True, related_name="case"
    )
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="cases"
    )
    # The life event in which it was filed together with others.
    bundle_case = models.ForeignKey(
        "service_hub.BundleCase",
        on_delete=models.PROTECT,
        null=True,
        related_name="cases",
        verbose_name=_("life event"),
    )
    firm = models.ForeignKey(
        "security.Firm", on_delete=models.PROTECT, null=True, related_name="cases"
    )
    # Who filed it for the applicant, and by which right.
    mandate = models.ForeignKey(
        "security.PersonMandate",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("mandate of a person"),
    )
    applicant_name = SealedTextField(_("applicant"), blank=True, default="")
    follow_code = SealedTextField(_("follow-up code"), blank=True, default="")
    region = models.ForeignKey(
        "security.Region",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("division"),
    )
    department = models.ForeignKey(
        "security.Department",
        on_delete=models.PROTECT,
        related_name="cases",
        verbose_name=_("department"),
    )
    channel = models.CharField(_("channel"), max_length=20, default="web")
    # The official who took the application in for the applicant, who may not decide on it.
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("received by"),
    )
    # The system that sent it for the applicant, and its number there.
    source_system = models.CharField(_("source system"), max_length=80, blank=True, default="")
    external_number = models.CharField(_("number there"), max_length=80, blank=True, default="")
    # A keyed index of the answers: the same ones again are probably the same application.
    answers_index = models.CharField(max_length=64, blank=True, default="")
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    merged_at = models.DateTimeField(null=True)
    # Only `moving.py` changes it, by the table in `states.py`.
    state = models.CharField(
        _("state"), max_length=14, choices=states.State, default=states.State.SUBMITTED
    )
    result = models.JSONField(_("result"), null=True)
    submitted_at = models.DateTimeField(_("sent at"))
    # By the organ that is responsible: later than sent when another one passed the case on.
    received_at = models.DateTimeField(_("received at"), null=True)
    acceptance_due_at = models.DateTimeField(_("to be accepted by"), null=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    promise_due_at = models.DateTimeField(_("promised by"), null=True)
    promise_warn_at = models.DateTimeField(null=True)
    legal_due_at = models.DateTimeField(null=True)
    extension_days = models.PositiveSmallIntegerField(default=0)
    # Several organs act on it together (联办): other terms of law hold (Licensing Law art. 42).
    is_joint = models.BooleanField(_("handled jointly"), default=False)
    # What was last told of the promise; empty while no clock runs.
    light = models.CharField(max_length=1, choices=Light, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [
            models.Index(fields=["applicant", "-submitted_at"]),
            models.Index(fields=["firm", "-submitted_at"]),
            models.Index(fields=["department", "state", "-submitted_at"]),
            models.Index(fields=["state", "promise_due_at"]),
            models.Index(
                fields=["acceptance_due_at"],
                condition=models.Q(state__in=["submitted", "received"]),
                name="case_to_be_accepted",
            ),
            models.Index(
                fields=["light", "promise_warn_at"],
                condition=models.Q(closed_at=None),
                name="case_light",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source_system", "external_number"],
                condition=~models.Q(external_number=""),
                name="one_case_per_external_number",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_ended(self) -> bool:
        return self.state in self.ENDED

    def get_state_display(self) -> str:
        """The state in words; of an application that was joined with another, with its number."""
        if self.state == states.State.MERGED and self.merged_into_id:
            words = {"number": f"…{self.merged_into.number[-NUMBER_SHOWN:]}"}
            return gettext("Joined with %(number)s") % words
        return str(states.State(self.state).label)

    @property
    def offered(self):
        """Whose days the applicant was promised: what the organ had published, else the item."""
        return self.implementing_version or self.item

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody knows who applied: neither an account nor an official who saw them."""
        return self.applicant_id is None and self.received_by_id is None


class CaseEvent(HistoryLine):
    """One line of the case's history. `is_public` lines are the applicant's timeline.
    Append-only.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=30)
    params = models.JSONField(default=dict)
    is_public = models.BooleanField(default=True)

    class Meta(HistoryLine.Meta):
        ordering = ["case", "seq"]
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="one_line_per_number")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq} {self.kind}"


class Correction(models.Model):
    """The one request for correction a case may get before acceptance (Licensing Law art. 32)."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="correction")
    fields = models.JSONField(_("flagged fields"))
    note = models.TextField(_("what to correct"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self) -> str:
        return str(self.case_id)


declare(CaseSerial, default="public")
declare(
    Case,
    default="internal",
    applicant_name="personal",
    answers_index="personal",
    result="personal",
    follow_code="sensitive",
)
declare(CaseEvent, default="internal", params="personal")
declare(Correction, default="internal", note="personal")
declare_correction(Case, "computed", result="decision", follow_code="number")
declare_correction(CaseEvent, "history")
declare_correction(Correction, "decision")
