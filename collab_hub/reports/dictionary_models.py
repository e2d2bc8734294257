"""The dictionary of fields and the templates made of them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.i18n import pick
from platform_core.common.two_people import TwoPeople, takes_two_people
from security.privacy import declare, declare_correction, declare_office


class ReportField(models.Model):
    """An entry of the dictionary: one fact that is asked in reports, and the department that
    answers for its meaning. What it means stands in its versions.
    """

    code = models.SlugField(_("code"), max_length=80, unique=True)
    owner = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    napp = models.ForeignKey(
        "platform_core.NApp", on_delete=models.PROTECT, null=True, related_name="+"
    )
    is_in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("report field")
        verbose_name_plural = _("report fields")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class ReportFieldVersion(TwoPeople):
    """What a field means from some day on; never changed once it is in force.

    `sense` grows when kind, unit or meaning change: values of another sense are other facts and are
    not used again. A version that an N-app declares was approved with the N-app.
    """

    class Kind(models.TextChoices):
        NUMBER = "number", pgettext_lazy("report field", "Number")
        MONEY = "money", pgettext_lazy("report field", "Money")
        TEXT = "text", pgettext_lazy("report field", "Text")
        CHOICE = "choice", pgettext_lazy("report field", "Choice")
        DATE = "date", pgettext_lazy("report field", "Day")

    class Aggregation(models.TextChoices):
        SUM = "sum", pgettext_lazy("report field", "Sum")
        AVERAGE = "avg", pgettext_lazy("report field", "Average")
        LARGEST = "max", pgettext_lazy("report field", "Largest")
        LATEST = "latest", pgettext_lazy("report field", "Latest")
        NONE = "none", pgettext_lazy("report field", "Not summed up")

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("report field", "Waits for the head")
        APPROVED = "approved", pgettext_lazy("report field", "In force")
        REFUSED = "refused", pgettext_lazy("report field", "Refused")
        DECLARED = "declared", pgettext_lazy("report field", "Declared by an N-app")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    field = models.ForeignKey(ReportField, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    sense = models.PositiveSmallIntegerField(default=1)
    title = models.JSONField(_("title"))
    meaning = models.JSONField(_("meaning"), default=dict)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    unit_en = models.CharField(_("unit in English"), max_length=20, blank=True, default="")
    choices = models.JSONField(default=list)
    validity_days = models.PositiveIntegerField(_("valid for days"))
    is_of_period = models.BooleanField(_("belongs to its period"), default=True)
    aggregation = models.CharField(_("summed up by"), max_length=10, choices=Aggregation)
    source = models.JSONField(_("source"), default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    note = models.CharField(_("note"), max_length=400, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("version of a report field")
        verbose_name_plural = _("versions of report fields")
        ordering = ["field", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["field", "number"], name="one_version_of_a_field"),
            models.UniqueConstraint(
                fields=["field"],
                condition=models.Q(state="asked"),
                name="one_wish_for_a_field_at_a_time",
            ),
            takes_two_people("report_field_takes_two_people"),
        ]

    def __str__(self) -> str:
        return pick(self.title)

    @property
    def shown_unit(self) -> str:
        """The unit in the reader's language, as far as it has one."""
        return pick({"zh": self.unit, "en": self.unit_en})

    @property
    def is_amount(self) -> bool:
        return self.kind in (self.Kind.NUMBER, self.Kind.MONEY)


class ReportTemplate(models.Model):
    """A report as a set of fields of the dictionary, with checks across them.

    `checks` is a list of {"rule": tree, "formula": text, "says": {"zh", "en"}}. With
    `needs_sign_off` a submission is final once the organs above have signed it off.
    """

    code = models.SlugField(_("code"), max_length=80, unique=True)
    title = models.JSONField(_("title"))
    owner = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    napp = models.ForeignKey(
        "platform_core.NApp", on_delete=models.PROTECT, null=True, related_name="+"
    )
    checks = models.JSONField(default=list)
    needs_sign_off = models.BooleanField(_("signed off by the organs above"), default=False)
    is_in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("report template")
        verbose_name_plural = _("report templates")
        ordering = ["code"]

    def __str__(self) -> str:
        return pick(self.title)


class ReportTemplateField(models.Model):
    """A field's place in a template."""

    template = models.ForeignKey(ReportTemplate, on_delete=models.CASCADE, related_name="places")
    field = models.ForeignKey(ReportField, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["template", "field"], name="a_field_once_in_a_template")
        ]

    def __str__(self) -> str:
        return f"{self.template_id} {self.field_id}"


for model in (ReportField, ReportTemplate, ReportTemplateField):
    declare(model, default="internal")
declare(ReportFieldVersion, default="internal", note="personal")
declare_correction(ReportFieldVersion, "decision")
declare_office(ReportFieldVersion)
