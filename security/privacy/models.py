from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .corrections import declare_correction
from .registry import declare


class Consent(models.Model):
    """A person's consent to one use of their data, with the version of the text they read."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents"
    )
    kind = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    given_at = models.DateTimeField(_("given at"))
    channel = models.CharField(_("channel"), max_length=20)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=models.Q(withdrawn_at=None),
                name="one_consent_in_force",
            )
        ]
        indexes = [models.Index(fields=["user", "-given_at"], name="consents_of_person")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


declare(Consent, default="internal", user="personal")
declare_correction(Consent, "yourself")
