"""The pages that only the firms' end has, at /enterprise/firm/."""

from django.urls import path

from .views import batches, claims, duties, firm, policies

app_name = "firm"
urlpatterns = [
    path("bind/", firm.bind, name="bind"),
    path("claims/", claims.claims, name="claims"),
    path("members/", firm.members, name="members"),
    path("members/<int:member_id>/", firm.member, name="member"),
    path("members/invited/<uuid:invitation_id>/", firm.revoke, name="revoke"),
    path("join/<str:token>/", firm.join, name="join"),
    path("history/", firm.history, name="history"),
    path("batches/", batches.batches, name="batches"),
    path("batches/new/<slug:slug>/<slug:key>/", batches.batch_new, name="batch_new"),
    path("batches/new/<slug:slug>/<slug:key>/template.xlsx", batches.template, name="template"),
    path("batches/<uuid:batch_id>/", batches.batch, name="batch"),
    path("batches/<uuid:batch_id>/result.xlsx", batches.result, name="result"),
    path("policies/", policies.policies, name="policies"),
    path("policies/<uuid:benefit_id>/", policies.policy, name="policy"),
    path("deadlines/", firm.deadlines, name="deadlines"),
    path("duties/<slug:slug>/<slug:key>/<slug:period>/", duties.duty, name="duty"),
    path("calendar/<str:token>.ics", firm.calendar, name="calendar"),
]
