import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from security.crypto.fields import SealedTextField
from security.privacy import declare


class Certificate(models.Model):
    """What an approved case ends with; anybody can check it by its verification code."""

    class State(models.TextChoices):
        VALID = "valid", _("Valid")
        REVOKED = "revoked", _("Revoked")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(
        "service_hub.Case",
        on_delete=models.PROTECT,
        related_name="certificate",
        verbose_name=_("case"),
    )
    number = models.CharField(_("number"), max_length=80, unique=True)
    verify_code = models.CharField(_("verification code"), max_length=20, unique=True)
    title = models.JSONField(_("title"))
    holder = SealedTextField(_("holder"))
    statements = models.JSONField(default=list)
    issuer = models.ForeignKey(
        "security.Department",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("issued by"),
    )
    issued_at = models.DateTimeField(_("issued at"))
    valid_until = models.DateField(_("valid until"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.VALID)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    revoked_reason = models.CharField(_("why revoked"), max_length=400, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("revoked by"),
    )

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")

    def __str__(self) -> str:
        return self.number

    def is_expired(self, today) -> bool:
        return self.valid_until is not None and self.valid_until < today


class CertificateSerial(models.Model):
    """The last serial of certificates of one issuer and type; its row lock makes them gap-free."""

    code = models.CharField(max_length=60, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.code} {self.last}"


declare(CertificateSerial, default="public")
declare(Certificate, default="internal", holder="personal", statements="personal")
