from django.urls import path

from . import views

urlpatterns = [
    path("", views.halls, name="halls"),
    path("<slug:hall>/", views.hall, name="hall"),
    path("<slug:hall>/plan/", views.plan, name="hall_plan"),
    path("<slug:hall>/windows/<int:number>/", views.window, name="hall_window"),
]
