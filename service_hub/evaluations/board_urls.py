from django.urls import path

from . import board_views

urlpatterns = [
    path("", board_views.board, name="board"),
    path("figures.csv", board_views.figures_csv, name="board_csv"),
    path("reviews/", board_views.reviews, name="board_reviews"),
]
