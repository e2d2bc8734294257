"""The shape of every history here: who did what at which organ, line after line, never changed."""

import pgtrigger
from django.conf import settings
from django.db import models


class HistoryLine(models.Model):
    """One line of what happened to something, counted by `seq`. Append-only.

    Whoever inherits names the thing, what the line says, and keeps `seq` unique for each thing.
    """

    seq = models.PositiveIntegerField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    organ = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
