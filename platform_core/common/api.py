"""What every endpoint below /api/v1/ shares: bounded input, one shape of errors, idempotency."""

from functools import wraps

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser
from rest_framework.response import Response
from rest_framework.views import set_rollback

from .bounded_json import JSONRefused, load_bounded
from .errors import Conflict, NotAllowed, Unusable
from .idempotency import OtherRequest, StillRunning, answer_once, fingerprint_of

MAX_BYTES = 2 * 1024 * 1024
MAX_KEY = 128


# Documents what `idempotent` reads.
KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The same key and body again get the first answer and change nothing.",
)


class Pagination(PageNumberPagination):
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100


class BoundedJSONParser(JSONParser):
    """JSON of at most 2 MiB and 40 levels: deeper input never reaches a recursive parser."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return load_bounded(stream.read(MAX_BYTES + 1), max_bytes=MAX_BYTES)
        except JSONRefused as error:
            raise exceptions.ParseError(str(error)) from None


def problem(status_code: int, title: str, *, errors: dict | None = None, **more) -> Response:
    """An RFC 9457 style answer; `errors` maps a field path to its messages."""
    body = {"status": status_code, "title": str(title), **more}
    if errors:
        body["errors"] = errors
    return Response(body, status=status_code, content_type="application/problem+json")


def problem_handler(error, context):
    """DRF exception handler: every refusal has the same shape, with the wrong fields' paths."""
    if isinstance(error, Unusable):
        set_rollback()
        return problem(422, _("Some answers need to be changed."), errors=error.errors)
    if isinstance(error, Conflict):
        set_rollback()
        return problem(409, str(error), **error.facts)
    if isinstance(error, RequestDataTooBig):
        return problem(413, _("The request is larger than 2 MB."))
    if isinstance(error, NotAllowed):
        set_rollback()
        return problem(403, str(error))
    if isinstance(error, DjangoValidationError):
        error = exceptions.ValidationError(
            error.message_dict if hasattr(error, "error_dict") else error.messages
        )
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(*error.args)
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    if isinstance(error, exceptions.ValidationError):
        return problem(400, _("Some answers need to be changed."), errors=_paths(error.detail))
    answer = problem(error.status_code, str(error.detail))
    if getattr(error, "auth_header", None):
        answer["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        answer["Retry-After"] = str(int(error.wait))
    return answer


def _paths(detail, prefix="") -> dict[str, list[str]]:
    """DRF's nested error detail flattened to {"a.b[0].c": [messages]}."""
    if isinstance(detail, dict):
        found = {}
        for key, value in detail.items():
            # DRF names the wrong rows of a list by number.
            step = f"[{key}]" if isinstance(key, int) else f".{key}" if prefix else str(key)
            found.update(_paths(value, prefix + step))
        return found
    if isinstance(detail, list) and any(isinstance(value, dict | list) for value in detail):
        found = {}
        for index, value in enumerate(detail):
            found.update(_paths(value, f"{prefix}[{index}]"))
        return found
    messages = detail if isinstance(detail, list) else [detail]
    if not messages:
        return {}
    return {prefix or "non_field_errors": [str(message) for message in messages]}


def idempotent(view):
    """Make a POST handler answer a repeated Idempotency-Key with its first answer.

    The same key with another body is refused with 422; while the first request runs, others get
    409. Only successes are kept: after any other answer the same key may be tried again.
    """

    @wraps(view)
    def wrapped(self, request, *args, **kwargs):
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return view(self, request, *args, **kwargs)
        if len(key) > MAX_KEY or not key.isprintable():
            return problem(400, _("The Idempotency-Key is not printable or longer than 128."))

        def work():
            answer = view(self, request, *args, **kwargs)
            return answer.status_code, answer.data, answer

        try:
            answer, kept = answer_once(
                client=_client(request),
                key=key,
                fingerprint=fingerprint_of(request.path, request.data),
                work=work,
            )
        except StillRunning:
            busy = problem(409, _("The same request is still being handled."))
            busy["Retry-After"] = "1"
            return busy
        except OtherRequest:
            return problem(422, _("This Idempotency-Key was used for another request."))
        if kept is None:
            return answer
        again = Response(kept[1], status=kept[0])
        again["Idempotent-Replay"] = "true"
        return again

    return wrapped


def _client(request) -> str:
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"ip:{request.actor.ip}"
