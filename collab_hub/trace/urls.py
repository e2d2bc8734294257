from django.urls import path

from . import views

urlpatterns = [
    path("", views.search, name="trace_search"),
    path("<slug:kind>/<str:object_id>/", views.history, name="trace"),
]
