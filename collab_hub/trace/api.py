"""/api/v1/trace/: the whole history of one thing, for whoever may read the thing."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from collab_hub.api import PROBLEMS, OfficeView
from platform_core.common.trace import history_for

from .views import LONGEST_ID

TAGS = ["trace"]


class ChangeSerializer(serializers.Serializer):
    field = serializers.CharField()
    old = serializers.CharField()
    new = serializers.CharField()


class AboutSerializer(serializers.Serializer):
    """Another thing, whose history the caller may read."""

    kind = serializers.CharField()
    object_id = serializers.CharField()
    title = serializers.CharField()


class EntrySerializer(serializers.Serializer):
    """One thing that happened. Citizens, addresses and numbers are masked for everybody."""

    at = serializers.DateTimeField()
    what = serializers.CharField()
    verb = serializers.CharField(help_text="Its key, such as case.file.")
    who = serializers.CharField()
    acting_as = serializers.CharField()
    note = serializers.CharField()
    channel = serializers.CharField(help_text="web, api, admin, system.")
    ip = serializers.CharField(help_text="The network, never the machine.")
    result = serializers.CharField(help_text="ok, or how it was refused.")
    changes = ChangeSerializer(many=True)
    about = AboutSerializer(allow_null=True)


class HistorySerializer(serializers.Serializer):
    """One thing and what happened to it, the oldest first."""

    kind = serializers.CharField()
    object_id = serializers.CharField()
    title = serializers.CharField()
    number = serializers.CharField()
    url = serializers.CharField(help_text="Its page.")
    entries = EntrySerializer(many=True)


class HistoryView(OfficeView):
    """Everything that happened to one thing: its own log and the audit trail, put together."""

    @extend_schema(
        tags=TAGS,
        operation_id="trace_read",
        parameters=[
            OpenApiParameter("kind", location="path", description="case, supervision, report, …")
        ],
        responses={200: HistorySerializer, **PROBLEMS},
    )
    def get(self, request, kind, object_id):
        found = history_for(request.user, kind, object_id[:LONGEST_ID])
        return Response(HistorySerializer(found).data)
