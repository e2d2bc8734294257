import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from security.privacy import declare, declare_correction


class StoredFile(models.Model):
    """An uploaded file in the private store. Served only when clean, to whoever may see its
    subject."""

    class State(models.TextChoices):
        QUARANTINED = "quarantined", _("Waiting for the virus scan")
        CLEAN = "clean", _("Clean")
        INFECTED = "infected", _("Refused by the virus scan")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64, db_index=True)
    path = models.CharField(max_length=120, unique=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.QUARANTINED)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    owner_key = models.CharField(max_length=64, blank=True)
    subject_type = models.CharField(max_length=80, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes = [models.Index(fields=["subject_type", "subject_id"])]

    def __str__(self) -> str:
        return self.name


declare(StoredFile, default="internal", name="personal", sha256="personal")
declare_correction(StoredFile, "sent")
