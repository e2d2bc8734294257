from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from security.privacy import declare


class Phrase(models.Model):
    """An opinion often given: a person's own, or a department's, for one step or for all."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="phrases"
    )
    department = models.ForeignKey(
        "security.Department", on_delete=models.CASCADE, null=True, related_name="+"
    )
    node = models.CharField(_("step"), max_length=60, blank=True)
    text = models.CharField(_("text"), max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("usual opinion")
        verbose_name_plural = _("usual opinions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(owner=None) ^ models.Q(department=None),
                name="phrase_of_a_person_or_a_department",
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]


declare(Phrase, default="internal")
