from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from security.privacy import declare


class Suspension(models.Model):
    """Working days that no deadline counts: a special procedure runs (Licensing Law art. 45).

    Both `began_on` and `ended_on` are inside; without an end the clock stands.
    """

    class Kind(models.TextChoices):
        HEARING = "hearing", _("Hearing")
        BIDDING = "bidding", _("Bidding or auction")
        INSPECTION = "inspection", _("Inspection")
        TESTING = "testing", _("Testing")
        QUARANTINE = "quarantine", _("Quarantine")
        APPRAISAL = "appraisal", _("Appraisal")
        EXPERTS = "experts", _("Review by experts")
        COURT = "court", _("Waiting for a court or another authority")

    instance = models.ForeignKey(
        "platform_core.ProcessInstance", on_delete=models.PROTECT, related_name="suspensions"
    )
    node = models.CharField(max_length=60)
    kind = models.CharField(_("procedure"), max_length=12, choices=Kind)
    reason = models.TextField(_("reason"))
    began_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    began_at = models.DateTimeField()
    began_on = models.DateField()
    planned_until = models.DateField(_("planned last day"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        ordering = ["began_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["instance"],
                condition=models.Q(ended_at=None),
                name="one_suspension_at_a_time",
            )
        ]
        indexes = [
            models.Index(
                fields=["planned_until"],
                name="suspension_planned",
                condition=models.Q(ended_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.instance_id} {self.kind} {self.began_on}"


declare(Suspension, default="internal", reason="personal")
