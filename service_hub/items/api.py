"""/api/v1/items/: the services that are open now."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from platform_core.capabilities.forms.capability import forms_of
from platform_core.capabilities.forms.describe import json_schema

from . import selectors


class ItemSerializer(serializers.Serializer):
    """A service item as a line of a list. Texts are {"zh", "en"}."""

    napp = serializers.SlugField(source="napp.slug")
    key = serializers.SlugField()
    basic_code = serializers.CharField()
    item_type = serializers.CharField()
    title = serializers.JSONField()
    summary = serializers.JSONField()
    theme = serializers.CharField()
    audience = serializers.ListField(child=serializers.CharField())
    department_kind = serializers.CharField()
    promise_days = serializers.IntegerField(help_text="Working days; 0 means the same day.")
    legal_days = serializers.IntegerField(help_text="Working days.")
    visits = serializers.IntegerField()
    is_anonymous_allowed = serializers.BooleanField()


class ItemDetailSerializer(ItemSerializer):
    """A service item with its guide and the definition of its form."""

    guide = serializers.JSONField()
    takes_new_cases = serializers.SerializerMethodField()
    form = serializers.SerializerMethodField()

    def get_takes_new_cases(self, item) -> bool:
        return selectors.takes_new_cases(item)

    def get_form(self, item) -> dict:
        return forms_of(item.napp_version)[item.form_key].model_dump(mode="json", exclude_none=True)


class ItemsView(generics.ListAPIView):
    """The open service items; with `q` those that answer it, best first."""

    permission_classes = [AllowAny]
    serializer_class = ItemSerializer

    def get_queryset(self):
        query = self.request.query_params
        end = query.get("end")
        return selectors.search_items(
            query.get("q", "")[:200].replace("\x00", ""),
            end=end if end in selectors.AUDIENCE_OF_END else None,
            theme=query.get("theme", "")[:40].replace("\x00", ""),
            department=query.get("department", "")[:40].replace("\x00", ""),
        ).items

    @extend_schema(
        operation_id="items_list",
        parameters=[
            OpenApiParameter("q", str, description="Words in Chinese or English."),
            OpenApiParameter("end", str, enum=["public", "enterprise"]),
            OpenApiParameter("theme", str),
            OpenApiParameter(
                "department", str, description="Function of the department, e.g. health."
            ),
        ],
    )
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)


class ItemView(APIView):
    """One service item with its guide and form; also while its N-app takes no new cases."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="items_read", responses={200: ItemDetailSerializer, 404: OpenApiTypes.OBJECT}
    )
    def get(self, request, napp, key):
        return Response(ItemDetailSerializer(selectors.item_for(napp, key)).data)


class ItemSchemaView(APIView):
    """The answers of one service item as JSON Schema (draft 2020-12): what the intake takes as
    `values`.
    """

    permission_classes = [AllowAny]

    @extend_schema(operation_id="items_schema", responses={200: OpenApiTypes.OBJECT})
    def get(self, request, napp, key):
        item = selectors.item_for(napp, key)
        schema = json_schema(forms_of(item.napp_version)[item.form_key])
        place = request.build_absolute_uri(request.path)
        return Response({"$id": place, **schema}, content_type="application/schema+json")
