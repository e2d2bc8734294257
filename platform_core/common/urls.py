from django.urls import path

from . import views, webapp_views

urlpatterns = [
    path("healthz", views.alive, name="healthz"),
    path("readyz", views.ready, name="readyz"),
    path("sw.js", webapp_views.service_worker, name="service_worker"),
    path("app/<slug:end>/<slug:language>.webmanifest", webapp_views.manifest, name="webapp"),
    path("offline/<slug:language>/", webapp_views.offline, name="offline"),
    path("session", views.session, name="session"),
    path("about/<slug:page>/", views.about, name="about"),
    path("styles/", views.style_guide, name="styles"),
    path("styles/<slug:end>/", views.style_guide, name="styles_of"),
]
