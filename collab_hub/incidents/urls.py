from django.urls import path

from .views import lists, plans, review, room

urlpatterns = [
    path("", lists.incidents, name="incidents"),
    path("plans/", plans.plan_list, name="incident_plans"),
    path("plans/new/", plans.plan_new, name="incident_plan_new"),
    path("plans/<uuid:plan_id>/", plans.plan, name="incident_plan"),
    path("plans/<uuid:plan_id>/activate/", plans.activate, name="incident_activate"),
    path("<uuid:incident_id>/", room.board, name="incident"),
    path("<uuid:incident_id>/tasks/<uuid:todo_id>/", room.todo, name="incident_task"),
    path("<uuid:incident_id>/tasks/<uuid:todo_id>/move/", room.move, name="incident_move"),
    path("<uuid:incident_id>/people/", room.people, name="incident_people"),
    path("<uuid:incident_id>/checks/", room.checks, name="incident_checks"),
    path("<uuid:incident_id>/reports/", room.reports, name="incident_reports"),
    path("<uuid:incident_id>/resources/", room.resources, name="incident_resources"),
    path("<uuid:incident_id>/log/", room.log, name="incident_log"),
    path("<uuid:incident_id>/add/", review.add, name="incident_add"),
    path("<uuid:incident_id>/review/", review.review, name="incident_review"),
    path("<uuid:incident_id>/print/", review.printed, name="incident_print"),
    path("<uuid:incident_id>/report.pdf", review.record, name="incident_record"),
]
