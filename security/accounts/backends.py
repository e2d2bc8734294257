"""Who may sign in: active people, demonstration accounts only while the demonstration is on."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings


class AccountBackend(AuthenticationBackend):
    """Signs in by user name or e-mail.

    Also asked on every request, so closing an account ends its sessions.
    """

    def user_can_authenticate(self, user) -> bool:
        return super().user_can_authenticate(user) and (settings.DEMO or not user.is_demo)
