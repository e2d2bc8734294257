from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from security.privacy import declare


class SavedFilter(models.Model):
    """A view of the inbox that a person wants to keep: a box and a query string."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="inbox_filters"
    )
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=300)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_filter_per_name")]

    def __str__(self) -> str:
        return self.name


declare(SavedFilter, default="internal")
