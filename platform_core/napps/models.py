import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from security.privacy import declare


class NApp(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed to new cases")
        DISABLED = "disabled", _("Disabled")
        MISSING = "missing", _("Folder missing")

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    former_state = models.CharField(max_length=10, blank=True, editable=False)
    title = models.JSONField(_("title"))
    summary = models.JSONField(_("summary"))
    icon = models.CharField(_("icon"), max_length=40)
    ends = ArrayField(models.CharField(max_length=12), verbose_name=_("service ends"))
    department_kind = models.SlugField(_("department"), max_length=40)
    current = models.ForeignKey(
        "NAppVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    in_folder = models.BooleanField(_("comes from a folder"), default=False)
    has_code = models.BooleanField(_("has code"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("N-app")
        verbose_name_plural = _("N-apps")
        ordering = ["slug"]
        permissions = [
            ("use", _("may use the N-app")),
            ("handle", _("may handle its cases")),
            ("manage", _("may manage the N-app")),
        ]

    def __str__(self) -> str:
        return self.slug


class NAppVersion(models.Model):
    """An immutable manifest. Cases and records keep the version that they began with."""

    napp = models.ForeignKey(NApp, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(_("version"), max_length=20)
    manifest = models.JSONField(_("manifest"))
    digest = models.CharField(max_length=64)
    note = models.CharField(_("note"), max_length=400, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Whoever wrote a part of it: none of them approves its publication.
    authors = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        verbose_name = _("N-app version")
        verbose_name_plural = _("N-app versions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["napp", "version"], name="one_manifest_per_version")
        ]
        triggers = [
            pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.napp_id} {self.version}"


declare(NApp, default="public")
declare(NAppVersion, default="public")
