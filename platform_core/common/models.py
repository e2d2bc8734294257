from django.db import models
from django.utils.translation import gettext_lazy as _

from security.privacy import declare


class CalendarDay(models.Model):
    """A day whose working state differs from the statutory calendar, or is known before it."""

    on = models.DateField(_("day"), primary_key=True)
    is_workday = models.BooleanField(_("working day"))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["on"]

    def __str__(self) -> str:
        return str(self.on)


class IdempotentResponse(models.Model):
    """The first answer to a POST with an Idempotency-Key, written together with its effect."""

    client = models.CharField(max_length=80)
    key = models.CharField(max_length=128)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "key"], name="one_answer_per_client_and_key")
        ]

    def __str__(self) -> str:
        return f"{self.client} {self.key}"


declare(CalendarDay, default="public")
declare(IdempotentResponse, default="internal", body="sensitive")
