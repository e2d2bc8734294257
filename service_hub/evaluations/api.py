"""/api/v1/cases/<id>/evaluations/ and /api/v1/visits/<code>/rating/: rate a service event."""

from dataclasses import replace

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from platform_core.common.api import idempotent
from platform_core.common.limits import is_within
from service_hub.api import FIRM, RefusalsAnswered, api_actor
from service_hub.cases.api import IDEMPOTENT, PROBLEMS
from service_hub.cases.selectors import case_for

from . import selectors, services
from .tokens import receipt_of

TRIES = (3000, 600)


class RatingSerializer(serializers.Serializer):
    """A rating. There is no default grade: 5 very satisfied … 1 very dissatisfied."""

    service_no = serializers.IntegerField(
        min_value=1, max_value=2, help_text="1 acceptance, 2 result."
    )
    grade = serializers.IntegerField(min_value=1, max_value=5)
    options = serializers.ListField(
        child=serializers.CharField(max_length=40), default=list, max_length=10
    )
    text = serializers.CharField(allow_blank=True, max_length=1000, default="")


class EvaluationSerializer(RatingSerializer):
    """A rating that was given, with what the office answered."""

    id = serializers.IntegerField(source="pk")
    rated_at = serializers.DateTimeField()
    addition = serializers.CharField()
    answer = serializers.SerializerMethodField()

    def get_answer(self, evaluation) -> str:
        order = getattr(evaluation, "rectification", None)
        return order.answer if order else ""


class EvaluationsView(RefusalsAnswered, APIView):
    """The ratings of a case, and a new one."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="evaluations_list",
        responses={200: EvaluationSerializer(many=True), 404: OpenApiTypes.OBJECT},
    )
    def get(self, request, case_id):
        case = case_for(request.user, case_id, "rate")
        return Response(EvaluationSerializer(selectors.ratings_of(case), many=True).data)

    @extend_schema(
        operation_id="evaluations_create",
        request=RatingSerializer,
        parameters=[FIRM, IDEMPOTENT],
        responses={201: EvaluationSerializer, **PROBLEMS},
    )
    @idempotent
    def post(self, request, case_id):
        wanted = RatingSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        case = case_for(request.user, case_id, "rate")
        evaluation = services.rate_case(
            actor=api_actor(request), case=case, **wanted.validated_data
        )
        return Response(EvaluationSerializer(evaluation).data, status=201)


class VisitRatingSerializer(serializers.Serializer):
    """A rating of a visit, from a machine at the window or another program."""

    grade = serializers.IntegerField(min_value=1, max_value=5)
    options = serializers.ListField(
        child=serializers.CharField(max_length=40), default=list, max_length=10
    )
    text = serializers.CharField(allow_blank=True, max_length=1000, default="")
    contact = serializers.CharField(allow_blank=True, max_length=20, default="")
    channel = serializers.ChoiceField(["api", "kiosk"], default="api")


class VisitRatingView(RefusalsAnswered, APIView):
    """Rate the visit that a code was made for. The code is the right to do so, once."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="visit_rating_create",
        request=VisitRatingSerializer,
        parameters=[IDEMPOTENT],
        responses={201: OpenApiTypes.OBJECT, **PROBLEMS},
    )
    @idempotent
    def post(self, request, token):
        is_allowed = is_within(f"rate:{request.META.get('REMOTE_ADDR')}", *TRIES)
        visit = selectors.visit_by_token(token) if is_allowed else None
        if visit is None:
            raise Http404
        wanted = VisitRatingSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        said = dict(wanted.validated_data)
        actor = replace(api_actor(request), channel=said.pop("channel"))
        evaluation = services.rate_visit(actor=actor, visit=visit, **said)
        return Response({"receipt": receipt_of(evaluation.pk)}, status=201)
