from django.urls import path, re_path

from . import api

urlpatterns = [
    path("napps/", api.NAppList.as_view(), name="api_napps"),
    path("napps/schema/", api.ManifestSchema.as_view(), name="api_manifest_schema"),
    path("napps/<slug:slug>/", api.NAppDetail.as_view(), name="api_napp"),
    path("napps/<slug:slug>/versions/", api.NAppVersions.as_view(), name="api_napp_versions"),
    path(
        "napps/<slug:slug>/versions/<str:version>/",
        api.NAppManifest.as_view(),
        name="api_napp_manifest",
    ),
    path("napps/<slug:slug>/switch/", api.NAppSwitch.as_view(), name="api_napp_switch"),
    re_path(
        r"^napps/(?P<slug>[a-z0-9_]+)/(?P<move>open|close|disable)/$",
        api.NAppMove.as_view(),
        name="api_napp_move",
    ),
]
