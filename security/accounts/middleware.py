"""Who acts in a request, and the second factor of staff. (owner: security)"""

from security.actors import Actor


class ActorMiddleware:
    """Sets `request.actor`; the firm a person acts for is kept in the session."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor = Actor.of(request.user, ip=request.META.get("REMOTE_ADDR"))
        return self.get_response(request)


class StaffSecondFactorMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)
