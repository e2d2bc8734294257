"""The address plan: one line for each service end. Platforms are named as strings."""

from django.contrib import admin
from django.urls import include, path

from platform_core.napps.views import code_page

urlpatterns = [
    path("", include("platform_core.common.urls")),
    path("admin/decisions/", include("platform_core.capabilities.decisions.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("security.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("documents/", include("platform_core.capabilities.documents.urls")),
    path("", include("platform_core.capabilities.notifications.urls")),
    path("files/", include("platform_core.capabilities.files.urls")),
    path("apps/<slug:slug>/<path:rest>", code_page, name="code_page"),
    path("api/v1/", include("platform_core.api_urls")),
    path("office/halls/", include("service_hub.booking.urls")),
    path("office/intake/", include("service_hub.intake.urls")),
    path("office/confirmations/", include("service_hub.materials.urls")),
    path("office/cases/", include("service_hub.handling.urls")),
    path("office/items/", include("service_hub.catalogue.urls")),
    path("office/policies/", include("service_hub.benefits.urls")),
    path("office/firms/", include("service_hub.claims.urls")),
    path("office/ratings/", include("service_hub.evaluations.urls")),
    path("office/data-requests/", include("service_hub.personal_data.urls")),
    path("office/questions/", include("service_hub.inquiries.office_urls")),
    path("questions/", include("service_hub.inquiries.urls")),
    path("board/", include("service_hub.evaluations.board_urls")),
    path("rate/", include("service_hub.evaluations.public_urls")),
    path("office/notices/", include("collab_hub.notices.urls")),
    path("office/supervision/", include("collab_hub.supervision.urls")),
    path("office/incidents/", include("collab_hub.incidents.urls")),
    path("office/dashboard/", include("collab_hub.dashboards.urls")),
    path("office/trace/", include("collab_hub.trace.urls")),
    path("supervision/", include("collab_hub.supervision.public_urls")),
    path("office/reports/", include("collab_hub.reports.urls")),
    path("office/papers/", include("collab_hub.papers.urls")),
    path("papers/", include("collab_hub.papers.public_urls")),
    path("office/directory/", include("collab_hub.directory.urls")),
    path("calendar.ics", include("collab_hub.directory.public_urls")),
    path("office/", include("collab_hub.office.urls")),
    path("enterprise/firm/", include("service_hub.portal.firm_urls")),
    path("enterprise/", include("service_hub.portal.urls", namespace="enterprise")),
    path("", include("service_hub.portal.urls")),
]

handler400 = "platform_core.common.views.bad_request"
handler403 = "platform_core.common.views.permission_denied"
handler404 = "platform_core.common.views.page_not_found"
handler500 = "platform_core.common.views.server_error"
