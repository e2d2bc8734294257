from django.urls import path

from . import views

urlpatterns = [
    path("", views.benefits, name="benefits"),
    path("<uuid:benefit_id>/", views.benefit, name="benefit"),
]
