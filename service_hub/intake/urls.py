from django.urls import path

from . import merge_views, views

urlpatterns = [
    path("", views.desk, name="intake"),
    path("merge/<uuid:case_id>/", merge_views.merge, name="case_merge"),
    path("new/", views.begin, name="intake_begin"),
    path("<uuid:intake_id>/", views.resume, name="intake_resume"),
    path("<uuid:intake_id>/page/<slug:page>/", views.page, name="intake_page"),
    path("<uuid:intake_id>/check/", views.check, name="intake_check"),
    path("<uuid:intake_id>/discard/", views.discard, name="intake_discard"),
    path("<uuid:intake_id>/receipt/", views.receipt, name="intake_receipt"),
    path("<uuid:intake_id>/receipt.pdf", views.receipt_pdf, name="intake_receipt_pdf"),
]
