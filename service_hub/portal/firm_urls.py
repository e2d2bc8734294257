"""The pages that only the firms' end has, at /enterprise/firm/."""

from django.urls import path

from .views import firm

app_name = "firm"
urlpatterns = [
    path("bind/", firm.bind, name="bind"),
    path("members/", firm.members, name="members"),
    path("members/<int:member_id>/", firm.member, name="member"),
    path("members/invited/<uuid:invitation_id>/", firm.revoke, name="revoke"),
    path("join/<str:token>/", firm.join, name="join"),
    path("history/", firm.history, name="history"),
]
