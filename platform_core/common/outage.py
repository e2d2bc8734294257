"""When the database or Redis does not answer, people get a page with clear words, never a bare
500, and keep what they typed.
"""

from urllib.parse import urlsplit

import structlog
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError as RedisGone
from redis.exceptions import TimeoutError as RedisSilent

log = structlog.get_logger(__name__)
OUTAGES = (OperationalError, InterfaceError, RedisGone, RedisSilent, BrokerError)
RETRY_SECONDS = 30
MAX_RESENT = 2000


class OutageMiddleware:
    """Answers with 503 when a view fails because a part of the machine room does not answer.

    What fails before a view is reached comes through `views.server_error`, which asks here too.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return answer_to_outage(request, exception)


def answer_to_outage(request, error) -> HttpResponse | None:
    """The 503 for `error`, or None when it is no outage. Asks neither database nor Redis."""
    if not isinstance(error, OUTAGES):
        return None
    # The words of a database error may quote what somebody typed.
    log.error("outage", path=request.path, error=type(error).__name__)
    answer = _problem() if request.path.startswith("/api/") else _page(request)
    answer["Retry-After"] = str(RETRY_SECONDS)
    answer["Cache-Control"] = "no-store"
    return answer


def _problem() -> JsonResponse:
    title = _("A part of the site does not answer. Nothing was saved. Try again in a minute.")
    body = {"status": 503, "title": title}
    return JsonResponse(body, status=503, content_type="application/problem+json")


def _page(request) -> HttpResponse:
    # Who it is stands in the database, which may be what does not answer.
    request.user = AnonymousUser()
    context = {"retry_url": request.get_full_path()}
    if request.path.startswith("/accounts/"):
        context["reason"] = _(
            "Nobody can sign in or change an account at the moment. "
            "Please try again in a few minutes."
        )
    elif request.method == "POST" and sent_from_here(request):
        context |= what_was_sent(request)
    return render(request, "503.html", context, status=503)


def what_was_sent(request) -> dict:
    """The fields of a POST to send once more, and the names of its files, which cannot be kept."""
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
        for value in values
    ]
    files = [upload.name for _name, uploads in request.FILES.lists() for upload in uploads]
    return {"sent": sent[:MAX_RESENT], "files": files, "is_resent": True}


def sent_from_here(request) -> bool:
    """Whether a page of this site sent the request, so that a foreign one cannot put words into
    somebody's mouth and have them sent with one click.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    sender = urlsplit(request.headers.get("Origin") or request.headers.get("Referer") or "")
    return sender.netloc == request.get_host()
