"""Open tasks in the admin site, to read: whose matter each is, and which nobody can do."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.common.i18n import pick
from security.audit.admin import ReadOnlyAdmin

from .models import Task
from .selectors import nobody_can


class HolderFilter(admin.SimpleListFilter):
    """Whether somebody can do the task."""

    title = gettext_lazy("who can do it")
    parameter_name = "holder"

    def lookups(self, request, model_admin):
        return [("nobody", _("Nobody can do it"))]

    def queryset(self, request, queryset):
        return queryset.filter(nobody_can()) if self.value() == "nobody" else queryset


@admin.register(Task)
class TaskAdmin(ReadOnlyAdmin):
    """The list of open tasks. A task finds a new holder by itself within a minute of the post."""

    list_display = [
        "step", "service", "remedy", "number", "pool_department", "assignee", "opened_at", "due_at",
    ]  # fmt: skip
    list_display_links = None
    list_filter = [HolderFilter, "instance__napp_version__napp", "pool_department__kind"]
    list_select_related = ["instance__napp_version__napp", "pool_department", "assignee"]
    search_fields = ["instance__subject_number", "pool_department__name"]
    ordering = ["opened_at", "pk"]
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def get_queryset(self, request):
        tasks = super().get_queryset(request).filter(state=Task.State.OPEN)
        tasks = tasks.annotate(nobody=nobody_can())
        return tasks.defer("instance__napp_version__manifest", "instance__state")

    def has_view_permission(self, request, obj=None) -> bool:
        # The list alone: a task's own page would show opinions and answers.
        return obj is None and self.has_module_permission(request)

    @admin.display(description=gettext_lazy("step"))
    def step(self, task):
        return pick(task.title)

    @admin.display(description=gettext_lazy("service"))
    def service(self, task):
        return pick(task.instance.napp_version.napp.title)

    @admin.display(description=gettext_lazy("number"))
    def number(self, task):
        return task.instance.subject_number or "—"

    @admin.display(description=gettext_lazy("what to do"))
    def remedy(self, task):
        if not task.nobody:
            return "—"
        known = {"department": task.pool_department_id} if task.pool_department_id else {}
        address = f"{reverse('admin:security_post_add')}?{urlencode(known)}"
        return format_html(
            '<b>{}</b> <a href="{}">{}</a>',
            _("Nobody can do it."), address, _("Give somebody a post with this role"),
        )  # fmt: skip
