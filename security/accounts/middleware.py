"""Who acts in a request, how long a session may last, and the second factor of staff."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from security.actors import Actor
from security.organs.selectors import active_posts

from . import guard, selectors
from .adapter import request_id
from .services import ACTING_FIRM

SINCE, SEEN = "gov_since", "gov_seen"
# On a request whose session ended on the way: whose it was.
ENDED_OF = "session_ended_of"
SEEN_EVERY = 30
# Where staff must get to in order to sign in, set up the second factor, or sign out.
BEFORE_THE_WALL = ("/accounts/", "/healthz", "/readyz", "/static/", "/sw.js", "/app/", "/offline/")
KEPT_IN_DEMO = (
    "/accounts/password/",
    "/accounts/2fa/totp/",
    "/accounts/2fa/recovery-codes/",
)
BEHIND_IT_ALL_THE_SAME = ("/accounts/profile/", "/accounts/acting-firm/")


class ActorMiddleware:
    """Sets `request.actor` and `request.acting_firms`, both worked out when first asked for.

    Late, because the API learns from a token who asks only after every middleware has run.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.acting_firms = SimpleLazyObject(lambda: selectors.firms_of(request.user))
        request.actor = SimpleLazyObject(lambda: actor_of_request(request))
        return self.get_response(request)


def actor_of_request(request) -> Actor:
    """The actor of a request: person, chosen firm if the mandate still holds, first active post,
    address.
    """
    user = request.user
    posts = active_posts(user)
    return Actor.of(
        user,
        firm=_chosen_firm(request),
        post=posts[0] if posts else None,
        channel=_channel(request),
        ip=guard.client_ip(request),
        request_id=request_id(),
    )


def _chosen_firm(request):
    if not request.user.is_authenticated:
        return None
    asked = request.headers.get("Acting-Firm", "") if _channel(request) == "api" else ""
    chosen = asked or request.session.get(ACTING_FIRM)
    if not chosen:
        return None
    firm = next((firm for firm in request.acting_firms if str(firm.pk) == str(chosen)), None)
    # A program that names a firm must not silently file in the person's own name.
    if asked and firm is None:
        raise PermissionDenied(_("You hold no mandate of this firm."))
    return firm


def _channel(request) -> str:
    for prefix, channel in (("/api/", "api"), ("/admin/", "admin")):
        if request.path.startswith(prefix):
            return channel
    return "web"


class SessionLimitsMiddleware:
    """Ends a session that lasted too long, and a member of staff's that lay idle."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated:
            return self.get_response(request)
        now, session = time.time(), request.session
        began, seen = session.get(SINCE), session.get(SEEN, now)
        idle = settings.STAFF_IDLE_MINUTES * 60 if request.user.needs_second_factor else None
        if (began and now - began > settings.SESSION_COOKIE_AGE) or (idle and now - seen > idle):
            return self._ended(request)
        if began is None:
            session[SINCE] = now
        if idle and (SEEN not in session or now - seen > SEEN_EVERY):
            session[SEEN] = now
        return self.get_response(request)

    def _ended(self, request):
        setattr(request, ENDED_OF, str(request.user.pk))
        logout(request)
        if request.path.startswith("/api/"):
            return problem(401, _("Your session has ended. Sign in again."))
        messages.info(request, _("You were signed out because nothing happened for a while."))
        if request.method == "POST" and keeps_what_was_sent(request.path_info):
            return self.get_response(request)
        return lead_to(request, reverse("account_login"))


def after_sign_out(view):
    """Mark a view that gets a POST whose session has just ended, from nobody now, to keep what was
    typed and to lead to the sign-in page itself.
    """
    view.keeps_what_was_sent = True
    return view


def keeps_what_was_sent(path: str) -> bool:
    try:
        return getattr(resolve(path).func, "keeps_what_was_sent", False)
    except Resolver404:
        return False


class DemoAccountsMiddleware:
    """Keeps visitors who share a demonstration account from locking one another out of it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if (
            request.method == "POST"
            and request.path.startswith(KEPT_IN_DEMO)
            and request.user.is_authenticated
            and request.user.is_demo
        ):
            messages.info(request, _("Demonstration accounts keep their password and second step."))
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)


class StaffSecondFactorMiddleware:
    """Lets staff of every kind go nowhere before they have used a second factor in this session.

    A wall around everything but sign-in itself, rather than around the office alone: files, the
    API and pages of N-apps show staff more than they show others. Requests with a token are not
    its concern: tokens of staff are given out only behind this wall.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if (
            not user.is_authenticated
            or not user.needs_second_factor
            or is_before_the_wall(request.path)
            or has_second_factor(request)
        ):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return problem(403, _("Staff need their second factor in this session."))
        is_set_up = selectors.has_authenticator(user)
        return lead_to(request, reverse("mfa_reauthenticate" if is_set_up else "mfa_activate_totp"))


def is_before_the_wall(path: str) -> bool:
    """Whether staff may open `path` without a second factor."""
    return path.startswith(BEFORE_THE_WALL) and not path.startswith(BEHIND_IT_ALL_THE_SAME)


def has_second_factor(request) -> bool:
    """Whether this session was opened or confirmed with a second factor."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def problem(status: int, title: str) -> JsonResponse:
    return JsonResponse(
        {"status": status, "title": title}, status=status, content_type="application/problem+json"
    )


def lead_to(request, address: str) -> HttpResponse:
    """Redirect to `address` and come back afterwards; htmx is told to move the whole page."""
    if request.headers.get("HX-Request"):
        back = urlsplit(request.headers.get("HX-Current-URL", "/")).path
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = f"{address}?{urlencode({'next': back})}"
        return answer
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
    return HttpResponseRedirect(f"{address}?{urlencode({'next': back})}")
