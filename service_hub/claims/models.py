import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from security.crypto.fields import BlindIndexField, SealedTextField
from security.privacy import declare, declare_correction


class FirmClaim(models.Model):
    """Somebody says that they represent a firm which the business register does not know, and shows
    its licence. One official proposes to accept it, another one accepts; one alone may refuse.
    """

    class State(models.TextChoices):
        SENT = "sent", pgettext_lazy("claim", "Sent")
        PROPOSED = "proposed", _("A second person looks at it")
        ACCEPTED = "accepted", pgettext_lazy("claim", "Accepted")
        REFUSED = "refused", pgettext_lazy("claim", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("claim", "Taken back")

    OPEN = (State.SENT, State.PROPOSED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claimant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="firm_claims"
    )
    name = models.CharField(_("firm name"), max_length=200)
    credit_code = SealedTextField(_("unified social credit code"))
    # Several people may claim one firm: whoever comes first must not keep the right one out.
    credit_code_index = BlindIndexField(source="credit_code")
    region = models.ForeignKey(
        "security.Region", on_delete=models.PROTECT, related_name="+", verbose_name=_("division")
    )
    department = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, related_name="+",
        verbose_name=_("department"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SENT)
    sent_at = models.DateTimeField(_("sent at"))
    due_at = models.DateTimeField(_("due"), null=True)
    warn_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=_("proposed by"),
    )  # fmt: skip
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        verbose_name = _("claim of a firm")
        verbose_name_plural = _("claims of firms")
        indexes = [
            models.Index(fields=["department", "state", "due_at"], name="firm_claims_by_date"),
            models.Index(fields=["claimant", "-sent_at"], name="firm_claims_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["claimant", "credit_code_index"],
                condition=models.Q(state__in=["sent", "proposed"]),
                name="one_open_claim_per_person_and_firm",
            ),
            models.UniqueConstraint(
                fields=["credit_code_index"],
                condition=models.Q(state="accepted"),
                name="one_accepted_claim_per_firm",
            ),
            models.CheckConstraint(
                name="a_claim_is_accepted_by_two",
                condition=~models.Q(state="accepted")
                | models.Q(proposed_by__isnull=False, decided_by__isnull=False)
                & ~models.Q(decided_by=models.F("proposed_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


declare(
    FirmClaim,
    default="internal",
    claimant="personal",
    credit_code="personal",
    credit_code_index="personal",
    reason="personal",
)
declare_correction(FirmClaim, "sent")
