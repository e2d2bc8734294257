from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from security.privacy import declare


class Delegation(models.Model):
    """For some days a deputy does what waits for the principal; both stand in every line of it.

    `napps` are the ids of the N-apps it is about, none meaning all. It ends by its last day, or at
    `ended_at`, without anybody having to do anything.
    """

    principal = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="delegations"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stand_ins"
    )
    valid_from = models.DateField(_("first day"))
    valid_until = models.DateField(_("last day"))
    napps = ArrayField(models.BigIntegerField(), default=list)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    set_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["valid_from", "pk"]
        indexes = [
            models.Index(
                fields=["deputy", "valid_until"],
                name="delegation_in_force",
                condition=models.Q(ended_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(principal=models.F("deputy")), name="nobody_deputises_for_self"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from__lte=models.F("valid_until")),
                name="delegation_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.principal_id} {self.deputy_id} {self.valid_from} {self.valid_until}"


declare(Delegation, default="internal", reason="personal")
