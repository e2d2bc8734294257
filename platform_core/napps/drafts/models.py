from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from security.privacy import declare


class ManifestDraft(models.Model):
    """The next version of an N-app while it is written; it may have mistakes.

    `base` is the version it began from. `revision` counts the saves: whoever saves says which one
    they saw. `authors` are the ids of everybody who saved.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("draft", "Being written")
        REGISTERED = "registered", pgettext_lazy("draft", "Registered as a version")
        DISCARDED = "discarded", pgettext_lazy("draft", "Discarded")

    napp = models.ForeignKey("NApp", on_delete=models.PROTECT, related_name="drafts")
    base = models.ForeignKey("NAppVersion", on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    registered = models.ForeignKey(
        "NAppVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )
    authors = ArrayField(models.BigIntegerField(), default=list)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft of a version")
        verbose_name_plural = _("drafts of versions")
        constraints = [
            models.UniqueConstraint(
                fields=["napp"], condition=models.Q(state="open"), name="one_open_draft_per_napp"
            )
        ]

    def __str__(self) -> str:
        return f"{self.napp} {self.revision}"


class DraftRevision(models.Model):
    """What a draft held after one save: the common ground when two people have saved."""

    draft = models.ForeignKey(ManifestDraft, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["draft", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="one_content_per_revision")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.number}"


class SideDraft(models.Model):
    """What somebody wanted to save when another one had been faster. Kept until they merge it."""

    draft = models.ForeignKey(ManifestDraft, on_delete=models.CASCADE, related_name="sides")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    seen = models.PositiveIntegerField()
    content = models.JSONField()
    at = models.DateTimeField()
    is_settled = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.author_id}"


declare(ManifestDraft, default="internal")
declare(DraftRevision, default="internal")
declare(SideDraft, default="internal")
