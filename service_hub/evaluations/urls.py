from django.urls import path

from . import views

urlpatterns = [
    path("", views.follow_ups, name="follow_ups"),
    path("<int:follow_up_id>/", views.follow_up, name="follow_up"),
]
