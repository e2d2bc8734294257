import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from security.crypto.fields import SealedTextField
from security.privacy import declare


class DataRequest(models.Model):
    """What a person asks about their own data (Personal Information Protection Law arts. 44 to
    50). One official proposes the answer; what deletes needs a second one who decides.
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Correct something")
        DELETION = "deletion", _("Delete what need not be kept")
        CLOSURE = "closure", _("Close my account")
        LOOK = "look", _("Somebody should not have looked")

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("data request", "Sent")
        PROPOSED = "proposed", _("A second person looks at it")
        GRANTED = "granted", pgettext_lazy("data request", "Done")
        REFUSED = "refused", pgettext_lazy("data request", "Refused")

    OPEN = (State.ASKED, State.PROPOSED)
    BY_TWO = (Kind.DELETION, Kind.CLOSURE)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="data_requests"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = SealedTextField(_("what is asked"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(_("asked at"))
    due_at = models.DateTimeField(_("due"), null=True)
    is_proposed_granted = models.BooleanField(null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        verbose_name = _("data request")
        verbose_name_plural = _("data requests")
        indexes = [
            models.Index(fields=["person", "-asked_at"], name="data_requests_of_person"),
            models.Index(fields=["state", "due_at"], name="data_requests_by_date"),
        ]
        constraints = [
            models.CheckConstraint(
                name="decided_by_a_second_person",
                condition=models.Q(decided_by=None)
                | ~models.Q(kind__in=["deletion", "closure"])
                | ~models.Q(decided_by=models.F("proposed_by")),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


declare(DataRequest, default="internal", person="personal", text="personal", reason="personal")
