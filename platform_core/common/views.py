"""Pages that belong to no platform: health and errors."""

from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render


def alive(request):
    """/healthz: the process answers."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request):
    """/readyz: database, Redis and the relay all work; 503 names what does not."""
    from .health import readiness

    checks = readiness(connection)
    return JsonResponse(
        {"ready": all(checks.values()), "checks": checks}, status=200 if all(checks.values()) else 503
    )


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def permission_denied(request, exception=None):
    return render(request, "403.html", status=403)


def page_not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    return render(request, "500.html", status=500)


def csrf_failure(request, reason=""):
    return render(request, "csrf_failure.html", status=403)
