import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.two_people import TwoPeople, takes_two_people
from security.crypto.fields import SealedTextField
from security.privacy import declare, declare_correction


class Wish(TwoPeople):
    """What one official asks for about a case, with a reason that its applicant reads, and the head
    of the office decides. Of each kind a case has at most one that was not refused.
    """

    case = models.ForeignKey(
        "service_hub.Case", on_delete=models.PROTECT, related_name="%(class)ss"
    )
    reason = models.TextField(_("reason"))
    note = models.TextField(_("what the head says"), blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=~models.Q(state="refused"),
                name="one_%(class)s_of_a_case",
            ),
            takes_two_people("%(class)s_takes_two_people"),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=models.Q(state="asked"), name="%(class)s_asked"
            )
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class Extension(Wish):
    """More time for a case, asked by whoever handles it (Licensing Law art. 42)."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("extension", "Asked for")
        APPROVED = "approved", pgettext_lazy("extension", "Granted")
        REFUSED = "refused", pgettext_lazy("extension", "Refused")

    days = models.PositiveSmallIntegerField(_("working days"))
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)

    class Meta(Wish.Meta):
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")


class Voiding(Wish):
    """A case that should not be: opened by mistake or obtained by deceit."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("voiding", "Asked for")
        APPROVED = "approved", pgettext_lazy("voiding", "Declared void")
        REFUSED = "refused", pgettext_lazy("voiding", "Refused")

    state = models.CharField(max_length=10, choices=State, default=State.ASKED)

    class Meta(Wish.Meta):
        verbose_name = _("voiding")
        verbose_name_plural = _("voidings")


class Delivery(models.Model):
    """How the paper of a decided case reaches its applicant (送达)."""

    class Way(models.TextChoices):
        WINDOW = "window", _("Fetch it at the window")
        POST = "post", _("By post")
        ELECTRONIC = "electronic", _("Electronically only")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("delivery", "To be chosen")
        CHOSEN = "chosen", pgettext_lazy("delivery", "Being made")
        READY = "ready", pgettext_lazy("delivery", "Ready to be fetched")
        SENT = "sent", pgettext_lazy("delivery", "On its way")
        DELIVERED = "delivered", pgettext_lazy("delivery", "Delivered")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(
        "service_hub.Case", on_delete=models.PROTECT, related_name="delivery"
    )
    way = models.CharField(_("way"), max_length=10, choices=Way, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    to_name = SealedTextField(_("to"), blank=True, default="")
    to_phone = SealedTextField(_("phone"), blank=True, default="")
    to_address = SealedTextField(_("address"), blank=True, default="")
    place = models.CharField(_("where"), max_length=200, blank=True)
    code = SealedTextField(_("collection code"), blank=True, default="")
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    parcel_number = models.CharField(_("parcel number"), max_length=60, blank=True)
    collected_by = SealedTextField(_("collected by"), blank=True, default="")
    due_at = models.DateTimeField(_("due"), null=True)
    chosen_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=~models.Q(state="delivered"),
                name="delivery_under_way",
            )
        ]

    def __str__(self) -> str:
        return str(self.case_id)


declare(Extension, default="internal", reason="personal", note="personal")
declare(Voiding, default="internal", reason="personal", note="personal")
declare(
    Delivery,
    default="internal",
    to_name="personal",
    to_phone="sensitive",
    to_address="sensitive",
    code="sensitive",
    collected_by="personal",
)
declare_correction(Extension, "decision")
declare_correction(Voiding, "decision")
declare_correction(Delivery, "yourself", code="number", collected_by="history")
