import uuid

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from security.crypto.fields import BlindIndexField, SealedTextField
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
        PUSH = "push", _("On a device")

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        SENT = "sent", _("Handed over")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel)
    # E-mail address or mobile number; for a device the number of its row.
    address = SealedTextField(blank=True, default="")
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    reference = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    # The delivery that failed for good and that this one stands in for.
    instead_of = models.OneToOneField(
        "self", on_delete=models.CASCADE, null=True, related_name="replacement"
    )

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            # A person may have several devices.
            models.UniqueConstraint(
                fields=["message", "channel"],
                condition=~models.Q(channel="push"),
                name="one_delivery_per_channel",
            )
        ]
        # Asked when a delivery was given up: did its provider work for others since? Small, and
        # nearly free to keep, where a tree would be written at each message.
        indexes = [BrinIndex(fields=["sent_at"], name="delivery_sent")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.channel}"


class AddressCode(models.Model):
    """A code that was sent to an address which a person says is theirs. The last one counts."""

    class End(models.TextChoices):
        USED = "used", _("Used")
        REPLACED = "replaced", _("Replaced by another code")
        GIVEN_UP = "given_up", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="address_codes"
    )
    channel = models.CharField(max_length=8, choices=Delivery.Channel)
    address = SealedTextField()
    address_index = BlindIndexField(source="address", context="address_code")
    code_digest = models.CharField(max_length=64)
    # The code itself until it is handed over, since the worker that sends it is another process.
    code = SealedTextField(blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=8, choices=End, blank=True)

    class Meta:
        verbose_name = _("code for an address")
        verbose_name_plural = _("codes for addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(ended_at=None),
                name="one_address_waits_for_its_code",
            )
        ]
        indexes = [models.Index(fields=["address_index", "created_at"])]

    def __str__(self) -> str:
        return f"{self.channel} of user {self.user_id}"


class PushDevice(models.Model):
    """A browser in which a person wants to hear of their messages (RFC 8030): the address at its
    push service, and the keys with which only that browser reads.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_devices"
    )
    endpoint = SealedTextField()
    endpoint_index = BlindIndexField(source="endpoint", context="push_endpoint", unique=True)
    key = SealedTextField()
    secret = SealedTextField()
    name = models.CharField(max_length=60)
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("device for messages")
        verbose_name_plural = _("devices for messages")
        indexes = [models.Index(fields=["user", "made_at"])]

    def __str__(self) -> str:
        return self.name


declare(Message, default="internal", title="personal", body="personal")
declare(Delivery, default="internal", address="sensitive")
declare(
    AddressCode,
    default="internal",
    address="sensitive",
    address_index="sensitive",
    code_digest="sensitive",
    code="sensitive",
)
declare(PushDevice, default="personal", id="internal", user="internal")
declare_correction(PushDevice, "yourself")
declare_correction(Message, "history")
declare_correction(Delivery, "history")
declare_correction(AddressCode, "history")
