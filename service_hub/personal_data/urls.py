from django.urls import path

from . import views

urlpatterns = [
    path("", views.data_requests, name="data_requests"),
    path("holds/", views.data_holds, name="data_holds"),
]
