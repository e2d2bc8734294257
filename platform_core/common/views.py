"""Pages that belong to no platform: health and errors."""

import sys
from datetime import date

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from . import sample_styles
from .outage import answer_to_outage
from .resending import written

ABOUT = {"accessibility", "privacy", "counter"}
# The day on which the accessibility statement was last compared with the pages.
STATEMENT_REVIEWED = date(2026, 11, 27)


def alive(request):
    """/healthz: the process answers."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request):
    """/readyz: database, Redis and the relay all work; 503 names what does not."""
    from .health import readiness

    checks = readiness(connection)
    return JsonResponse(
        {"ready": all(checks.values()), "checks": checks},
        status=200 if all(checks.values()) else 503,
    )


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def permission_denied(request, exception=None):
    return render(request, "403.html", _given_back(request), status=403)


def page_not_found(request, exception=None):
    return render(request, "404.html", _given_back(request), status=404)


def _given_back(request) -> dict:
    """What somebody wrote for a page that is gone meanwhile, or no longer theirs."""
    return {"texts": written(request.POST.items())} if request.method == "POST" else {}


def server_error(request):
    """The page for what went wrong; an outage met before any view was reached has its own."""
    outage = answer_to_outage(request, sys.exception())
    return outage or render(request, "500.html", status=500)


def csrf_failure(request, reason=""):
    return render(request, "csrf_failure.html", status=403)


@never_cache
@require_safe
def session(request):
    """/session: who the browser is now and a fresh form token, asked before a long form is sent."""
    user = str(request.user.pk) if request.user.is_authenticated else ""
    return JsonResponse({"user": user, "token": get_token(request)})


@require_safe
def about(request, page: str):
    """Standing pages of the site: accessibility, privacy, the way without internet."""
    if page not in ABOUT:
        raise Http404
    context = {"reviewed": STATEMENT_REVIEWED, "answer_days": settings.QUESTION_ANSWER_DAYS}
    return render(request, f"about/{page}.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def style_guide(request, end: str = "portal"):
    """/styles/: every component, for people who build pages. Not on a live site.

    Its sample form may be sent: nothing is kept.
    """
    if not (settings.DEBUG or settings.DEMO) or end not in sample_styles.ENDS:
        raise Http404
    return render(request, f"styles/{end}.html", sample_styles.samples())
