from django.urls import path

from . import views

urlpatterns = [
    path("", views.claims, name="firm_claims"),
    path("<uuid:claim_id>/", views.claim, name="firm_claim"),
]
