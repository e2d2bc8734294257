from django.urls import path

from . import views

urlpatterns = [
    path("", views.questions, name="questions"),
    path("ask/", views.ask, name="ask"),
    path("mine/", views.mine, name="my_questions"),
    path("follow/", views.follow, name="question_follow"),
    path("<uuid:question_id>/", views.question, name="question"),
]
