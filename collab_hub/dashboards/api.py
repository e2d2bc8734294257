"""/api/v1/office/dashboard/: the figures and tables of the page, for machines."""

from __future__ import annotations

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from collab_hub.office.access import works_here

from .page import compose
from .periods import KINDS, Period
from .policies import scope_for


class ShownFigureSerializer(serializers.Serializer):
    key = serializers.CharField(help_text="open, late, finished or kept.")
    title = serializers.CharField()
    value = serializers.IntegerField()
    words = serializers.CharField(help_text="As people read it; of too few no share is said.")
    note = serializers.CharField()
    url = serializers.CharField(help_text="The page with the rows that are counted.")


class TableSerializer(serializers.Serializer):
    key = serializers.CharField()
    title = serializers.CharField()
    columns = serializers.SerializerMethodField()
    rows = serializers.SerializerMethodField()

    def get_columns(self, table) -> list[dict[str, str]]:
        return [{"key": one.key, "title": str(one.title)} for one in table.columns]

    def get_rows(self, table) -> list[dict]:
        return [{column.key: cell.value for column, cell in line} for line in table.lines()]


class DashboardSerializer(serializers.Serializer):
    """A dashboard: the same figures as its page. Times are hours, shares per cent."""

    unit = serializers.CharField(source="scope.unit.code", allow_null=True, default=None)
    unit_name = serializers.CharField()
    period = serializers.CharField(source="period.key", help_text="2026-11, 2026-Q4 or 2026.")
    first = serializers.DateField(source="period.days.first")
    last = serializers.DateField(source="period.days.last")
    at = serializers.DateTimeField(source="now", help_text="When it was counted.")
    figures = ShownFigureSerializer(many=True)
    loss = serializers.CharField(help_text="Where most time goes by, in words.")
    tables = TableSerializer(many=True, source="all_tables")


class DashboardView(APIView):
    """The dashboard of a unit that one works in, heads, or oversees."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        tags=["office"],
        operation_id="office_dashboard",
        parameters=[
            OpenApiParameter("unit", int, description="Id of the unit; else one's own."),
            OpenApiParameter("alone", int, description="1: without the units below."),
            OpenApiParameter("period", str, enum=KINDS),
            OpenApiParameter("at", str, description="2026-11, 2026-Q4 or 2026; else the running."),
        ],
        responses=DashboardSerializer,
    )
    def get(self, request):
        if not works_here(request.user):
            raise Http404
        sent = request.query_params
        period = Period.read(sent.get("period", ""), sent.get("at", ""), timezone.localdate())
        found = compose(request.user, scope_for(request.user, sent), period)
        return Response(DashboardSerializer(found).data)
