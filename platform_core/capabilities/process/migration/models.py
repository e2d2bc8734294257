import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.two_people import TwoPeople, takes_two_people
from security.privacy import declare


class CaseMigration(TwoPeople):
    """One person asks that running cases of `source` go on under `target`; another one approves.

    `is_listed` says that every case of it has been given to the workers.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("publication", "Waiting for a second person")
        APPROVED = "approved", pgettext_lazy("publication", "Approved")
        REFUSED = "refused", pgettext_lazy("publication", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("publication", "Withdrawn")

    napp = models.ForeignKey(
        "platform_core.NApp", on_delete=models.PROTECT, related_name="+", verbose_name=_("N-app")
    )
    source = models.ForeignKey(
        "platform_core.NAppVersion",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("from version"),
    )
    target = models.ForeignKey(
        "platform_core.NAppVersion",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("to version"),
    )
    reason = models.CharField(_("reason"), max_length=400)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    answer = models.CharField(_("answer"), max_length=400, blank=True)
    is_listed = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("migration of cases")
        verbose_name_plural = _("migrations of cases")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["napp", "source"],
                condition=models.Q(state="waiting"),
                name="one_migration_waits_per_version",
            ),
            takes_two_people("migration_takes_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.napp} {self.source.version} → {self.target.version}"


class MigratedCase(models.Model):
    """What became of one case: moved, or kept where it was and why. `reasons` are plain codes with
    the steps they are about."""

    class Outcome(models.TextChoices):
        MOVED = "moved", pgettext_lazy("migration", "Moved")
        KEPT = "kept", pgettext_lazy("migration", "Kept on its version")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    migration = models.ForeignKey(CaseMigration, on_delete=models.PROTECT, related_name="cases")
    instance = models.ForeignKey(
        "platform_core.ProcessInstance", on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=5, choices=Outcome)
    reasons = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["migration", "instance"], name="one_outcome_per_case_and_migration"
            )
        ]

    def __str__(self) -> str:
        return f"{self.instance_id} {self.outcome}"


declare(CaseMigration, default="internal")
declare(MigratedCase, default="internal")
