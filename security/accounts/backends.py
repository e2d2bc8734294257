"""Who may sign in: active people, demonstration accounts only while the demonstration is on."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from security.statements import Prepared

from .models import User


@Prepared
def _user(user: int):
    return User.objects.filter(pk=user)


class AccountBackend(AuthenticationBackend):
    """Signs in by user name or e-mail.

    Also asked on every request, so closing an account ends its sessions.
    """

    def user_can_authenticate(self, user) -> bool:
        return super().user_can_authenticate(user) and (settings.DEMO or not user.is_demo)

    def get_user(self, user_id):
        """The person of a session, asked on every request; None when they may not sign in."""
        found = _user(user=int(user_id))
        return found[0] if found and self.user_can_authenticate(found[0]) else None
