"""/api/v1/napps/: which N-apps there are, what a manifest looks like, and the moves of
administrators."""

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from platform_core.common.api import idempotent, problem
from security.access import may

from . import selectors, services
from .manifest import ManifestInvalid, manifest_schema
from .models import NApp

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


class SwitchSerializer(serializers.Serializer):
    version = serializers.CharField(max_length=20)


def refused(error: ManifestInvalid) -> Response:
    """422 with every mistake: section, number of the entry, field, message."""
    errors: dict[str, list[str]] = {}
    for mistake in error.problems:
        errors.setdefault(mistake.place, []).append(mistake.message)
    return problem(422, _("The manifest has mistakes."), errors=errors)


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
        """Open, close or disable an N-app. 409 from a state that does not allow it."""
        napp = napp_of(request, slug, "manage")
        try:
            napp = MOVES[move](actor=request.actor, napp=napp)
        except ManifestInvalid as error:
            return refused(error)
        return Response(NAppSerializer(napp).data)


class NAppSwitch(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="napps_switch", request=SwitchSerializer, responses=NAppSerializer)
    @idempotent
    def post(self, request, slug):
        """Make another version the current one: an upgrade or a roll-back."""
        napp = napp_of(request, slug, "manage")
        wanted = SwitchSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        version = selectors.version_of(napp, wanted.validated_data["version"])
        if version is None:
            raise serializers.ValidationError({"version": [_("There is no such version.")]})
        try:
            napp = services.switch_version(actor=request.actor, napp=napp, version=version)
        except ManifestInvalid as error:
            return refused(error)
        return Response(NAppSerializer(napp).data)


class ManifestSchema(APIView):
    permission_classes = [AllowAny]

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request):
        """The JSON Schema of a manifest with every section that is registered here."""
        return Response(manifest_schema())


def napp_of(request, slug: str, verb: str) -> NApp:
    """The N-app on which the caller may do `verb`; 404 for everybody else."""
    napp = selectors.napp_by_slug(slug)
    if napp is None or not may(request.user, verb, napp):
        raise Http404
    return napp
