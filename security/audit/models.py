import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from security.privacy import declare, declare_correction


class AuditEntry(models.Model):
    """Who, as whom, did what, on what, from where, with what before and after. Append-only.

    Sealing later adds its own table keyed by this id; `xact` lets the sealer skip rows of
    transactions that have not committed yet.
    """

    at = models.DateTimeField(_("at"), auto_now_add=True, db_index=True)
    xact = models.BigIntegerField(
        editable=False,
        db_default=Cast(
            Cast(models.Func(function="pg_current_xact_id"), models.TextField()),
            models.BigIntegerField(),
        ),
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    actor_name = models.CharField(_("who"), max_length=150, blank=True)
    acting_as = models.CharField(_("as whom"), max_length=200, blank=True)
    verb = models.CharField(_("what"), max_length=60)
    object_type = models.CharField(_("on what"), max_length=80)
    object_id = models.CharField(_("object id"), max_length=64)
    object_label = models.CharField(_("object"), max_length=200, blank=True)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    result = models.CharField(_("result"), max_length=20, default="ok")
    ip = models.GenericIPAddressField(_("from where"), null=True)
    channel = models.CharField(_("channel"), max_length=20, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_type", "object_id"]),
            models.Index(fields=["actor", "at"]),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="no_truncate",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'the audit trail is append-only';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_id}"


declare(
    AuditEntry,
    default="internal",
    actor_name="personal",
    ip="personal",
    before="sensitive",
    after="sensitive",
)
declare_correction(AuditEntry, "history")
