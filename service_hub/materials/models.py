import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from security.privacy import declare, declare_correction


class SharedFact(models.Model):
    """What an organ has shared about a person or a firm, of one `kind` such as "tenancy"; the
    newest valid one counts. `value` states it in words of both languages.
    """

    kind = models.SlugField(_("kind"), max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    firm = models.ForeignKey("security.Firm", on_delete=models.CASCADE, null=True, related_name="+")
    department = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, related_name="+",
        verbose_name=_("shared by"),
    )  # fmt: skip
    value = models.JSONField(_("what it says"))
    as_of = models.DateField(_("as of"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("shared fact")
        verbose_name_plural = _("shared facts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user=None) ^ models.Q(firm=None), name="fact_of_one_subject"
            )
        ]
        indexes = [
            models.Index(fields=["user", "kind", "-as_of"]),
            models.Index(fields=["firm", "kind", "-as_of"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.as_of}"


class MaterialReceipt(models.Model):
    """How one material of a case was satisfied. Append-only.

    `was_held` says that the applicant was asked although the government had it.
    """

    case = models.ForeignKey("service_hub.Case", on_delete=models.PROTECT, related_name="materials")
    code = models.CharField(max_length=40)
    name = models.JSONField(_("material"))
    way = models.CharField(_("how it was had"), max_length=12, blank=True)
    facts = models.JSONField(default=dict)
    missed = models.JSONField(default=list)
    was_held = models.BooleanField(default=False)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("receipt of a material")
        verbose_name_plural = _("receipts of materials")
        constraints = [
            models.UniqueConstraint(fields=["case", "code"], name="one_receipt_per_material")
        ]
        indexes = [
            models.Index(fields=["at"], condition=models.Q(was_held=True), name="material_was_held")
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.code}"


class WithdrawnPaper(models.Model):
    """A paper that its giver wants to be offered no more; `sha256` is its hash. The cases in which
    it was given keep it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    firm = models.ForeignKey("security.Firm", on_delete=models.CASCADE, null=True, related_name="+")
    code = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("withdrawn paper")
        verbose_name_plural = _("withdrawn papers")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "firm", "code", "sha256"],
                name="one_withdrawal_per_paper",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.code}"


class Confirmation(models.Model):
    """Another organ is asked whether something about the applicant is so (部门核验)."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("confirmation", "Asked")
        CONFIRMED = "confirmed", pgettext_lazy("confirmation", "Confirmed")
        DENIED = "denied", pgettext_lazy("confirmation", "Not so")

    case = models.ForeignKey(
        "service_hub.Case", on_delete=models.PROTECT, related_name="confirmations"
    )
    code = models.CharField(max_length=40)
    name = models.JSONField(_("material"))
    question = models.JSONField(_("question"))
    department = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, related_name="+",
        verbose_name=_("asked organ"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked at"))
    due_at = models.DateTimeField(_("due"), null=True)
    warn_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        constraints = [
            models.UniqueConstraint(fields=["case", "code"], name="one_confirmation_per_material")
        ]
        indexes = [
            models.Index(
                fields=["department", "due_at"],
                condition=models.Q(state="asked"),
                name="confirmation_asked",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.code}"


declare(SharedFact, default="internal", user="personal", value="personal")
declare(WithdrawnPaper, default="internal", sha256="personal")
declare(MaterialReceipt, default="internal", facts="personal")
declare(Confirmation, default="internal", answer="personal")
declare_correction(SharedFact, "change")
declare_correction(MaterialReceipt, "history")
declare_correction(Confirmation, "decision")
