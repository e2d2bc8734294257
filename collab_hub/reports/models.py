import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from platform_core.common.i18n import pick
from security.privacy import declare, declare_correction, declare_office

from .dictionary_models import ReportFieldVersion, ReportTemplate


class ReportCampaign(models.Model):
    """One collection: a template, asked of the organs of one kind and level below a region, for one
    period. Versions and checks are those of its first day.

    `edition` grows when something is corrected after the end: consumers sign each one. What was
    counted of questions when it ended stands in `asked_again` and `spared`: nothing is asked or
    answered afterwards.
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
    needs_sign_off = models.BooleanField(_("signed off by the organs above"), default=False)
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
    asked_again = models.PositiveIntegerField(null=True)
    spared = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("report collection")
        verbose_name_plural = _("report collections")
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["-started_at"], name="collections_by_start"),
            models.Index(fields=["owner", "-started_at"], name="collections_of_owner"),
        ]
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

    Where the organs above sign off, `waits_for` is the one whose turn it is and `signed_at` when
    the last of them had signed; `turn` grows when it is returned, or corrected after it was sent.
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
    # None until what is known was looked for and whoever works there was asked.
    asked_at = models.DateTimeField(null=True)
    turn = models.PositiveSmallIntegerField(default=1)
    waits_for = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("report of an organ")
        verbose_name_plural = _("reports of organs")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "department"], name="an_organ_once_in_a_collection"
            )
        ]
        indexes = [
            models.Index(fields=["department", "state"], name="reports_of_an_organ"),
            models.Index(
                fields=["waits_for", "campaign"],
                name="reports_to_sign_off",
                condition=models.Q(waits_for__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.department_id}"

    @property
    def state_words(self) -> str:
        """The state as people read it: returned, on its way up, or final."""
        if self.state == self.State.OPEN:
            words = pgettext("report", "Returned") if self.returned_at else ""
        else:
            is_final = self.campaign.needs_sign_off and self.signed_at
            words = pgettext("report", "Signed off") if is_final else ""
        return words or self.get_state_display()


class ReportReview(models.Model):
    """What happened to one organ's report on its way up, one line a deed; append only.

    `turn` is the filling's then: lines of an earlier one no longer count.
    """

    class Act(models.TextChoices):
        SUBMITTED = "submitted", pgettext_lazy("report", "Submitted")
        NOTED = "noted", pgettext_lazy("report", "Taken note of")
        RETURNED = "returned", pgettext_lazy("report", "Returned")
        SIGNED = "signed", pgettext_lazy("report", "Signed off")
        CORRECTED = "corrected", pgettext_lazy("report", "Corrected afterwards")

    filling = models.ForeignKey(ReportFilling, on_delete=models.PROTECT, related_name="reviews")
    turn = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=10, choices=Act)
    department = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("review of a report")
        verbose_name_plural = _("reviews of reports")
        constraints = [
            models.UniqueConstraint(
                fields=["filling", "turn", "department", "act"],
                condition=models.Q(act__in=["noted", "signed"]),
                name="signed_off_once_in_a_turn",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.filling_id} {self.act}"


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


for model in (ReportColumn, ReportAnswer, ReportSumChange, ReportReceipt, ReportUrge):
    declare(model, default="internal")
declare(ReportReview, default="internal", reason="personal")
declare(ReportCampaign, default="internal", closing_note="personal")
declare(ReportFilling, default="internal", draft="personal")
declare(ReportValue, default="internal", text="personal", reason="personal")
for model in (ReportCampaign, ReportFilling):
    declare_correction(model, "decision")
declare_correction(ReportValue, "history")
declare_correction(ReportReview, "history")
declare_office(ReportCampaign)
declare_office(ReportFilling)
declare_office(ReportReview)
declare_office(ReportValue)
