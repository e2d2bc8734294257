"""The working calendar in the admin site: days that differ from the published one."""

from django.contrib import admin

from security.audit.admin import AuditedAdmin

from . import workcalendar
from .models import CalendarDay


@admin.register(CalendarDay)
class CalendarDayAdmin(AuditedAdmin):
    list_display = ["on", "is_workday", "source"]
    list_filter = ["is_workday"]
    date_hierarchy = "on"

    def get_readonly_fields(self, request, obj=None):
        # The day is the row's key: changed, it would be another row.
        return ["on"] if obj else []

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        # Other processes follow within half a minute.
        workcalendar.forget_overrides()
