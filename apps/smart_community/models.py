from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from security.privacy import declare


class Grid(models.Model):
    """A grid (网格, GB/T 34300), the smallest unit of community work: each house lies in one.

    `department` keeps it; its code begins with that of the division in which it lies.
    """

    code = models.CharField(_("code of the grid"), max_length=16, unique=True)
    name = models.CharField(_("name of the grid"), max_length=60)
    department = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, related_name="+"
    )
    households = models.PositiveIntegerField(_("households"), default=0)
    is_in_use = models.BooleanField(pgettext_lazy("grid", "in use"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = pgettext_lazy("community", "grid")
        verbose_name_plural = pgettext_lazy("community", "grids")
        ordering = ["code"]
        indexes = [models.Index(fields=["department", "code"], name="grids_of_an_organ")]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class GridWorker(models.Model):
    """Somebody who works in a grid; one of them leads it (网格长)."""

    grid = models.ForeignKey(Grid, on_delete=models.CASCADE, related_name="workers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_leader = models.BooleanField(_("leads the grid"), default=False)

    class Meta:
        ordering = ["-is_leader", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["grid", "user"], name="in_a_grid_once"),
            models.UniqueConstraint(
                fields=["grid"], condition=models.Q(is_leader=True), name="one_leader_of_a_grid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grid_id} {self.user_id}"


declare(Grid, default="internal")
declare(GridWorker, default="internal")
