from django.urls import path

from . import views, window_views

urlpatterns = [
    path("", views.rectifications, name="rectifications"),
    path("<int:order_id>/", views.rectification, name="rectification"),
    path("visits/", window_views.visits, name="visits"),
    path("visits/<uuid:visit_id>/", window_views.visit, name="visit"),
    path("phone/", window_views.on_the_phone, name="phone_rating"),
]
