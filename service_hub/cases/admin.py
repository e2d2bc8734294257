"""Cases in the admin site: that they are there and how far they are, never whose they are."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from platform_core.common.deeds import shown
from platform_core.common.i18n import pick
from security.audit.admin import ReadOnlyAdmin

from .models import Case


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    list_display = ["number", "service", "department", "state", "submitted_at", "promise_due_at"]
    list_filter = ["state", "item__napp", ("submitted_at", admin.DateFieldListFilter)]
    list_select_related = ["item", "department", "merged_into"]
    search_fields = ["^number"]
    search_help_text = _("Case number")
    list_per_page = 50
    show_full_result_count = False
    ordering = ["-submitted_at"]
    # Who applied and what was answered stays with the offices that handle the case.
    fields = [
        "number", "service", "napp_version", "department", "region", "channel", "state",
        "submitted_at", "accepted_at", "promise_due_at", "decided_at", "closed_at",
    ]  # fmt: skip

    @shown(_("service item"))
    def service(self, case):
        return pick(case.item.title)
