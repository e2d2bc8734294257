from django.urls import path

from . import views

urlpatterns = [
    path("healthz", views.alive, name="healthz"),
    path("readyz", views.ready, name="readyz"),
    path("session", views.session, name="session"),
    path("about/<slug:page>/", views.about, name="about"),
    path("styles/", views.style_guide, name="styles"),
    path("styles/<slug:end>/", views.style_guide, name="styles_of"),
]
