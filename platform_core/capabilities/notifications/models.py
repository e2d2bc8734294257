import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from security.crypto.fields import SealedTextField
from security.privacy import declare, declare_correction


class Message(models.Model):
    """What one person is told, in both languages; how it reaches them is in `deliveries`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="messages"
    )
    template = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=10, blank=True)
    title = models.JSONField(_("title"))
    body = models.JSONField(_("body"))
    link = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["recipient", "-created_at"]),
            models.Index(
                fields=["recipient"],
                name="message_unread",
                condition=models.Q(read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Delivery(models.Model):
    class Channel(models.TextChoices):
        IN_APP = "in_app", _("On the platform")
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        SENT = "sent", _("Handed over")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel)
    address = SealedTextField(blank=True, default="")
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    reference = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="one_delivery_per_channel")
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.channel}"


declare(Message, default="internal", title="personal", body="personal")
declare(Delivery, default="internal", address="sensitive")
declare_correction(Message, "history")
declare_correction(Delivery, "history")
