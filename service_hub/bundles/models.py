import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from security.privacy import declare


class Bundle(models.Model):
    """A life event: several service items that people file with one form."""

    napp = models.ForeignKey(
        "platform_core.NApp",
        on_delete=models.PROTECT,
        related_name="bundles",
        verbose_name=_("N-app"),
    )
    napp_version = models.ForeignKey(
        "platform_core.NAppVersion",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("version"),
    )
    key = models.SlugField(max_length=40)
    title = models.JSONField(_("title"))
    summary = models.JSONField(_("summary"))
    keywords = ArrayField(models.CharField(max_length=40), default=list)
    icon = models.CharField(max_length=40)
    theme = models.SlugField(_("theme"), max_length=40)
    audience = models.CharField(_("for whom"), max_length=10)
    is_in_use = models.BooleanField(_("in use"), default=True)
    published_at = models.DateTimeField(_("published at"), auto_now=True)

    class Meta:
        verbose_name = _("life event")
        verbose_name_plural = _("life events")
        ordering = ["napp", "key"]
        constraints = [
            models.UniqueConstraint(fields=["napp", "key"], name="one_bundle_per_key"),
        ]

    def __str__(self) -> str:
        return f"{self.napp_id} {self.key}"


class BundleCase(models.Model):
    """What was sent together: the parent of the cases of its items, with a receipt number of its
    own. What it stands at is worked out from its cases and stored nowhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("receipt number"), max_length=20, unique=True)
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="filed")
    draft = models.OneToOneField(
        "platform_core.Draft", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bundle_cases"
    )
    firm = models.ForeignKey(
        "security.Firm", on_delete=models.PROTECT, null=True, related_name="bundle_cases"
    )
    submitted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("application of a life event")
        verbose_name_plural = _("applications of life events")
        indexes = [
            models.Index(fields=["applicant", "-submitted_at"]),
            models.Index(fields=["firm", "-submitted_at"]),
        ]

    def __str__(self) -> str:
        return self.number


declare(Bundle, default="public")
declare(BundleCase, default="internal")
