from django.urls import path

from .accounts import api as accounts
from .organs import api as organs

urlpatterns = [
    path("regions/", organs.RegionListView.as_view(), name="api_regions"),
    path("me/", accounts.MeView.as_view(), name="api_me"),
    path("tokens/", accounts.TokensView.as_view(), name="api_tokens"),
    path("tokens/<int:token_id>/", accounts.TokenView.as_view(), name="api_token"),
]
