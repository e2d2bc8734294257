"""Four eyes: who may not decide on a publication, and the words that say why. Pure."""

from django.utils.translation import gettext as _

from .models import PublicationRequest


def bar(user, request: PublicationRequest) -> str:
    """Why `user` may not decide on `request`; "" when nothing stands in the way.

    Being an administrator opens no way around it.
    """
    if user is None or not user.is_active:
        return _("Only a person decides on a publication.")
    if request.asked_by_id == user.pk:
        return _("You asked for this publication yourself: somebody else decides on it.")
    if user.pk in request.version.authors or request.version.created_by_id == user.pk:
        return _("You wrote a part of this version: somebody who did not decides on it.")
    return ""
