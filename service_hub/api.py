"""What the endpoints of this hub share: who acts, and refusals as answers."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions

from platform_core.common.errors import NotAllowed
from security.accounts.selectors import firm_of
from security.actors import Actor

FIRM = OpenApiParameter(
    "firm", str, description="Id of the firm to act for; without it you act for yourself."
)


def api_actor(request) -> Actor:
    """The person of the token or session, acting for the firm named by `?firm=`, if any."""
    if not request.user.is_authenticated:
        return Actor.anonymous(ip=request.META.get("REMOTE_ADDR"), channel="api")
    wanted = request.query_params.get("firm", "")
    firm = firm_of(request.user, wanted) if wanted else None
    if wanted and firm is None:
        raise exceptions.ValidationError({"firm": [_("You may not act for this firm.")]})
    return Actor.of(request.user, firm=firm, ip=request.META.get("REMOTE_ADDR"), channel="api")


class RefusalsAnswered:
    """Turns a service's NotAllowed into 403; Conflict and Unusable are answered by the common
    handler.
    """

    def handle_exception(self, exc):
        if isinstance(exc, NotAllowed):
            exc = exceptions.PermissionDenied(str(exc))
        return super().handle_exception(exc)
