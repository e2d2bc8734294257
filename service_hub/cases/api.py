"""/api/v1/intake/ and /api/v1/cases/: file, follow, withdraw and correct."""

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from platform_core.capabilities.forms import selectors as forms
from platform_core.common.api import idempotent
from service_hub.api import FIRM, RefusalsAnswered, api_actor
from service_hub.items.selectors import item_for

from . import selectors, services
from .states import State
from .timeline import handler, history, joint_organs, overview

IDEMPOTENT = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key with the same content gets the first answer again.",
)
PROBLEMS = {
    400: OpenApiTypes.OBJECT,
    404: OpenApiTypes.OBJECT,
    409: OpenApiTypes.OBJECT,
    422: OpenApiTypes.OBJECT,
}


class IntakeSerializer(serializers.Serializer):
    """An application: answers by field key, or the id of a draft filled in on the portal."""

    napp = serializers.CharField(max_length=40)
    item = serializers.CharField(max_length=40)
    values = serializers.DictField(
        required=False, help_text="Answers by field key of the item's form."
    )
    draft = serializers.UUIDField(required=False)

    def validate(self, attrs):
        if ("values" in attrs) == ("draft" in attrs):
            raise serializers.ValidationError({"values": ["Give either values or draft."]})
        return attrs


class ReceiptSerializer(serializers.Serializer):
    """What the applicant keeps. `follow_code` is only given to applicants without an account."""

    id = serializers.UUIDField(source="case.pk")
    number = serializers.CharField(source="case.number")
    state = serializers.CharField(source="case.state")
    submitted_at = serializers.DateTimeField(source="case.submitted_at")
    follow_code = serializers.CharField()


class CaseSerializer(serializers.Serializer):
    """A case as a line of a list."""

    id = serializers.UUIDField(source="pk")
    number = serializers.CharField()
    napp = serializers.CharField(source="item.napp.slug")
    item = serializers.CharField(source="item.key")
    title = serializers.JSONField(source="item.title")
    state = serializers.CharField(help_text=", ".join(State.values))
    state_words = serializers.CharField(source="get_state_display")
    joined_with = serializers.CharField(
        source="merged_into.number", default=None, allow_null=True,
        help_text="The number under which an application that was sent twice goes on.",
    )  # fmt: skip
    submitted_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    promise_due_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(
        allow_null=True,
        help_text="After the decision: when the result is in the applicant's hands.",
    )


class LineSerializer(serializers.Serializer):
    title = serializers.CharField()
    note = serializers.CharField(required=False)
    at = serializers.DateTimeField(required=False)
    who = serializers.CharField(required=False)


class CorrectionSerializer(serializers.Serializer):
    note = serializers.CharField()
    fields = serializers.ListField(child=serializers.CharField())
    asked_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)


class CaseDetailSerializer(CaseSerializer):
    """A case with its public history, who handles it, and what has to be corrected."""

    headline = serializers.CharField()
    history = LineSerializer(many=True)
    handled_with = serializers.ListField(
        child=serializers.CharField(), help_text="The other organs that act on a joint case."
    )
    handler = serializers.CharField()
    handler_phone = serializers.CharField()
    correction = CorrectionSerializer(allow_null=True)


class WithdrawSerializer(serializers.Serializer):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=400, default="")


class CorrectSerializer(serializers.Serializer):
    """New answers of the flagged fields, by field key."""

    values = serializers.DictField()


class TrackSerializer(serializers.Serializer):
    number = serializers.CharField(max_length=80)
    code = serializers.CharField(max_length=40)


def case_answer(case) -> dict:
    """One case as the API shows it to its applicant."""
    events = selectors.events_of(case)
    who = handler(case, events)
    correction = getattr(case, "correction", None)
    extra = {
        "headline": overview(case)["headline"],
        "history": LineSerializer(history(case, events), many=True).data,
        "handled_with": [one["name"] for one in joint_organs(events)],
        "handler": who.name,
        "handler_phone": who.phone,
        "correction": CorrectionSerializer(correction).data if correction else None,
    }
    return {**CaseSerializer(case).data, **extra}


class IntakeView(RefusalsAnswered, APIView):
    """File a case. Without an account only items that allow it."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="intake",
        request=IntakeSerializer,
        parameters=[FIRM, IDEMPOTENT],
        responses={201: ReceiptSerializer, **PROBLEMS},
    )
    @idempotent
    def post(self, request):
        wanted = IntakeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data, actor = wanted.validated_data, api_actor(request)
        item = item_for(data["napp"], data["item"])
        if "draft" in data:
            draft = forms.draft_for(request.user, data["draft"], sent=True)
            receipt = services.file_case(actor=actor, item=item, draft=draft)
        else:
            receipt = services.file_values(actor=actor, item=item, values=data["values"])
        return Response(ReceiptSerializer(receipt).data, status=201)


class CasesView(generics.ListAPIView):
    """My cases, or those of the firm I act for; what needs me first."""

    permission_classes = [IsAuthenticated]
    serializer_class = CaseSerializer

    def get_queryset(self):
        actor = api_actor(self.request)
        return selectors.cases_of(actor.user, actor.firm)

    @extend_schema(operation_id="cases_list", parameters=[FIRM])
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)


class CaseView(APIView):
    """One case that I may see."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="cases_read", responses={200: CaseDetailSerializer, 404: OpenApiTypes.OBJECT}
    )
    def get(self, request, case_id):
        return Response(case_answer(selectors.case_for(request.user, case_id, "own")))


class WithdrawView(RefusalsAnswered, APIView):
    """Take an application back."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="cases_withdraw",
        request=WithdrawSerializer,
        parameters=[FIRM, IDEMPOTENT],
        responses={200: CaseDetailSerializer, **PROBLEMS},
    )
    @idempotent
    def post(self, request, case_id):
        wanted = WithdrawSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        case = selectors.case_for(request.user, case_id, "withdraw")
        services.withdraw_case(
            actor=api_actor(request), case=case, reason=wanted.validated_data["reason"]
        )
        return Response(case_answer(selectors.case_for(request.user, case_id, "own")))


class CorrectView(RefusalsAnswered, APIView):
    """Correct the flagged fields, and only those."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="cases_correct",
        request=CorrectSerializer,
        parameters=[FIRM, IDEMPOTENT],
        responses={200: CaseDetailSerializer, **PROBLEMS},
    )
    @idempotent
    def post(self, request, case_id):
        wanted = CorrectSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        case = selectors.case_for(request.user, case_id, "correct")
        services.answer_correction(
            actor=api_actor(request), case=case, values=wanted.validated_data["values"]
        )
        return Response(case_answer(selectors.case_for(request.user, case_id, "own")))


class TrackThrottle(ScopedRateThrottle):
    THROTTLE_RATES = {"track": "20/min"}


class TrackView(APIView):
    """Follow a case without an account, by number and follow-up code."""

    permission_classes = [AllowAny]
    throttle_classes = [TrackThrottle]
    throttle_scope = "track"

    @extend_schema(
        operation_id="cases_track",
        request=TrackSerializer,
        responses={200: CaseDetailSerializer, 404: OpenApiTypes.OBJECT, 429: OpenApiTypes.OBJECT},
    )
    def post(self, request):
        wanted = TrackSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        found = selectors.track(wanted.validated_data["number"], wanted.validated_data["code"])
        if found is None:
            raise Http404
        return Response(case_answer(selectors.anonymous_case(found.pk)))
