from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from security.privacy import declare


class ServiceItem(models.Model):
    """A service item (事项): what an N-app offers to people or firms, with its guide.

    `basic_code` is the 12-character code of the national catalogue; the implementing code adds the
    credit code of the implementing organ and one digit (domain: 31 characters). `guide` holds who,
    conditions, materials, fees, legal basis and flow as declared in the manifest.
    """

    class State(models.TextChoices):
        IN_USE = "in_use", _("In use")
        SUSPENDED = "suspended", _("Suspended")
        CANCELLED = "cancelled", _("Cancelled")

    napp = models.ForeignKey(
        "platform_core.NApp",
        on_delete=models.PROTECT,
        related_name="items",
        verbose_name=_("N-app"),
    )
    napp_version = models.ForeignKey(
        "platform_core.NAppVersion",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("version"),
    )
    key = models.SlugField(max_length=40)
    basic_code = models.CharField(_("basic code"), max_length=12)
    code_digit = models.CharField(max_length=1, default="3")
    item_type = models.CharField(_("item type"), max_length=2)
    title = models.JSONField(_("title"))
    summary = models.JSONField(_("summary"))
    keywords = ArrayField(models.CharField(max_length=40), default=list)
    icon = models.CharField(max_length=40)
    theme = models.SlugField(_("theme"), max_length=40)
    audience = ArrayField(models.CharField(max_length=10), verbose_name=_("for whom"))
    department_kind = models.SlugField(max_length=40)
    guide = models.JSONField(_("guide"))
    form_key = models.CharField(max_length=40)
    process_key = models.CharField(max_length=40)
    region_field = models.CharField(max_length=40, blank=True)
    contact_field = models.CharField(max_length=40, blank=True)
    result = models.JSONField(_("result"), null=True)
    visits = models.PositiveSmallIntegerField(_("visits in person"), default=0)
    minutes = models.PositiveSmallIntegerField(_("minutes to fill in"), default=5)
    is_anonymous_allowed = models.BooleanField(default=False)
    promise_days = models.PositiveSmallIntegerField(_("promised working days"))
    legal_days = models.PositiveSmallIntegerField(_("working days by law"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.IN_USE)
    notice = models.JSONField(_("notice while suspended"), null=True)
    # The state "suspended" counts on these days; without them at once and until further notice.
    suspended_from = models.DateField(_("suspended from"), null=True)
    suspended_until = models.DateField(_("suspended until"), null=True)
    published_at = models.DateTimeField(_("published at"), auto_now=True)

    class Meta:
        verbose_name = _("service item")
        verbose_name_plural = _("service items")
        ordering = ["basic_code"]
        constraints = [
            models.UniqueConstraint(fields=["napp", "key"], name="one_item_per_service"),
            models.CheckConstraint(
                condition=models.Q(promise_days__lte=models.F("legal_days")),
                name="promise_within_the_law",
            ),
        ]
        indexes = [models.Index(fields=["theme"])]

    def __str__(self) -> str:
        return self.basic_code

    @property
    def is_online_only(self) -> bool:
        return self.visits == 0

    @property
    def is_same_day(self) -> bool:
        """A matter that is decided on the day it is accepted (即办件)."""
        return self.promise_days == 0


declare(ServiceItem, default="public")
