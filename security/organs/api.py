"""/api/v1/regions/: administrative divisions, public information."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import AllowAny

from . import selectors


class RegionSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="GB/T 2260: 6 digits; 9 for a town, 12 for a village.")
    name = serializers.CharField()
    name_en = serializers.CharField(help_text="Empty for towns and villages.")
    level = serializers.IntegerField(help_text="1 province, 2 city, 3 county, 4 town, 5 village.")
    parent = serializers.CharField(source="parent.code", default=None, allow_null=True)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)


class RegionQuerySerializer(serializers.Serializer):
    parent = serializers.CharField(required=False, max_length=12, default="")
    level = serializers.IntegerField(required=False, min_value=1, max_value=5)
    q = serializers.CharField(required=False, max_length=40, default="")
    on = serializers.DateField(required=False)


@extend_schema(
    tags=["regions"],
    parameters=[
        OpenApiParameter("parent", OpenApiTypes.STR, description="Code of the division above."),
        OpenApiParameter("level", OpenApiTypes.INT, description="1 province … 5 village."),
        OpenApiParameter(
            "q", OpenApiTypes.STR, description="Part of the name, or how the code begins."
        ),
        OpenApiParameter(
            "on", OpenApiTypes.DATE, description="In force on this day; default today."
        ),
    ],
)
class RegionListView(generics.ListAPIView):
    """Administrative divisions in force on a day, by code."""

    permission_classes = [AllowAny]
    serializer_class = RegionSerializer

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return selectors.regions_found()
        asked = RegionQuerySerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        return selectors.regions_found(
            parent=given["parent"], level=given.get("level"), text=given["q"], on=given.get("on")
        )
