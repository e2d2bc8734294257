import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from security.accounts.models import FirmAgent
from security.crypto.fields import BlindIndexField, SealedTextField
from security.privacy import declare, declare_correction


class FirmInvitation(models.Model):
    """Somebody is asked to be a member of a firm; the link leads only the person named to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firm = models.ForeignKey("security.Firm", on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(_("role"), max_length=10, choices=FirmAgent.Role)
    services = models.JSONField(_("services"), default=list)
    valid_until = models.DateField(_("valid until"))
    name = SealedTextField(_("name"))
    number = SealedTextField(_("citizen or mobile number"), blank=True, default="")
    number_index = models.CharField(max_length=64, blank=True, db_index=True)
    token = SealedTextField(_("secret of the link"))
    token_index = BlindIndexField(source="token", context="firm_invitation", unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"))
    settled_at = models.DateTimeField(null=True)
    # "accepted", "declined" or "revoked".
    outcome = models.CharField(max_length=10, blank=True)

    class Meta:
        verbose_name = _("invitation to a firm")
        verbose_name_plural = _("invitations to firms")
        indexes = [models.Index(fields=["firm", "settled_at", "-made_at"])]

    def __str__(self) -> str:
        return f"{self.firm_id} {self.role}"


class FirmEvent(models.Model):
    """One line of a firm's history: who did what for it, and when. Append-only."""

    firm = models.ForeignKey("security.Firm", on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=30)
    params = models.JSONField(default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["firm", "-at"])]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.firm_id} {self.kind}"


declare(
    FirmInvitation,
    default="internal",
    name="personal",
    number="sensitive",
    number_index="sensitive",
    token="sensitive",  # noqa: S106
    token_index="sensitive",  # noqa: S106
)
declare(FirmEvent, default="internal", params="personal")
declare_correction(FirmInvitation, "yourself")
declare_correction(FirmEvent, "history")
