"""A draft whose answers came from a certificate that was revoked meanwhile."""

from django.contrib import messages
from django.utils.translation import gettext as _

from platform_core.capabilities.forms import selectors as forms
from service_hub.materials import services as materials

from ..ends import owner_key
from .whose import doer


def still_valid(request, draft):
    """The draft, asking again for what came from a certificate that was revoked meanwhile."""
    lost = materials.forget_revoked(
        actor=doer(request, draft), draft=draft, owner_key=owner_key(request)
    )
    if not lost:
        return draft
    said = _("A certificate no longer counts. Please answer again what came from it.")
    messages.warning(request, said)
    return forms.draft_by_id(draft.pk)
