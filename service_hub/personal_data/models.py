import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from security.crypto.fields import SealedTextField
from security.privacy import declare, declare_correction


class DataRequest(models.Model):
    """What a person asks about their own data (Personal Information Protection Law arts. 44 to
    50). One official proposes the answer; what deletes or changes needs a second one who decides.

    A correction names the datum: table, row and field, and in `what` its name in both languages.
    `before` and `wished` hold {"value", "zh", "en"} as JSON. `outcome` says what became of it: the
    document issued anew, or what was deleted and what the law keeps.
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
    BY_TWO = (Kind.CORRECTION, Kind.DELETION, Kind.CLOSURE)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="data_requests"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = SealedTextField(_("what is asked"))
    table = models.CharField(_("table"), max_length=60, blank=True, default="")
    row = models.CharField(_("entry"), max_length=64, blank=True, default="")
    field = models.CharField(_("field"), max_length=60, blank=True, default="")
    what = models.JSONField(default=dict)
    before = SealedTextField(blank=True, default="")
    wished = SealedTextField(blank=True, default="")
    outcome = models.JSONField(default=dict)
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
            ),
            # Answers given before a correction named its datum came from one person.
            models.CheckConstraint(
                name="corrected_by_a_second_person",
                condition=models.Q(decided_by=None)
                | models.Q(table="")
                | ~models.Q(decided_by=models.F("proposed_by")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class LegalHold(models.Model):
    """Nothing that it covers is deleted while it lasts: the data of a person, the answers to one
    question ("napp/form/field"), or those of one person to one question.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    question = models.CharField(_("question"), max_length=160, blank=True)
    reason = SealedTextField(_("reason"))
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    placed_at = models.DateTimeField(_("placed at"))
    until = models.DateField(_("until"), null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True)

    class Meta:
        verbose_name = _("hold on deletion")
        verbose_name_plural = _("holds on deletion")
        constraints = [
            models.CheckConstraint(
                name="a_hold_covers_something",
                condition=models.Q(person__isnull=False) | ~models.Q(question=""),
            )
        ]
        indexes = [
            models.Index(
                fields=["person"], condition=models.Q(lifted_at=None), name="holds_on_people"
            )
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"


declare(
    DataRequest,
    default="internal",
    person="personal",
    text="personal",
    reason="personal",
    before="sensitive",
    wished="sensitive",
)
declare(LegalHold, default="internal", person="personal", reason="personal")
declare_correction(DataRequest, "sent", reason="decision")
declare_correction(LegalHold, "decision")
