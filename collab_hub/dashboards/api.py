"""/api/v1/office/dashboard/: the figures and tables of the page, for machines."""

from __future__ import annotations

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from collab_hub.api import PROBLEMS, OfficeView
from platform_core.common.errors import NotAllowed
from platform_core.common.numbers import whole
from security.organs.selectors import department_by_id

from . import services
from .page import compose
from .periods import KINDS, Period
from .policies import Scope, may_read, scope_for


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
    on_behalf_of = serializers.CharField(
        source="scope.stands_in.principal",
        allow_null=True,
        default=None,
        help_text="Whom a deputy reads it for.",
    )
    on_behalf_until = serializers.DateField(
        source="scope.stands_in.until",
        allow_null=True,
        default=None,
        help_text="The last day of that.",
    )
    figures = ShownFigureSerializer(many=True)
    loss = serializers.CharField(help_text="Where most time goes by, in words.")
    tables = TableSerializer(many=True, source="all_tables")


def _scope(request) -> Scope:
    """The scope asked for. Organs are known to everybody: who asks for another one's figures is
    told so (NotAllowed); Http404 for what is no organ.
    """
    user, sent = request.user, request.query_params
    try:
        return scope_for(user, sent)
    except Http404:
        if may_read(user) and department_by_id(whole(sent.get("unit", ""))) is None:
            raise
    raise NotAllowed(_("A dashboard is for whoever works in the unit or heads it."))


class DashboardView(OfficeView):
    """The dashboard of a unit that one works in, heads, stands in for the head of, or oversees.
    With people's names in it, it stands in the audit trail like a file taken out.
    """

    @extend_schema(
        tags=["office"],
        operation_id="office_dashboard",
        parameters=[
            OpenApiParameter("unit", int, description="Id of the unit; else one's own."),
            OpenApiParameter("alone", int, description="1: without the units below."),
            OpenApiParameter("period", str, enum=KINDS),
            OpenApiParameter("at", str, description="2026-11, 2026-Q4 or 2026; else the running."),
        ],
        responses={200: DashboardSerializer, **PROBLEMS},
    )
    def get(self, request):
        sent = request.query_params
        period = Period.read(sent.get("period", ""), sent.get("at", ""), timezone.localdate())
        scope = _scope(request)
        found = compose(scope, period)
        if scope.has_names:
            services.note_export(actor=request.actor, scope=scope, table="all", ending="json")
        return Response(DashboardSerializer(found).data)
