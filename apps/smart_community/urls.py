from django.urls import path

from . import views

urlpatterns = [
    path("grids/", views.grids),
    path("grids/new/", views.new),
    path("grids/<int:grid_id>/", views.edit),
]
