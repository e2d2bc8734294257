from django.urls import path

from . import views

urlpatterns = [
    path("after-login/", views.after_login, name="after_login"),
    path("email/", views.addresses, name="account_email"),
    path("acting-firm/", views.acting_firm, name="acting_firm"),
    path("profile/", views.profile, name="profile"),
    path("profile/identity/", views.identity, name="identity"),
    path("profile/identity/show/", views.show_identity, name="show_identity"),
]
