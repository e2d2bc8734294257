from django.urls import path

from .dashboards.api import DashboardView
from .inbox import api

urlpatterns = [
    path("office/dashboard/", DashboardView.as_view(), name="api_dashboard"),
    path("tasks/", api.TasksView.as_view(), name="api_tasks"),
    path("tasks/<uuid:task_id>/", api.TaskView.as_view(), name="api_task"),
    path("tasks/<uuid:task_id>/actions/", api.TaskActionsView.as_view(), name="api_task_actions"),
    path("tasks/<uuid:task_id>/claim/", api.TaskClaimView.as_view(), name="api_task_claim"),
    path("tasks/<uuid:task_id>/release/", api.TaskReleaseView.as_view(), name="api_task_release"),
]
