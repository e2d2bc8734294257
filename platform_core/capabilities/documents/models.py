import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from security.crypto.fields import SealedTextField
from security.privacy import declare, declare_correction

# Columns of a document that never change once it is issued.
FIXED = (
    "kind", "template", "subject_type", "subject_id", "number", "verify_code", "title", "holder",
    "issuer_id", "issued_at", "valid_until", "content", "content_sha256", "replaces_id",
)  # fmt: skip


class Serial(models.Model):
    """The last serial given out under a name; its row lock keeps them without gaps."""

    name = models.CharField(max_length=80, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.last}"


class Document(models.Model):
    """A certificate, notice or decision as it was issued. What it says never changes; anybody can
    check it by its verification code.
    """

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", _("Certificate")
        NOTICE = "notice", _("Notice")
        DECISION = "decision", _("Decision")
        OFFICIAL = "official", _("Official document")

    class State(models.TextChoices):
        VALID = "valid", _("Valid")
        REVOKED = "revoked", _("Revoked")
        REPLACED = "replaced", _("Replaced")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    template = models.CharField(_("template"), max_length=40)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    subject_number = models.CharField(_("case number"), max_length=80, blank=True)
    number = models.CharField(_("number"), max_length=80, unique=True)
    verify_code = models.CharField(_("verification code"), max_length=20, unique=True)
    title = models.JSONField(_("title"))
    holder = SealedTextField(_("holder"), blank=True, default="")
    holder_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="documents"
    )
    holder_firm = models.ForeignKey(
        "security.Firm", on_delete=models.PROTECT, null=True, related_name="documents"
    )
    issuer = models.ForeignKey(
        "security.Department",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("issued by"),
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    issued_at = models.DateTimeField(_("issued at"))
    valid_until = models.DateField(_("valid until"), null=True)
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
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
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    file = models.OneToOneField(
        "platform_core.StoredFile", on_delete=models.PROTECT, null=True, related_name="+"
    )
    pdf_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    pdf_sm3 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes = [
            models.Index(fields=["holder_user", "-issued_at"]),
            models.Index(fields=["holder_firm", "-issued_at"]),
            models.Index(fields=["subject_type", "subject_id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "template"],
                condition=models.Q(state="valid"),
                name="one_valid_document_of_a_template",
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="as_issued",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in FIXED)
                ),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.number

    def is_expired(self, today) -> bool:
        return self.valid_until is not None and self.valid_until < today


class DocumentCopy(models.Model):
    """A copy for one use: purpose, user and last day are stamped onto it, and it has a code of its
    own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="copies")
    verify_code = models.CharField(max_length=20, unique=True)
    purpose = models.CharField(_("purpose"), max_length=100)
    recipient = models.CharField(_("who uses it"), max_length=100)
    expires_on = models.DateField(_("usable until"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    file = models.OneToOneField(
        "platform_core.StoredFile", on_delete=models.PROTECT, null=True, related_name="+"
    )
    pdf_sha256 = models.CharField(max_length=64, blank=True, db_index=True)

    class Meta:
        verbose_name = _("copy for one use")
        verbose_name_plural = _("copies for one use")
        indexes = [models.Index(fields=["document", "-made_at"])]

    def __str__(self) -> str:
        return str(self.document_id)


declare(Serial, default="public")
declare(Document, default="internal", holder="personal", content="personal")
declare(DocumentCopy, default="internal", purpose="personal", recipient="personal")
declare_correction(Document, "reissue")
declare_correction(DocumentCopy, "sent")
