"""What one person asks for and another one decides: the columns, the wall in the database, and the
list of what waits for the reader.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class TwoPeople(models.Model):
    """Who asked and who decided, when. `state` belongs to the model, because what may become of a
    wish differs; "approved" and "refused" are among it."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=gettext_lazy("asked by"),
    )
    asked_at = models.DateTimeField(gettext_lazy("asked at"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=gettext_lazy("decided by"),
    )
    decided_at = models.DateTimeField(gettext_lazy("decided at"), null=True)

    class Meta:
        abstract = True


def takes_two_people(name: str) -> models.CheckConstraint:
    """The last wall behind the services: no row says that somebody decided on their own wish."""
    by_another = models.Q(decided_by__isnull=False) & ~models.Q(decided_by=models.F("asked_by"))
    is_open = ~models.Q(state__in=["approved", "refused"])
    return models.CheckConstraint(condition=is_open | by_another, name=name)


class TurnFilter(admin.SimpleListFilter):
    """What waits for the reader; `waiting_for(user)` of the subclass gives those rows."""

    title = gettext_lazy("whose turn it is")
    parameter_name = "turn"

    def lookups(self, request, model_admin):
        return [("mine", _("Waiting for your approval"))]

    def queryset(self, request, queryset):
        if self.value() != "mine":
            return queryset
        return queryset.filter(pk__in=[one.pk for one in self.waiting_for(request.user)])
