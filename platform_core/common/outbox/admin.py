"""Dead letters for operators: what failed, how often, and the button that sends it again."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import services
from .models import OutboxMessage


@admin.register(OutboxMessage)
class OutboxMessageAdmin(admin.ModelAdmin):
    list_display = ["id", "topic", "key", "state", "attempts", "due_at", "last_error"]
    list_filter = ["state", "topic"]
    search_fields = ["key"]
    ordering = ["-id"]
    actions = ["send_again"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return [field.name for field in OutboxMessage._meta.fields]

    @admin.action(description=_("Send again what was given up"), permissions=["change"])
    def send_again(self, request, queryset):
        count = services.send_again(
            actor=request.actor, ids=list(queryset.values_list("id", flat=True))
        )
        if count:
            self.message_user(
                request,
                ngettext(
                    "%(n)d message will be sent again.", "%(n)d messages will be sent again.", count
                )
                % {"n": count},
                messages.SUCCESS,
            )
        else:
            self.message_user(
                request, _("None of the chosen messages was given up."), messages.WARNING
            )
