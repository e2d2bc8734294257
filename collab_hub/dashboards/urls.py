from django.urls import path

from . import views

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("list/", views.rows, name="dashboard_list"),
    path("ratings/", views.rated, name="dashboard_ratings"),
    path("export/<slug:ending>/", views.export, name="dashboard_export"),
]
