from django.urls import path, re_path

from . import api
from .drafts import api as drafts
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
    path("napps/<slug:slug>/drafts/", drafts.Drafts.as_view(), name="api_napp_drafts"),
    *(
        path(f"napps/<slug:slug>/drafts/<int:draft>/{end}", view.as_view(), name=f"api_{name}")
        for end, view, name in (
            ("", drafts.DraftDetail, "napp_draft"),
            ("validate/", drafts.DraftValidation, "napp_draft_validate"),
            ("merge/", drafts.DraftMerge, "napp_draft_merge"),
            ("register/", drafts.DraftRegistration, "napp_draft_register"),
            ("discard/", drafts.DraftDisposal, "napp_draft_discard"),
        )
    ),
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
