from django.urls import path

from . import views

urlpatterns = [
    path("", views.items, name="catalogue"),
    path("new/", views.begin, name="catalogue_begin"),
    path("changes/", views.changes, name="catalogue_changes"),
    path("changes/<int:change_id>/", views.change, name="catalogue_change"),
    path("<slug:kind>/<slug:code>/", views.item, name="catalogue_item"),
    path("<slug:kind>/<slug:code>/edit/", views.edit, name="catalogue_edit"),
    path("<slug:kind>/<slug:code>/versions/<int:number>/", views.version, name="catalogue_version"),
]
