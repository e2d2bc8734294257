import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from security.crypto.fields import SealedTextField
from security.privacy import declare, declare_correction


class Batch(models.Model):
    """A firm's spreadsheet for one service: a row is an application."""

    class State(models.TextChoices):
        CHECKED = "checked", pgettext_lazy("spreadsheet", "Checked, not filed")
        RUNNING = "running", pgettext_lazy("spreadsheet", "Being filed")
        DONE = "done", pgettext_lazy("spreadsheet", "Filed")
        STOPPED = "stopped", pgettext_lazy("spreadsheet", "Stopped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firm = models.ForeignKey("security.Firm", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("service_hub.ServiceItem", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("file"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CHECKED)
    # {field: column letters} of the sheet, to name a cell as the spreadsheet does.
    columns = models.JSONField(default=dict)
    reason = models.CharField(_("reason"), max_length=30, blank=True)
    made_at = models.DateTimeField(_("uploaded at"))
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("spreadsheet of applications")
        verbose_name_plural = _("spreadsheets of applications")
        indexes = [models.Index(fields=["firm", "-made_at"])]

    def __str__(self) -> str:
        return self.name


class BatchRow(models.Model):
    """One row. It is filed in the transaction that says so, so it is filed once."""

    class State(models.TextChoices):
        READY = "ready", pgettext_lazy("row", "Right")
        WRONG = "wrong", pgettext_lazy("row", "To correct")
        FILED = "filed", pgettext_lazy("row", "Filed")
        REFUSED = "refused", pgettext_lazy("row", "Not filed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    state = models.CharField(_("state"), max_length=10, choices=State)
    # The answers by field; emptied once the case holds them.
    answers = SealedTextField(blank=True, default="")
    errors = models.JSONField(default=dict)
    case = models.OneToOneField(
        "service_hub.Case", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="one_row_per_number")
        ]
        indexes = [models.Index(fields=["batch", "state", "number"])]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.number}"


declare(Batch, default="internal", name="personal")
declare(BatchRow, default="internal", answers="sensitive", errors="personal")
declare_correction(Batch, "sent")
declare_correction(BatchRow, "sent")
