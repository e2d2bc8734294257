from django.urls import path

from .views import (
    absence,
    batch,
    capabilities,
    handling,
    home,
    inbox,
    messages,
    pages,
    settings,
    task,
)

app_name = "office"
urlpatterns = [
    path("", home.home, name="home"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("filters/", inbox.filters, name="filters"),
    path("filters/save/", inbox.save_filter, name="filter_save"),
    path("filters/<int:filter_id>/rename/", inbox.rename_filter, name="filter_rename"),
    path("filters/<int:filter_id>/delete/", inbox.delete_filter, name="filter_delete"),
    path("tasks/<uuid:task_id>/", task.task, name="task"),
    path("tasks/<uuid:task_id>/act/", task.act, name="task_act"),
    path("tasks/<uuid:task_id>/suspend/", handling.suspend, name="task_suspend"),
    path("tasks/<uuid:task_id>/resume/", handling.resume, name="task_resume"),
    path("tasks/<uuid:task_id>/urge/", handling.urge, name="task_urge"),
    path("tasks/<uuid:task_id>/unmask/", task.unmask, name="task_unmask"),
    path("batch/", batch.batch, name="batch"),
    path("absence/", absence.absence, name="absence"),
    path("absence/<int:delegation_id>/end/", absence.end, name="absence_end"),
    path("messages/", messages.inbox, name="messages"),
    path("messages/read/", messages.read_all, name="messages_read"),
    path("messages/<uuid:message_id>/", messages.open_message, name="message"),
    path("capabilities/", capabilities.catalogue, name="capabilities"),
    path("capabilities/<slug:key>/", capabilities.capability, name="capability"),
    path("n/<slug:slug>/<slug:page>/", pages.napp_page, name="napp_page"),
    path("settings/", settings.settings, name="settings"),
]
