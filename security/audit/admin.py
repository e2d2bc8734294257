"""The audit trail in the admin site, to read and to filter only; and the base that writes it for
other pages.
"""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext_lazy as _

from security.access import may, visible_to

from . import services
from .models import AuditEntry


class AuditedAdmin(admin.ModelAdmin):
    """An admin page whose every change is written to the audit trail, and where nothing is deleted.

    Fields of the model's `masked` list are shown masked and cannot be edited here.
    """

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def save_model(self, request, obj, form, change):
        services.save_audited(
            actor=request.actor, obj=obj, changed=form.changed_data, is_new=not change,
            before={name: form.initial.get(name) for name in form.changed_data},
        )  # fmt: skip

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        many = {field.name for field in form.instance._meta.many_to_many} & set(form.changed_data)
        if many:
            services.record_audit(
                actor=request.actor, verb="admin.relate", obj=form.instance,
                before={name: _names(form.initial.get(name, [])) for name in many},
                after={name: _names(form.cleaned_data[name]) for name in many},
            )  # fmt: skip


def _names(rows) -> list[str]:
    return sorted(str(row) for row in rows)


class ReadOnlyAdmin(admin.ModelAdmin):
    """An admin page for reading, open to whoever the access policy lets view the rows."""

    def get_queryset(self, request):
        return visible_to(request.user, "view", super().get_queryset(request))

    def has_module_permission(self, request) -> bool:
        return self.get_queryset(request).query.is_empty() is False

    def has_view_permission(self, request, obj=None) -> bool:
        if obj is None:
            return self.has_module_permission(request)
        return may(request.user, "view", obj)

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = [
        "at",
        "actor_name",
        "acting_as",
        "verb",
        "object_type",
        "object_label",
        "result",
        "ip",
    ]
    # Not by verb or type: listing the values that occur would read the whole trail.
    list_filter = ["result", "channel", ("at", admin.DateFieldListFilter)]
    search_fields = ["=object_id", "verb", "actor_name", "=request_id", "=ip"]
    search_help_text = _("Object number, what was done, who, request number, address")
    list_per_page = 50
    show_full_result_count = False
    fields = [
        "at", "actor", "actor_name", "acting_as", "verb", "object_type", "object_id",
        "object_label", "before", "after", "result", "ip", "channel", "request_id", "xact",
    ]  # fmt: skip
    readonly_fields = fields


# The admin's own log repeats the audit trail without its guarantees; nobody needs to see two.
if admin.site.is_registered(LogEntry):
    admin.site.unregister(LogEntry)
