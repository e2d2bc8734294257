from django.urls import path

from .views import calendars

urlpatterns = [path("", calendars.feed, name="calendar_feed")]
