"""/api/v1/documents/: what one was given, and the public check of a document by its code."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, generics, serializers
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from platform_core.capabilities.documents import selectors
from service_hub.api import FIRM, RefusalsAnswered, api_actor


class DocumentSerializer(serializers.Serializer):
    """A document in its holder's wallet."""

    id = serializers.UUIDField(source="pk")
    kind = serializers.CharField()
    number = serializers.CharField()
    title = serializers.JSONField()
    issuer = serializers.CharField(source="issuer.name")
    issued_at = serializers.DateTimeField()
    valid_until = serializers.DateField(allow_null=True)
    standing = serializers.SerializerMethodField()
    verify_code = serializers.CharField()
    case_number = serializers.CharField(source="subject_number")

    def get_standing(self, document) -> str:
        return selectors.standing(document)


class CheckedSerializer(serializers.Serializer):
    """What anybody with the code may know."""

    kind = serializers.CharField(source="document.kind")
    number = serializers.CharField(source="document.number")
    title = serializers.JSONField(source="document.title")
    holder = serializers.CharField(help_text="People are masked.")
    issuer = serializers.CharField(source="document.issuer.name")
    issued_at = serializers.DateTimeField(source="document.issued_at")
    valid_until = serializers.DateField(source="document.valid_until", allow_null=True)
    standing = serializers.CharField(help_text="valid, expired, revoked or replaced")
    purpose = serializers.CharField(
        source="copy.purpose", default="", help_text="Only of a copy for one use."
    )


class DocumentsView(RefusalsAnswered, generics.ListAPIView):
    """Certificates, notices and decisions of the person, or of the firm acted for."""

    permission_classes = [IsAuthenticated]
    serializer_class = DocumentSerializer

    def get_queryset(self):
        actor = api_actor(self.request)
        return selectors.wallet_of(actor.user, actor.firm)

    @extend_schema(operation_id="documents_list", parameters=[FIRM])
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)


class CheckThrottle(ScopedRateThrottle):
    THROTTLE_RATES = {"document_check": "20/min"}


class CheckView(APIView):
    """Is a document genuine, and does it count today? Open to everybody who has its code."""

    permission_classes = [AllowAny]
    throttle_classes = [CheckThrottle]
    throttle_scope = "document_check"

    @extend_schema(
        operation_id="documents_check",
        parameters=[OpenApiParameter("code", str, required=True), OpenApiParameter("number", str)],
        responses={
            200: CheckedSerializer,
            404: OpenApiTypes.OBJECT,
            429: OpenApiTypes.OBJECT,
        },
    )
    def get(self, request):
        asked = {
            name: request.query_params.get(name, "")[:100].replace("\x00", "")
            for name in ("code", "number")
        }
        found = selectors.found_by_code(asked["code"], asked["number"])
        if found is None:
            raise exceptions.NotFound
        return Response(CheckedSerializer(found).data)
