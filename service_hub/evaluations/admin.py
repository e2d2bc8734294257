"""Ratings and their rectification orders in the admin site, to read. What was written in words
is read by the office that answers it.
"""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from platform_core.common.deeds import shown
from security.audit.admin import ReadOnlyAdmin

from .models import Evaluation, Rectification


@admin.register(Evaluation)
class EvaluationAdmin(ReadOnlyAdmin):
    list_display = ["case", "office", "grade", "channel", "rated_at"]
    list_filter = ["grade", "channel", ("rated_at", admin.DateFieldListFilter)]
    list_select_related = ["case", "department"]
    search_fields = ["^case__number"]
    search_help_text = _("Case number")
    show_full_result_count = False
    ordering = ["-rated_at"]
    fields = ["case", "office", "grade", "channel", "rated_at", "added_at"]

    @shown(_("department"))
    def office(self, evaluation):
        return evaluation.department


@admin.register(Rectification)
class RectificationAdmin(ReadOnlyAdmin):
    list_display = ["number", "department", "state", "call_back_due_at", "answer_due_at"]
    list_filter = ["state"]
    list_select_related = ["evaluation__case", "department"]
    search_fields = ["^evaluation__case__number"]
    search_help_text = _("Case number")
    ordering = ["-answer_due_at"]
    fields = [
        "number", "department", "officer", "state", "call_back_due_at", "called_back_at",
        "answer_due_at", "measure", "answered_by", "answered_at", "outcome", "closed_at",
    ]  # fmt: skip

    @shown(_("case"))
    def number(self, order):
        return order.evaluation.case
