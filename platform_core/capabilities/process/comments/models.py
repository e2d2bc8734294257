import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from security.privacy import declare


class Comment(models.Model):
    """What officials say to one another about a case; its applicant never reads it.

    A retracted comment stays as a line that says so; `mentions` are the ids of people it calls.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instance = models.ForeignKey(
        "platform_core.ProcessInstance", on_delete=models.PROTECT, related_name="comments"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("comment"), blank=True)
    mentions = ArrayField(models.BigIntegerField(), default=list)
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    retracted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.instance_id} {self.id}"


declare(Comment, default="internal", text="personal")
