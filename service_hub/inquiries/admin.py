"""Questions in the admin site, to read; neither words nor askers are shown."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from security.audit.admin import ReadOnlyAdmin

from .models import Question


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    list_display = ["number", "department", "state", "asked_at", "due_at", "is_satisfied"]
    list_filter = ["state", ("asked_at", admin.DateFieldListFilter)]
    list_select_related = ["department"]
    search_fields = ["^number"]
    search_help_text = _("number")
    show_full_result_count = False
    ordering = ["-asked_at"]
    fields = [
        "number",
        "department",
        "state",
        "asked_at",
        "due_at",
        "answered_at",
        "is_satisfied",
        "published_at",
    ]
