"""/api/v1/items/…/guide/: the guide under the names of the national standard."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from security.organs.selectors import region_by_code
from service_hub.catalogue.elements import ELEMENTS, IMPLEMENTING, Element
from service_hub.catalogue.guides import here, national

from . import selectors
from .definitions import definition_of


def _field(element: Element) -> serializers.Field:
    if element.kind == "number":
        return serializers.IntegerField(min_value=0, max_value=element.most)
    known = {"help_text": "Codes: " + ", ".join(element.choices)} if element.choices else {}
    return serializers.CharField(allow_blank=True, **known)


_INHERITED = {
    "task_code": serializers.RegexField(r"^[0-9A-Z]{31}$", help_text="Implementing code."),
    "catalog_code": serializers.RegexField(r"^[0-9A-Z]{12}$", help_text="Basic code."),
    "task_name": serializers.CharField(),
    "task_name_en": serializers.CharField(allow_blank=True),
    "task_type": serializers.RegexField(r"^[0-9]{2}$"),
    "task_type_name": serializers.CharField(),
    "by_law": serializers.ListField(child=serializers.CharField()),
    "task_version": serializers.IntegerField(min_value=1),
    "task_state": serializers.ChoiceField(["1", "2", "3"], help_text="1 in use, 2 suspended."),
    "dept_name": serializers.CharField(),
    "dept_code": serializers.CharField(),
    "anticipate_type": serializers.CharField(help_text="1 working days, 2 calendar days."),
    "promise_type": serializers.CharField(help_text="1 working days, 2 calendar days."),
}
NationalElementsSerializer = type(
    "NationalElementsSerializer",
    (serializers.Serializer,),
    _INHERITED | {key: _field(one) for key, one in ELEMENTS[IMPLEMENTING].items()},
)


class GuideSerializer(serializers.Serializer):
    """A guide: what the N-app says in both languages, and the elements of the organ responsible."""

    napp = serializers.CharField()
    key = serializers.CharField()
    basic_code = serializers.CharField()
    title = serializers.JSONField()
    takes_new_cases = serializers.BooleanField()
    notice = serializers.JSONField(allow_null=True, help_text="Why it is suspended, or null.")
    guide = serializers.JSONField()
    elements = NationalElementsSerializer(
        allow_null=True, help_text="Null where no organ of the region has published the item."
    )


class ItemGuideView(APIView):
    """The guide of one service item, with the elements (GB/T 39554.2) of the organ responsible at
    `region`.
    """

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="items_guide",
        parameters=[OpenApiParameter("region", str, description="Six digits of a county.")],
        responses={200: GuideSerializer, 404: OpenApiTypes.OBJECT},
    )
    def get(self, request, napp, key):
        item = selectors.item_for(napp, key)
        code = request.query_params.get("region", "")
        region = region_by_code(code) if code.isascii() and code.isdigit() else None
        local = here(item, region)
        suspended = item.notice if selectors.is_suspended(item) else local and local.notice
        found = {
            "napp": item.napp.slug,
            "key": item.key,
            "basic_code": item.basic_code,
            "title": item.title,
            "takes_new_cases": selectors.takes_new_cases(item) and not (local and local.notice),
            "notice": suspended or None,
            "guide": definition_of(item).guide.model_dump(mode="json"),
            "elements": national(item, local.version) if local else None,
        }
        return Response(GuideSerializer(found).data)
