"""Everything below /api/v1/: each platform lists its own endpoints, named here as strings."""

from django.urls import include, path

urlpatterns = [
    path("", include("platform_core.common.api_urls")),
    path("", include("security.api_urls")),
    path("", include("platform_core.napps.api_urls")),
    path("", include("service_hub.api_urls")),
    path("", include("collab_hub.api_urls")),
]
