from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from security.privacy import declare, declare_correction


class Duty(models.Model):
    """Something that firms have to do by a day (企业应办事项), as a manifest declares it."""

    napp = models.ForeignKey(
        "platform_core.NApp", on_delete=models.PROTECT, related_name="+", verbose_name=_("N-app")
    )
    napp_version = models.ForeignKey(
        "platform_core.NAppVersion",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("version"),
    )
    key = models.SlugField(max_length=40)
    # "napp/item" of the service in which it is done; empty when it is done elsewhere.
    service = models.CharField(_("service"), max_length=81, blank=True)
    is_in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("duty of firms")
        verbose_name_plural = _("duties of firms")
        ordering = ["napp", "key"]
        constraints = [models.UniqueConstraint(fields=["napp", "key"], name="one_duty_per_key")]
        indexes = [models.Index(fields=["service", "is_in_use"], name="duties_by_service")]

    def __str__(self) -> str:
        return f"{self.napp_id} {self.key}"


class DutyMark(models.Model):
    """A firm has done a duty for one period: by a case, or by a member who says on what ground."""

    class Kind(models.TextChoices):
        FILED = "filed", pgettext_lazy("duty", "Done by a case")
        MARKED = "marked", pgettext_lazy("duty", "Marked as done")

    firm = models.ForeignKey("security.Firm", on_delete=models.CASCADE, related_name="duty_marks")
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="marks")
    # The year, quarter or month; for a certificate that ends, its id.
    period = models.CharField(_("period"), max_length=64)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    case = models.ForeignKey(
        "service_hub.Case", on_delete=models.PROTECT, null=True, related_name="+"
    )
    ground = models.TextField(_("ground"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("duty done")
        verbose_name_plural = _("duties done")
        constraints = [
            models.UniqueConstraint(
                fields=["firm", "duty", "period"], name="one_mark_per_duty_and_period"
            ),
            models.CheckConstraint(
                name="a_mark_has_a_case_or_a_ground",
                condition=models.Q(kind="filed", case__isnull=False)
                | models.Q(kind="marked", case=None) & ~models.Q(ground=""),
            ),
        ]
        indexes = [models.Index(fields=["firm", "-at"], name="duty_marks_of_firm")]

    def __str__(self) -> str:
        return f"{self.firm_id} {self.duty_id} {self.period}"


declare(Duty, default="public")
declare(DutyMark, default="internal", ground="personal")
declare_correction(DutyMark, "sent")
