import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from security.crypto.fields import BlindIndexField, SealedTextField
from security.privacy import declare, declare_correction


class Intake(models.Model):
    """An application that an official takes in for somebody (收件).

    Name, numbers and mobile are kept sealed for a person without an account; once the same citizen
    number is verified for an account, `bound_at` says when the case became that account's.
    """

    class Channel(models.TextChoices):
        WINDOW = "window", _("At a window")
        PHONE = "phone", _("By phone")
        API = "api", _("From another system")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    window = models.CharField(_("window"), max_length=40, blank=True)
    item = models.ForeignKey(
        "service_hub.ServiceItem",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("service item"),
    )
    draft = models.OneToOneField(
        "platform_core.Draft", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    case = models.OneToOneField(
        "service_hub.Case",
        on_delete=models.PROTECT,
        null=True,
        related_name="intake",
        verbose_name=_("case"),
    )
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    firm = models.ForeignKey("security.Firm", on_delete=models.PROTECT, null=True, related_name="+")
    name = SealedTextField(_("name"), blank=True, default="")
    citizen_number = SealedTextField(_("citizen identity number"), blank=True, default="")
    citizen_number_index = BlindIndexField(source="citizen_number", null=True)
    mobile = SealedTextField(_("mobile"), blank=True, default="")
    # The person agreed, before the official, that their stored data fill in the form.
    may_fill_in = models.BooleanField(default=False)
    clerk = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("received by"),
    )
    department = models.ForeignKey(
        "security.Department",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("department"),
    )
    begun_at = models.DateTimeField(_("begun at"))
    bound_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("intake")
        verbose_name_plural = _("intakes")
        indexes = [models.Index(fields=["department", "-begun_at"], name="intake_desk")]

    def __str__(self) -> str:
        return str(self.pk)


declare(
    Intake,
    default="internal",
    name="personal",
    citizen_number="sensitive",
    citizen_number_index="sensitive",
    mobile="personal",
)
declare_correction(Intake, "history")
