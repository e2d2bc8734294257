"""Which service end a request is at, and for whom it acts there."""

from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _

from platform_core.common.visitors import keep_visitor, visitor_key
from security.actors import Actor

BASES = {"public": "base_portal.html", "enterprise": "base_enterprise.html"}


def end_of(request) -> str:
    """ "public" or "enterprise"."""
    match = request.resolver_match
    return "enterprise" if match and match.namespace in {"enterprise", "firm"} else "public"


def actor_of(request):
    """Who acts: at the public end a person always acts for themselves, whatever firm is chosen."""
    return request.actor if end_of(request) == "enterprise" else request.actor.as_person()


def nobody(request):
    """The same browser without the person who is signed in there."""
    known = request.actor
    return Actor.anonymous(ip=known.ip, request_id=known.request_id, channel=known.channel)


def owner_key(request) -> str:
    """The key of this browser's drafts and files; its cookie is set by `page` and `go`."""
    return visitor_key(request, create=True)


def link(request, name: str, *args) -> str:
    """The address of a portal page at the end that the request is at."""
    current = "enterprise" if end_of(request) == "enterprise" else "portal"
    return reverse(f"portal:{name}", args=args, current_app=current)


def page(request, template: str, context: dict | None = None, *, status: int = 200):
    """Draw a portal page in the frame of its end."""
    end = end_of(request)
    context = {"base": BASES[end], "end": end, "firm": actor_of(request).firm, **(context or {})}
    return keep_visitor(request, render(request, f"portal/{template}.html", context, status=status))


def go(request, name: str, *args):
    """Redirect to a portal page at the same end."""
    return keep_visitor(request, redirect(link(request, name, *args)))


def sign_in_first(request):
    """To the sign-in page, and back here afterwards."""
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}")


def choose_firm_first(request):
    """The page that asks for whom the person acts, or says that nobody gave them a mandate."""
    return page(request, "choose_firm", {"title": _("For which firm?")})


def at_firms_end(view):
    """A page that only the firms' end has, for somebody signed in; its links stay at that end."""

    def wrapped(request, *args, **kwargs):
        request.current_app = "enterprise"
        if not request.user.is_authenticated:
            return sign_in_first(request)
        return view(request, *args, **kwargs)

    return wrapped


def for_firm(view):
    """A page at the firms' end of a person who acts for a firm; the view gets the firm."""

    @at_firms_end
    def wrapped(request, *args, **kwargs):
        if request.actor.firm is None:
            return choose_firm_first(request)
        return view(request, request.actor.firm, *args, **kwargs)

    return wrapped


def for_person(view):
    """A page of a signed-in person; at the enterprise end of one who acts for a firm."""

    def wrapped(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return sign_in_first(request)
        if end_of(request) == "enterprise" and request.actor.firm is None:
            return choose_firm_first(request)
        return view(request, *args, **kwargs)

    return wrapped
