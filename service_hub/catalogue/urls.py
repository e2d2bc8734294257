from django.urls import path

from . import import_views, views

urlpatterns = [
    path("", views.items, name="catalogue"),
    path("new/", views.begin, name="catalogue_begin"),
    path("export/<slug:kind>/<slug:ending>/", import_views.export, name="catalogue_export"),
    path("import/", import_views.upload, name="catalogue_import"),
    path("import/<uuid:upload_id>/", import_views.preview, name="catalogue_preview"),
    path("changes/", views.changes, name="catalogue_changes"),
    path("changes/<int:change_id>/", views.change, name="catalogue_change"),
    path("<slug:kind>/<slug:code>/", views.item, name="catalogue_item"),
    path("<slug:kind>/<slug:code>/edit/", views.edit, name="catalogue_edit"),
    path("<slug:kind>/<slug:code>/versions/<int:number>/", views.version, name="catalogue_version"),
]
