import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.two_people import TwoPeople, takes_two_people
from security.privacy import declare


class Benefit(TwoPeople):
    """A policy for firms (惠企政策): what they get, and the rule that says which firms."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("policy", "To be approved")
        APPROVED = "approved", pgettext_lazy("policy", "In force")
        REFUSED = "refused", pgettext_lazy("policy", "Sent back")
        WITHDRAWN = "withdrawn", pgettext_lazy("policy", "Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.JSONField(_("title"))
    gets = models.JSONField(_("what firms get"))
    department = models.ForeignKey(
        "security.Department",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("department"),
    )
    # A rule over the facts of `facts.FIELDS`.
    rule = models.JSONField(_("which firms"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True)
    item = models.ForeignKey(
        "service_hub.ServiceItem",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("service to apply for"),
    )
    # Paid without an application (免申即享).
    is_automatic = models.BooleanField(_("no need to apply"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)

    class Meta:
        verbose_name = _("policy for firms")
        verbose_name_plural = _("policies for firms")
        indexes = [models.Index(fields=["state", "valid_from"])]
        constraints = [takes_two_people("benefit_takes_two_people")]

    def __str__(self) -> str:
        return self.title.get("zh", "")


declare(Benefit, default="public")
