"""What every endpoint below /api/v1/ shares: bounded input, problem-style errors, paging, idempotency."""

import hashlib
import json
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser
from rest_framework.response import Response
from rest_framework.views import set_rollback

from .bounded_json import JSONRefused, load_bounded
from .errors import Conflict, NotAllowed, Unusable
from .models import IdempotentResponse

MAX_BYTES = 2 * 1024 * 1024


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
    """DRF exception handler: every refusal has the same shape, with the paths of the wrong fields."""
    if isinstance(error, Unusable):
        set_rollback()
        return problem(422, _("Some answers need to be changed."), errors=error.errors)
    if isinstance(error, Conflict):
        set_rollback()
        return problem(409, str(error), **error.facts)
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
        error = exceptions.PermissionDenied()
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
            found.update(_paths(value, f"{prefix}.{key}" if prefix else str(key)))
        return found
    if isinstance(detail, list) and any(isinstance(value, dict | list) for value in detail):
        found = {}
        for index, value in enumerate(detail):
            found.update(_paths(value, f"{prefix}[{index}]"))
        return found
    messages = detail if isinstance(detail, list) else [detail]
    return {prefix or "non_field_errors": [str(message) for message in messages]} if messages else {}


def idempotent(view):
    """Make a POST handler answer a repeated Idempotency-Key with its first answer.

    The key row is written in the transaction of the effect, so a crash leaves neither. The same key
    with another body is refused with 422; a request still running answers 409. Only 2xx are kept.
    """

    @wraps(view)
    def wrapped(self, request, *args, **kwargs):
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return view(self, request, *args, **kwargs)
        if len(key) > 128:
            return problem(400, _("The Idempotency-Key is longer than 128 characters."))
        client = f"user:{request.user.pk}" if request.user.is_authenticated else f"ip:{request.actor.ip}"
        body = json.dumps([request.path, request.data], sort_keys=True, ensure_ascii=True, default=str)
        fingerprint = hashlib.sha256(body.encode()).hexdigest()
        try:
            with transaction.atomic():
                return _first_or_again(view, self, request, args, kwargs, client, key, fingerprint)
        except IntegrityError as error:
            if "one_answer_per_client_and_key" not in str(error):
                raise
            return problem(409, _("The same request is still being handled."))

    return wrapped


def _first_or_again(view, self, request, args, kwargs, client, key, fingerprint):
    row, is_new = IdempotentResponse.objects.select_for_update().get_or_create(
        client=client, key=key, defaults={"fingerprint": fingerprint}
    )
    if not is_new:
        if row.fingerprint != fingerprint:
            return problem(422, _("This Idempotency-Key was used for another request."))
        answer = Response(row.body, status=row.status)
        answer["Idempotent-Replay"] = "true"
        return answer
    answer = view(self, request, *args, **kwargs)
    if status.is_success(answer.status_code):
        row.status, row.body = answer.status_code, json.loads(json.dumps(answer.data, default=str))
        row.save(update_fields=["status", "body"])
    else:
        transaction.set_rollback(True)
    return answer
