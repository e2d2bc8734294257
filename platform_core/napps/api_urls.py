from django.urls import path, re_path

from . import api
from .publication import api as publication

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
    path(
        "napps/<slug:slug>/publications/",
        publication.Publications.as_view(),
        name="api_napp_publications",
    ),
    path(
        "napps/<slug:slug>/publications/<int:publication>/<slug:decision>/",
        publication.PublicationDecision.as_view(),
        name="api_napp_publication_decision",
    ),
    re_path(
        r"^napps/(?P<slug>[a-z0-9_]+)/(?P<move>open|close|disable)/$",
        api.NAppMove.as_view(),
        name="api_napp_move",
    ),
]
