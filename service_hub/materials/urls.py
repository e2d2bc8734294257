from django.urls import path

from . import views

urlpatterns = [
    path("", views.confirmations, name="office_confirmations"),
    path("<int:pk>/", views.confirmation, name="office_confirmation"),
]
