"""/api/v1/napps/: which N-apps there are, what a manifest looks like, and the moves of
administrators."""

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from platform_core.common.api import idempotent

from . import selectors, services
from .access import napp_of, refused
from .manifest import ManifestInvalid, manifest_schema
from .models import NApp
from .publication.api import AskSerializer, PublicationSerializer, asked

ENDS = ("government", "public", "enterprise")
MOVES = {
    "open": services.open_napp,
    "close": services.close_napp,
    "disable": services.disable_napp,
}


class MayRegister(BasePermission):
    """Whoever may add N-apps in the admin site may register them here."""

    def has_permission(self, request, view):
        return request.method == "GET" or request.user.has_perm("platform_core.add_napp")


class NAppSerializer(serializers.ModelSerializer):
    """An N-app as people see it; texts hold both languages."""

    version = serializers.CharField(source="current.version", default=None, read_only=True)
    department = serializers.CharField(source="department_kind", read_only=True)
    title = serializers.JSONField(read_only=True, help_text='{"zh": …, "en": …}')
    summary = serializers.JSONField(read_only=True, help_text='{"zh": …, "en": …}')

    class Meta:
        model = NApp
        fields = ["slug", "state", "version", "title", "summary", "icon", "ends", "department"]
        read_only_fields = fields


class VersionSerializer(serializers.Serializer):
    version = serializers.CharField()
    note = serializers.CharField()
    digest = serializers.CharField()
    created_at = serializers.DateTimeField()


class RegisteredSerializer(serializers.Serializer):
    """What a registration made: the N-app, the version, and whether it is the current one."""

    slug = serializers.CharField(source="napp.slug")
    state = serializers.CharField(source="napp.state")
    version = serializers.CharField()
    is_current = serializers.SerializerMethodField()

    def get_is_current(self, version) -> bool:
        return version.napp.current_id == version.pk


class NAppList(generics.ListAPIView):
    serializer_class = NAppSerializer
    permission_classes = [AllowAny, MayRegister]

    def get_queryset(self):
        end = self.request.query_params.get("end", "")
        if end:
            return selectors.open_napps(end, self.request.user).order_by("slug")
        return selectors.napps_for(self.request.user)

    @extend_schema(
        parameters=[OpenApiParameter("end", enum=ENDS, description="Only those of a service end.")]
    )
    def get(self, request, *args, **kwargs):
        """N-apps that can be reached; administrators get every one."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="napps_register",
        request=OpenApiTypes.OBJECT,
        responses={201: RegisteredSerializer, 422: OpenApiResponse(OpenApiTypes.OBJECT)},
    )
    @idempotent
    def post(self, request):
        """Register a manifest: a new N-app as a draft, or a new version of a known one."""
        try:
            version = services.register_napp(actor=request.actor, manifest=request.data)
        except ManifestInvalid as error:
            return refused(error)
        return Response(RegisteredSerializer(version).data, status=201)


class NAppDetail(APIView):
    permission_classes = [AllowAny]

    @extend_schema(responses=NAppSerializer)
    def get(self, request, slug):
        """One N-app."""
        return Response(NAppSerializer(napp_of(request, slug, "view")).data)


class NAppVersions(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(responses=VersionSerializer(many=True))
    def get(self, request, slug):
        """All versions of an N-app, newest first, for whoever manages it."""
        versions = selectors.versions_of(napp_of(request, slug, "manage"))
        return Response(VersionSerializer(versions, many=True).data)


class NAppManifest(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request, slug, version):
        """The manifest of a version, for whoever manages the N-app."""
        found = selectors.version_of(napp_of(request, slug, "manage"), version)
        if found is None:
            raise Http404
        return Response(found.manifest)


class NAppMove(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="napps_move", request=None, responses=NAppSerializer)
    @idempotent
    def post(self, request, slug, move):
        """Open again, close or disable an N-app. 409 from a state that does not allow it; 403 for
        a draft, whose publication a second person approves."""
        napp = napp_of(request, slug, "manage")
        try:
            napp = MOVES[move](actor=request.actor, napp=napp)
        except ManifestInvalid as error:
            return refused(error)
        return Response(NAppSerializer(napp).data)


class NAppSwitch(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="napps_switch", request=AskSerializer, responses={202: PublicationSerializer}
    )
    @idempotent
    def post(self, request, slug):
        """Ask for an upgrade or a roll-back: another person approves it (202)."""
        return asked(request.actor, napp_of(request, slug, "manage"), request.data)


class ManifestSchema(APIView):
    permission_classes = [AllowAny]

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request):
        """The JSON Schema of a manifest with every section that is registered here."""
        return Response(manifest_schema())
