from django.urls import path

from . import compose_views, group_views, meeting_views, roll_views, views

app_name = "notices"
urlpatterns = [
    path("", views.received, name="received"),
    path("sent/", views.sent, name="sent"),
    path("new/", compose_views.compose, name="new"),
    path("count/", compose_views.count, name="count"),
    path("groups/", group_views.groups, name="groups"),
    path("groups/<int:group_id>/drop/", group_views.drop, name="group_drop"),
    path("<uuid:notice_id>/", views.notice, name="notice"),
    path("<uuid:notice_id>/confirm/", views.confirm, name="confirm"),
    path("<uuid:notice_id>/reply/", meeting_views.reply, name="reply"),
    path("<uuid:notice_id>/meeting.ics", meeting_views.calendar, name="calendar"),
    path("<uuid:notice_id>/edit/", compose_views.edit, name="edit"),
    path("<uuid:notice_id>/check/", compose_views.check, name="check"),
    path("<uuid:notice_id>/files/", compose_views.files, name="files"),
    path("<uuid:notice_id>/send/", compose_views.send, name="send"),
    path("<uuid:notice_id>/decide/", compose_views.decide, name="decide"),
    path("<uuid:notice_id>/roll/", roll_views.roll, name="roll"),
    path("<uuid:notice_id>/roll/export/<slug:ending>/", roll_views.export, name="export"),
    path("<uuid:notice_id>/act/", roll_views.act, name="act"),
    path("<uuid:notice_id>/rows/<int:recipient_id>/", roll_views.row, name="row"),
    path("<uuid:notice_id>/move/", meeting_views.move, name="move"),
    path("<uuid:notice_id>/screen/", meeting_views.screen, name="screen"),
    path("<uuid:notice_id>/here/<slug:code>/", meeting_views.here, name="here"),
    path("<uuid:notice_id>/minutes/", meeting_views.minutes, name="minutes"),
]
