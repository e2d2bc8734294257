from django.urls import path

from . import public_views

urlpatterns = [
    path("mine/<str:receipt>/", public_views.my_rating, name="my_rating"),
    path("<str:token>/", public_views.rate_visit, name="rate_visit"),
    path("<str:token>/qr.svg", public_views.qr, name="rate_visit_qr"),
]
