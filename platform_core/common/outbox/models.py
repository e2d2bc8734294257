from django.db import models
from django.utils.translation import gettext_lazy as _

from security.privacy import declare


class OutboxMessage(models.Model):
    """One effect to carry out after commit: written in the business transaction, done exactly
    once."""

    class State(models.TextChoices):
        READY = "ready", _("Ready")
        LEASED = "leased", _("Handed to a worker")
        DONE = "done", _("Done")
        DEAD = "dead", _("Given up")

    topic = models.CharField(_("topic"), max_length=80)
    key = models.CharField(_("key"), max_length=200, unique=True)
    payload = models.JSONField(_("payload"), default=dict)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.READY)
    due_at = models.DateTimeField(_("due at"))
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox messages")
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="outbox_ready",
                condition=models.Q(state__in=["ready", "leased"]),
            ),
            models.Index(
                fields=["leased_until"],
                name="outbox_leased",
                condition=models.Q(state="leased"),
            ),
            models.Index(fields=["done_at"], name="outbox_done", condition=models.Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


declare(OutboxMessage, default="internal")
