from django.contrib import admin
from django.urls import path

from . import views

app_name = "decisions"
urlpatterns = [
    path("dmn/", admin.site.admin_view(views.reading), name="reading"),
    path(
        "<int:pk>/<int:version_id>/<slug:key>/",
        admin.site.admin_view(views.trial),
        name="trial",
    ),
]
