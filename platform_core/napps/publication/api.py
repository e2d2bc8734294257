"""/api/v1/napps/<slug>/publications/: ask, approve, refuse, take back, for who manages it."""

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from platform_core.common.api import idempotent

from .. import selectors as napps
from ..access import napp_of, refused
from ..manifest import ManifestInvalid
from . import selectors, services

DECISIONS = {
    "approve": lambda actor, request, reason: services.approve_publication(
        actor=actor, request=request
    ),
    "refuse": lambda actor, request, reason: services.refuse_publication(
        actor=actor, request=request, reason=reason
    ),
    "withdraw": lambda actor, request, reason: services.withdraw_publication(
        actor=actor, request=request
    ),
}


class PublicationSerializer(serializers.Serializer):
    """One request for publication; `replaces` is the version itself when a draft is opened."""

    id = serializers.IntegerField()
    version = serializers.CharField(source="version.version")
    replaces = serializers.CharField(source="base.version")
    digest = serializers.CharField()
    note = serializers.CharField()
    state = serializers.CharField()
    asked_by = serializers.CharField()
    asked_at = serializers.DateTimeField()
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()


class AskSerializer(serializers.Serializer):
    version = serializers.CharField(max_length=20)
    note = serializers.CharField(max_length=services.LONGEST, default="", allow_blank=True)


class DecisionSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=services.LONGEST, default="", allow_blank=True)


def asked(actor, napp, data) -> Response:
    """Ask for the version that `data` names; 202, because a second person decides."""
    wanted = AskSerializer(data=data)
    wanted.is_valid(raise_exception=True)
    version = napps.version_of(napp, wanted.validated_data["version"])
    if version is None:
        raise serializers.ValidationError({"version": [_("There is no such version.")]})
    try:
        found = services.ask_publication(
            actor=actor, version=version, note=wanted.validated_data["note"]
        )
    except ManifestInvalid as error:
        return refused(error)
    return Response(PublicationSerializer(found).data, status=202)


class Publications(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(responses=PublicationSerializer(many=True))
    def get(self, request, slug):
        """Every publication that was asked for, newest first."""
        found = selectors.publications_of(napp_of(request, slug, "manage"))
        return Response(PublicationSerializer(found, many=True).data)

    @extend_schema(request=AskSerializer, responses={202: PublicationSerializer})
    @idempotent
    def post(self, request, slug):
        """Ask that a version be used: a second person approves."""
        return asked(request.actor, napp_of(request, slug, "manage"), request.data)


class PublicationDecision(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="publications_decide",
        request=DecisionSerializer,
        responses={200: PublicationSerializer, 422: OpenApiResponse(OpenApiTypes.OBJECT)},
    )
    @idempotent
    def post(self, request, slug, publication, decision):
        """Approve or refuse what another person asked for, or withdraw what you asked for."""
        found = selectors.publication_in(napp_of(request, slug, "manage"), publication)
        if found is None or decision not in DECISIONS:
            raise Http404
        sent = DecisionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            found = DECISIONS[decision](request.actor, found, sent.validated_data["reason"])
        except ManifestInvalid as error:
            return refused(error)
        return Response(PublicationSerializer(found).data)
