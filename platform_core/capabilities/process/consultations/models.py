import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from security.privacy import declare


class Consultation(models.Model):
    """One department asked for its opinion inside a case, and what it answers."""

    class Answer(models.TextChoices):
        AGREE = "agree", pgettext_lazy("consultation", "Agrees")
        CONDITIONS = "conditions", _("Agrees with conditions")
        OBJECT = "object", _("Objects")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("consultation", "Waiting")
        ANSWERED = "answered", _("Answered")
        WITHDRAWN = "withdrawn", pgettext_lazy("consultation", "No longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instance = models.ForeignKey(
        "platform_core.ProcessInstance", on_delete=models.PROTECT, related_name="consultations"
    )
    # The task that asks, and the one at which the other department answers.
    asking = models.ForeignKey("platform_core.Task", on_delete=models.PROTECT, related_name="+")
    task = models.OneToOneField(
        "platform_core.Task", on_delete=models.PROTECT, related_name="consultation"
    )
    department = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, related_name="+"
    )
    question = models.TextField(_("question"))
    is_mandatory = models.BooleanField(_("has to be awaited"), default=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True)
    text = models.TextField(_("reasons or conditions"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["asked_at", "pk"]
        indexes = [
            models.Index(
                fields=["instance"], name="consultation_open", condition=models.Q(state="open")
            )
        ]

    def __str__(self) -> str:
        return f"{self.instance_id} {self.department_id}"


declare(Consultation, default="internal", question="personal", text="personal")
