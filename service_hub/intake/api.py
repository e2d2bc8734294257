"""/api/v1/intake/partner/: another system files for its user."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from platform_core.common.api import idempotent
from service_hub.api import RefusalsAnswered, api_actor
from service_hub.cases.api import IDEMPOTENT, PROBLEMS, ReceiptSerializer
from service_hub.items.selectors import item_for

from .partners import Source, file_for_partner
from .services import Person


class ApplicantSerializer(serializers.Serializer):
    """Whom it is for: name and citizen number, or a firm's credit code."""

    name = serializers.CharField(max_length=50, required=False, default="", allow_blank=True)
    citizen_number = serializers.CharField(
        max_length=30, required=False, default="", allow_blank=True
    )
    credit_code = serializers.CharField(max_length=30, required=False, default="", allow_blank=True)
    mobile = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)


class SourceSerializer(serializers.Serializer):
    """The system that sends it, and the number under which it is known there."""

    system = serializers.CharField(max_length=80)
    number = serializers.CharField(max_length=80)


class PartnerIntakeSerializer(serializers.Serializer):
    napp = serializers.CharField(max_length=40)
    item = serializers.CharField(max_length=40)
    applicant = ApplicantSerializer()
    source = SourceSerializer()
    values = serializers.DictField(help_text="Answers by field key of the item's form.")


class PartnerIntakeView(RefusalsAnswered, APIView):
    """File a case for the user of another system, by the account of that system.

    The account holds the post of an intake clerk. Checks, number and clock are those of any other
    case. The same source number gets the first receipt again (200 instead of 201), however often
    and however late it is sent.
    """

    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="intake_partner",
        request=PartnerIntakeSerializer,
        parameters=[IDEMPOTENT],
        responses={
            201: ReceiptSerializer, 200: ReceiptSerializer, 403: OpenApiTypes.OBJECT, **PROBLEMS,
        },
    )  # fmt: skip
    @idempotent
    def post(self, request):
        wanted = PartnerIntakeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data = wanted.validated_data
        receipt, is_new = file_for_partner(
            actor=api_actor(request),
            item=item_for(data["napp"], data["item"]),
            person=Person(**data["applicant"]),
            values=data["values"],
            source=Source(**data["source"]),
        )
        return Response(ReceiptSerializer(receipt).data, status=201 if is_new else 200)
