"""What was sent after the session had ended is kept in this browser, and offered again after
signing in: one way for every page that takes a POST.

Whose it was is known by a cookie that outlives the session and names nobody: somebody else who
signs in at the same desk is not offered it.
"""

from __future__ import annotations

import json
import time
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from security.crypto import Unreadable, seal, unseal

from .outage import what_was_sent

KEY = "kept.sent"
WHO = "gov_was"
DROP = "_drop"
MAX_KEPT = 200_000
KEPT_SECONDS = 3600
# Pages that keep nothing: signing in itself, and programs, which send again on their own.
ELSEWHERE = ("/accounts/", "/api/")
# Set on a request whose view has kept what was sent in a way of its own.
IS_KEPT = "is_kept_elsewhere"


class KeepSentMiddleware:
    """Keeps a POST that only its signed-in person may send, leads to the sign-in page, and shows
    what was kept when that person comes back.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = self.get_response(request)
        if request.path.startswith(ELSEWHERE):
            if request.path == reverse("account_logout") and request.method == "POST":
                answer.delete_cookie(WHO)
            return answer
        if _needs_sign_in(request, answer):
            return _keep(request)
        return _note_who(request, answer)

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated or KEY not in request.session:
            return None
        kept = _kept_for(request)
        if kept is None:
            return None
        if request.method == "POST":
            del request.session[KEY]
            if DROP in request.POST:
                return redirect("/office/" if request.path.startswith("/office/") else "/")
            return None
        if request.method != "GET" or _is_by_script(request):
            return None
        context = kept | {"action": request.get_full_path(), "drop": DROP}
        context["texts"] = written(kept["sent"])
        return render(request, "resend.html", context)


def as_who_opened_it(view):
    """For a page that is open to everybody: what somebody sends whose session has just ended is not
    carried out as if nobody had ever signed in. Sent once more without signing in, it is.
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        is_ended = not request.user.is_authenticated and request.COOKIES.get(WHO)
        if request.method == "POST" and is_ended:
            return redirect(settings.LOGIN_URL)
        return view(request, *args, **kwargs)

    return wrapped


def _needs_sign_in(request, answer) -> bool:
    """Whether a POST was turned away because nobody is signed in any more."""
    if request.method != "POST" or request.user.is_authenticated or _is_by_script(request):
        return False
    if getattr(request, IS_KEPT, False):
        return False
    if answer.status_code == 302:
        signing_in = {resolve_url(settings.LOGIN_URL), reverse("admin:login")}
        return urlsplit(answer["Location"]).path in signing_in
    # To nobody many pages do not exist; here somebody was signed in.
    return answer.status_code == 404 and WHO in request.COOKIES


def _is_by_script(request) -> bool:
    return any(name in request.headers for name in ("HX-Request", "X-Requested-With"))


def _keep(request):
    address, sent = request.get_full_path(), what_was_sent(request)
    sealed = seal(json.dumps(sent), _context(address))
    if len(sealed) <= MAX_KEPT:
        request.session[KEY] = {
            "address": address,
            "sent": sealed,
            "who": request.COOKIES.get(WHO, ""),
            "until": time.time() + KEPT_SECONDS,
        }
        messages.info(request, _("Nothing was sent yet. What you wrote is kept: sign in to go on."))
    answer = redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': address})}")
    answer.delete_cookie(WHO)
    return answer


def _kept_for(request) -> dict | None:
    """What was kept for this page and person; what is not theirs or too old is forgotten."""
    kept = request.session[KEY]
    is_theirs = not kept["who"] or constant_time_compare(kept["who"], _mark_of(request.user))
    if not is_theirs or kept["until"] < time.time():
        del request.session[KEY]
        return None
    if kept["address"] != request.get_full_path():
        return None
    try:
        return json.loads(unseal(kept["sent"], _context(kept["address"])))
    except Unreadable:
        del request.session[KEY]
        return None


def _note_who(request, answer):
    """Remember in the browser whose session this is, without saying who."""
    if request.user.is_authenticated and request.COOKIES.get(WHO) != _mark_of(request.user):
        answer.set_cookie(
            WHO,
            _mark_of(request.user),
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return answer


def _mark_of(user) -> str:
    return salted_hmac("platform_core.resending", str(user.pk)).hexdigest()[:32]


def _context(address: str) -> str:
    return f"kept.sent:{address}"


def written(sent) -> list[str]:
    """Of (name, value) pairs what somebody wrote, unlike choices, numbers and marks of the page."""
    return [
        value
        for name, value in sent
        if name[:1] != "_" and any(letter.isspace() or letter > "~" for letter in value)
    ]
