"""What the endpoints of the office's modules share: who may call them and how often, the words of
their documentation, and one way to read what was sent.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import generics, serializers
from rest_framework.permissions import BasePermission
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from platform_core.common.api_pages import KeysetPagination
from platform_core.common.limits import is_within
from platform_core.common.organs import organ_words

from .office.access import works_here

MOST_VERSION = 2**31 - 1
VERSION_WORDS = "The version that you saw. Answers 409 when it has changed since."
# Calls of one person in a minute, and calls in an hour that reach many people.
CALLS, SENDINGS = (600, 60), (60, 3600)

PROBLEMS = {
    400: OpenApiResponse(description="The body is not understood; it says at which field."),
    403: OpenApiResponse(description="You may see it, but this is for others."),
    404: OpenApiResponse(description="There is no such thing for you."),
    409: OpenApiResponse(description="Somebody was faster, or it has moved on; the body says how."),
    422: OpenApiResponse(description="Something is missing or wrong; the body says where."),
    429: OpenApiResponse(description="Too many calls; Retry-After says when to go on."),
}


class WorksHere(BasePermission):
    """The office's door: officials, administrators and auditors. What each sees is asked later."""

    def has_permission(self, request, view) -> bool:
        self.message = _("The office is for civil servants.")
        return works_here(request.user)


class PersonThrottle(BaseThrottle):
    """So many calls of one person in a window of time, whatever they call."""

    what, limit = "office-api", CALLS

    def allow_request(self, request, view) -> bool:
        return is_within(f"{self.what}:{request.user.pk}", *self.limit)

    def wait(self) -> int:
        return self.limit[1]


class SendingThrottle(PersonThrottle):
    """For what reaches many people."""

    what, limit = "office-api-sending", SENDINGS


class OfficeView(APIView):
    """One thing of the office, or something done with it."""

    permission_classes = [WorksHere]
    throttle_classes = [PersonThrottle]


class OfficeListView(generics.GenericAPIView):
    """A list of the office, page by page."""

    permission_classes = [WorksHere]
    throttle_classes = [PersonThrottle]
    pagination_class = KeysetPagination

    def pages(self, queryset, shown=None) -> object:
        """The answer with the page asked for; `shown(row)` is what is written of each row."""
        rows = self.paginate_queryset(queryset)
        rows = [shown(row) for row in rows] if shown else rows
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)


def sent(kind: type[serializers.Serializer], request) -> dict:
    """What was sent, as `kind` reads it. 400 with the wrong fields' paths."""
    wanted = kind(data=request.data)
    wanted.is_valid(raise_exception=True)
    return wanted.validated_data


def asked(request, name: str, longest: int = 100) -> str:
    """A word of the address, without what the database cannot hold."""
    return request.query_params.get(name, "").replace("\x00", "").strip()[:longest]


class SeenVersionSerializer(serializers.Serializer):
    version = serializers.IntegerField(min_value=0, max_value=MOST_VERSION, help_text=VERSION_WORDS)


class Words(serializers.Serializer):
    """A text in both languages; one that is missing is read as the other."""

    zh = serializers.CharField(required=False, allow_blank=True, max_length=8000, default="")
    en = serializers.CharField(required=False, allow_blank=True, max_length=8000, default="")


class OrganSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    code = serializers.CharField()
    name = serializers.SerializerMethodField()

    def get_name(self, organ) -> str:
        return organ_words(organ)
