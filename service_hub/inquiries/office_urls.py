from django.urls import path

from . import office_views

urlpatterns = [
    path("", office_views.questions, name="office_questions"),
    path("<uuid:question_id>/", office_views.question, name="office_question"),
]
