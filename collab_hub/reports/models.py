import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.i18n import pick
from platform_core.common.two_people import TwoPeople, takes_two_people
from security.privacy import declare, declare_correction, declare_office


class ReportField(models.Model):
    """An entry of the dictionary: one fact that is asked in reports, and the department that
    answers for its meaning. What it means stands in its versions.
    """

    code = models.SlugField(_("code"), max_length=80, unique=True)
    owner = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    napp = models.ForeignKey(
        "platform_core.NApp", on_delete=models.PROTECT, null=True, related_name="+"
    )
    is_in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("report field")
        verbose_name_plural = _("report fields")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class ReportFieldVersion(TwoPeople):
    """What a field means from some day on; never changed once it is in force.

    `sense` grows when kind, unit or meaning change: values of another sense are other facts and are
    not used again. A version that an N-app declares was approved with the N-app.
    """

    class Kind(models.TextChoices):
        NUMBER = "number", pgettext_lazy("report field", "Number")
        MONEY = "money", pgettext_lazy("report field", "Money")
        TEXT = "text", pgettext_lazy("report field", "Text")
        CHOICE = "choice", pgettext_lazy("report field", "Choice")
        DATE = "date", pgettext_lazy("report field", "Day")

    class Aggregation(models.TextChoices):
        SUM = "sum", pgettext_lazy("report field", "Sum")
        AVERAGE = "avg", pgettext_lazy("report field", "Average")
        LARGEST = "max", pgettext_lazy("report field", "Largest")
        LATEST = "latest", pgettext_lazy("report field", "Latest")
        NONE = "none", pgettext_lazy("report field", "Not summed up")

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("report field", "Waits for the head")
        APPROVED = "approved", pgettext_lazy("report field", "In force")
        REFUSED = "refused", pgettext_lazy("report field", "Refused")
        DECLARED = "declared", pgettext_lazy("report field", "Declared by an N-app")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    field = models.ForeignKey(ReportField, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    sense = models.PositiveSmallIntegerField(default=1)
    title = models.JSONField(_("title"))
    meaning = models.JSONField(_("meaning"), default=dict)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    choices = models.JSONField(default=list)
    validity_days = models.PositiveIntegerField(_("valid for days"))
    is_of_period = models.BooleanField(_("belongs to its period"), default=True)
    aggregation = models.CharField(_("summed up by"), max_length=10, choices=Aggregation)
    source = models.JSONField(_("source"), default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    note = models.CharField(_("note"), max_length=400, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("version of a report field")
        verbose_name_plural = _("versions of report fields")
        ordering = ["field", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["field", "number"], name="one_version_of_a_field"),
            models.UniqueConstraint(
                fields=["field"],
                condition=models.Q(state="asked"),
                name="one_wish_for_a_field_at_a_time",
            ),
            takes_two_people("report_field_takes_two_people"),
        ]

    def __str__(self) -> str:
        return pick(self.title)

    @property
    def is_amount(self) -> bool:
        return self.kind in (self.Kind.NUMBER, self.Kind.MONEY)


class ReportTemplate(models.Model):
    """A report as a set of fields of the dictionary, with checks across them.

    `checks` is a list of {"rule": tree, "formula": text, "says": {"zh", "en"}}.
    """

    code = models.SlugField(_("code"), max_length=80, unique=True)
    title = models.JSONField(_("title"))
    owner = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    napp = models.ForeignKey(
        "platform_core.NApp", on_delete=models.PROTECT, null=True, related_name="+"
    )
    checks = models.JSONField(default=list)
    is_in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("report template")
        verbose_name_plural = _("report templates")
        ordering = ["code"]

    def __str__(self) -> str:
        return pick(self.title)


class ReportTemplateField(models.Model):
    """A field's place in a template."""

    template = models.ForeignKey(ReportTemplate, on_delete=models.CASCADE, related_name="places")
    field = models.ForeignKey(ReportField, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["template", "field"], name="a_field_once_in_a_template")
        ]

    def __str__(self) -> str:
        return f"{self.template_id} {self.field_id}"


class ReportCampaign(models.Model):
    """One collection: a template, asked of the organs of one kind and level below a region, for one
    period. Versions and checks are those of its first day.

    `edition` grows when something is corrected after the end: consumers sign each one.
    """

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("report", "Running")
        CLOSED = "closed", pgettext_lazy("report", "Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    template = models.ForeignKey(ReportTemplate, on_delete=models.PROTECT, related_name="campaigns")
    title = models.JSONField(_("title"))
    owner = models.ForeignKey("security.Department", on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey("security.Region", on_delete=models.PROTECT, related_name="+")
    organ_kind = models.SlugField(_("organs asked"), max_length=40)
    level = models.PositiveSmallIntegerField(_("level"))
    period = models.CharField(_("period"), max_length=10)
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    checks = models.JSONField(default=list)
    edition = models.PositiveSmallIntegerField(default=1)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    started_at = models.DateTimeField(_("started"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    closing_note = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name = _("report collection")
        verbose_name_plural = _("report collections")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "region", "organ_kind", "level", "period"],
                condition=models.Q(state="running"),
                name="nothing_collected_twice_at_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {pick(self.title)}"


class ReportColumn(models.Model):
    """A field in a collection, with the version that counts there to its end."""

    campaign = models.ForeignKey(ReportCampaign, on_delete=models.CASCADE, related_name="columns")
    version = models.ForeignKey(ReportFieldVersion, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "version"], name="a_field_once_in_a_collection"
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.version_id}"


class ReportFilling(models.Model):
    """What one organ is asked in one collection. It belongs to the organ: whoever works there sees
    it, with what a predecessor has typed.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("report", "To be filled in")
        SUBMITTED = "submitted", pgettext_lazy("report", "Submitted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(ReportCampaign, on_delete=models.PROTECT, related_name="fillings")
    department = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    draft = models.JSONField(default=dict)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    drafted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    supervised_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("report of an organ")
        verbose_name_plural = _("reports of organs")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "department"], name="an_organ_once_in_a_collection"
            )
        ]
        indexes = [models.Index(fields=["department", "state"], name="reports_of_an_organ")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.department_id}"


class ReportValue(models.Model):
    """A value of a field for one organ and period. Never overwritten: a correction is a further
    row of the same `chain` with the next `turn`, and a reason.
    """

    class Origin(models.TextChoices):
        FILLED = "filled", pgettext_lazy("report value", "Filled in")
        RECORDS = "records", pgettext_lazy("report value", "Counted from records")
        DATASET = "dataset", pgettext_lazy("report value", "From a dataset")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chain = models.UUIDField(default=uuid.uuid4)
    turn = models.PositiveSmallIntegerField(default=1)
    version = models.ForeignKey(ReportFieldVersion, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, related_name="+"
    )
    period = models.CharField(max_length=10)
    amount = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    text = models.CharField(max_length=500, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.FILLED)
    source = models.JSONField(default=dict)
    filling = models.ForeignKey(
        ReportFilling, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    filled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    valid_until = models.DateField()

    class Meta:
        verbose_name = _("reported value")
        verbose_name_plural = _("reported values")
        constraints = [
            models.UniqueConstraint(fields=["chain", "turn"], name="one_correction_at_a_time")
        ]
        indexes = [
            models.Index(fields=["department", "version", "valid_until"], name="values_of_an_organ")
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.text if self.amount is None else format(self.amount.normalize(), "f")


class ReportAnswer(models.Model):
    """Which value stands in a collection for a field of an organ; the newest of its chain."""

    filling = models.ForeignKey(ReportFilling, on_delete=models.PROTECT, related_name="answers")
    column = models.ForeignKey(ReportColumn, on_delete=models.PROTECT, related_name="answers")
    value = models.ForeignKey(ReportValue, on_delete=models.PROTECT, related_name="answers")
    # False where this very collection asked for it.
    is_known_before = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["filling", "column"], name="one_answer_for_a_field")
        ]

    def __str__(self) -> str:
        return f"{self.filling_id} {self.column_id}"


class ReportSumChange(models.Model):
    """What a correction did to one sum above: append only."""

    value = models.ForeignKey(ReportValue, on_delete=models.PROTECT, related_name="sum_changes")
    column = models.ForeignKey(ReportColumn, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey("security.Region", on_delete=models.PROTECT, related_name="+")
    before = models.DecimalField(max_digits=30, decimal_places=6, null=True)
    after = models.DecimalField(max_digits=30, decimal_places=6, null=True)

    class Meta:
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.value_id} {self.region_id}"


class ReportReceipt(models.Model):
    """That a department uses what is collected, and its signature under one edition of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(ReportCampaign, on_delete=models.PROTECT, related_name="receipts")
    department = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, related_name="+"
    )
    edition = models.PositiveSmallIntegerField(default=1)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("receipt for a report")
        verbose_name_plural = _("receipts for reports")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "department", "edition"], name="one_receipt_for_an_edition"
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.department_id} {self.edition}"


class ReportUrge(models.Model):
    """Somebody urged an organ to fill in."""

    filling = models.ForeignKey(ReportFilling, on_delete=models.PROTECT, related_name="urges")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filling", "on"], name="urged_once_a_day")]

    def __str__(self) -> str:
        return f"{self.filling_id} {self.on}"


PUBLIC = (ReportField, ReportTemplate, ReportTemplateField, ReportColumn)
for model in (*PUBLIC, ReportAnswer, ReportSumChange, ReportReceipt, ReportUrge):
    declare(model, default="internal")
declare(ReportFieldVersion, default="internal", note="personal")
declare(ReportCampaign, default="internal", closing_note="personal")
declare(ReportFilling, default="internal", draft="personal")
declare(ReportValue, default="internal", text="personal", reason="personal")
for model in (ReportFieldVersion, ReportCampaign, ReportFilling):
    declare_correction(model, "decision")
declare_correction(ReportValue, "history")
declare_office(ReportCampaign)
declare_office(ReportFieldVersion)
declare_office(ReportFilling)
declare_office(ReportValue)
