from django.urls import path

from . import views

urlpatterns = [
    path("", views.cases, name="office_cases"),
    path("<uuid:case_id>/", views.case, name="office_case"),
    path("<uuid:case_id>/extend/", views.extend, name="office_extend"),
    path("<uuid:case_id>/void/", views.void, name="office_void"),
    path("<uuid:case_id>/pass-on/", views.pass_on, name="office_pass_on"),
    path("extensions/<int:pk>/", views.decide_extension, name="office_decide_extension"),
    path("voidings/<int:pk>/", views.decide_voiding, name="office_decide_voiding"),
    path("deliveries/<uuid:pk>/", views.deliver, name="office_deliver"),
]
