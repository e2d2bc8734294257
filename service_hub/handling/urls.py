from django.urls import path

from . import deeds, views

urlpatterns = [
    path("", views.cases, name="office_cases"),
    path("<uuid:case_id>/", views.case, name="office_case"),
    path("<uuid:case_id>/take-in/", deeds.take_in, name="office_take_in"),
    path("<uuid:case_id>/send-back/", deeds.send_back, name="office_send_back"),
    path("<uuid:case_id>/pass-on/", deeds.pass_on, name="office_pass_on"),
    path("<uuid:case_id>/extend/", deeds.extend, name="office_extend"),
    path("<uuid:case_id>/void/", deeds.void, name="office_void"),
    path("<uuid:case_id>/joint/", views.joint_case, name="office_joint"),
    path("<uuid:case_id>/joint/ask/", deeds.ask_organs, name="office_joint_ask"),
    path("<uuid:case_id>/joint/take-back/", deeds.take_back, name="office_joint_take_back"),
    path("extensions/<int:pk>/", deeds.decide_extension, name="office_decide_extension"),
    path("voidings/<int:pk>/", deeds.decide_voiding, name="office_decide_voiding"),
    path("deliveries/<uuid:pk>/", deeds.deliver, name="office_deliver"),
]
