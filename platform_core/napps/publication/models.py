from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.two_people import TwoPeople, takes_two_people
from security.privacy import declare


class PublicationRequest(TwoPeople):
    """One person asks that a version be used; another one approves or refuses.

    `base` is the version that was current when it was asked (the version itself for a draft that
    is opened): what the second person reads is the way from `base` to `version`, and `digest` is
    the content of it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("publication", "Waiting for a second person")
        APPROVED = "approved", pgettext_lazy("publication", "Approved")
        REFUSED = "refused", pgettext_lazy("publication", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("publication", "Withdrawn")
        EXPIRED = "expired", pgettext_lazy("publication", "Out of date")

    napp = models.ForeignKey(
        "NApp", on_delete=models.PROTECT, related_name="publications", verbose_name=_("N-app")
    )
    version = models.ForeignKey(
        "NAppVersion", on_delete=models.PROTECT, related_name="+", verbose_name=_("version")
    )
    base = models.ForeignKey(
        "NAppVersion",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("replaces"),
    )
    digest = models.CharField(max_length=64)
    note = models.CharField(_("note"), max_length=400, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["napp"],
                condition=models.Q(state="waiting"),
                name="one_publication_waits_per_napp",
            ),
            takes_two_people("publication_takes_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.napp} {self.version.version}"

    @property
    def opens(self) -> bool:
        """Whether it opens a draft instead of replacing another version."""
        return self.version_id == self.base_id


declare(PublicationRequest, default="internal")
