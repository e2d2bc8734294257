from django.urls import path

from . import views

urlpatterns = [path("", views.published, name="supervision_published")]
