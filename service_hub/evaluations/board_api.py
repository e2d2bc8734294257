"""/api/v1/board/: the public figures as data."""

from dataclasses import asdict

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from . import board


class FiguresSerializer(serializers.Serializer):
    """The figures of one group; null where there is nothing, or where a small group is hidden."""

    cases = serializers.IntegerField(allow_null=True)
    services = serializers.IntegerField(allow_null=True)
    ratings = serializers.IntegerField(allow_null=True)
    active_rate = serializers.FloatField(allow_null=True, help_text="Per cent of services rated.")
    good_rate = serializers.FloatField(allow_null=True, help_text="Per cent of grades 3 to 5.")
    bad = serializers.IntegerField(allow_null=True)
    in_time_rate = serializers.FloatField(allow_null=True)
    called_back_rate = serializers.FloatField(allow_null=True)
    hours = serializers.FloatField(allow_null=True, help_text="Mean time to the answer.")
    excluded = serializers.IntegerField(allow_null=True)
    is_hidden = serializers.BooleanField()


class GroupSerializer(serializers.Serializer):
    """One row: the code of an area, the id of an organ or item, a channel, or a month."""

    key = serializers.CharField(allow_null=True)
    figures = FiguresSerializer()


class BoardSerializer(serializers.Serializer):
    """The total and the rows of one table."""

    first = serializers.DateField()
    until = serializers.DateField(help_text="The first day that is not counted.")
    by = serializers.ChoiceField(board.WAYS)
    total = FiguresSerializer()
    rows = GroupSerializer(many=True)


class BoardView(APIView):
    """How services are rated: by area, organ, item, channel or month. Open to everybody."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="board",
        parameters=[
            OpenApiParameter("from", str, description="First month, YYYY-MM."),
            OpenApiParameter("to", str, description="Last month, YYYY-MM."),
            OpenApiParameter("by", str, enum=board.WAYS),
            OpenApiParameter("area", str, description="Code of a division, with all below it."),
            OpenApiParameter("organ", OpenApiTypes.INT),
            OpenApiParameter("item", OpenApiTypes.INT),
            OpenApiParameter("channel", str),
        ],
        responses={200: BoardSerializer},
    )
    def get(self, request):
        filters, by = board.chosen(request.query_params)
        shown = {
            "first": filters.first,
            "until": filters.until,
            "by": by,
            "total": asdict(board.total(filters)),
            "rows": [
                {"key": _key(group.key), "figures": asdict(group.figures)}
                for group in board.groups(filters, by)
            ],
        }
        return Response(BoardSerializer(shown).data)


def _key(key) -> str | None:
    if key is None:
        return None
    return str(key).rstrip("/").rsplit("/", 1)[-1]
