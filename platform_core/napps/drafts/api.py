"""/api/v1/napps/<slug>/drafts/: what a designer's studio needs, for whoever manages the N-app."""

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from platform_core.common.api import idempotent, problem

from .. import selectors as napps
from ..access import by_place, napp_of, refused
from ..changes import Chapter, chapters
from ..manifest import ManifestInvalid
from . import selectors, services
from .checking import problems_of


class BeginSerializer(serializers.Serializer):
    version = serializers.CharField(max_length=20, required=False)


class SaveSerializer(serializers.Serializer):
    """`revision` is the one that the designer saw."""

    revision = serializers.IntegerField(min_value=1)
    content = serializers.JSONField()


class ContentSerializer(serializers.Serializer):
    content = serializers.JSONField()


class RegisterSerializer(serializers.Serializer):
    revision = serializers.IntegerField(min_value=1)
    note = serializers.CharField(max_length=400, default="", allow_blank=True)


class MergeSerializer(serializers.Serializer):
    """`choices` maps the path of every overlap to "mine" or "theirs"."""

    side = serializers.IntegerField(min_value=1)
    revision = serializers.IntegerField(min_value=1)
    choices = serializers.DictField(
        child=serializers.ChoiceField(choices=["mine", "theirs"]), default=dict
    )


class DraftSerializer(serializers.Serializer):
    """A draft without its content."""

    id = serializers.IntegerField()
    state = serializers.CharField()
    revision = serializers.IntegerField()
    base = serializers.CharField(source="base.version")
    author = serializers.CharField()
    changed_by = serializers.CharField()
    changed_at = serializers.DateTimeField()


def in_words(found: list[Chapter]) -> list[dict]:
    """Changes as the API gives them: by section, each with its sentence and its place."""
    return [
        {
            "section": chapter.section,
            "title": str(chapter.title),
            "changes": [
                {"text": one.text, "path": one.path, "is_breaking": one.is_breaking}
                for one in chapter.sentences
            ],
        }
        for chapter in found
    ]


def whole(draft) -> dict:
    """A draft with its content, its mistakes by place, and its changes in words."""
    return DraftSerializer(draft).data | {
        "content": draft.content,
        "problems": by_place(problems_of(draft.napp, draft.content)),
        "changes": in_words(selectors.changes_of(draft)),
    }


def clashing(saving: services.Saving) -> Response:
    """409: who was faster, where the content was put, and both put together."""
    clash = selectors.clash_of(saving.side, saving.draft)
    return problem(
        409,
        saving.message,
        who=str(saving.draft.changed_by),
        at=saving.draft.changed_at.isoformat(),
        revision=saving.draft.revision,
        side=saving.side.pk,
        theirs=in_words(clash.theirs),
        mine=in_words(clash.mine),
        merged=clash.merge.content,
        overlaps=[{"path": one.path, **one.words} for one in clash.merge.overlaps],
    )


def checked(serializer, request) -> dict:
    found = serializer(data=request.data)
    found.is_valid(raise_exception=True)
    return found.validated_data


class Drafts(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(responses=DraftSerializer(many=True))
    def get(self, request, slug):
        """Every draft of the N-app, newest first; at most one is open."""
        found = selectors.drafts_of(napp_of(request, slug, "manage"))
        return Response(DraftSerializer(found, many=True).data)

    @extend_schema(request=BeginSerializer, responses={201: OpenApiTypes.OBJECT})
    @idempotent
    def post(self, request, slug):
        """The open draft; begun from `version` or the current one when there is none."""
        napp = napp_of(request, slug, "manage")
        version = None
        if wanted := checked(BeginSerializer, request).get("version"):
            version = napps.version_of(napp, wanted)
            if version is None:
                raise serializers.ValidationError({"version": [_("There is no such version.")]})
        draft = services.start_draft(actor=request.actor, napp=napp, version=version)
        return Response(whole(draft), status=201)


class DraftView(APIView):
    """The base of everything below one draft."""

    permission_classes = [IsAuthenticated]

    def draft_of(self, request, slug, draft):
        found = selectors.draft_in(napp_of(request, slug, "manage"), draft)
        if found is None:
            raise Http404
        return found


class DraftDetail(DraftView):
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request, slug, draft):
        """A draft with its content, mistakes and changes."""
        return Response(whole(self.draft_of(request, slug, draft)))

    @extend_schema(
        request=SaveSerializer,
        responses={200: OpenApiTypes.OBJECT, 409: OpenApiResponse(OpenApiTypes.OBJECT)},
    )
    def put(self, request, slug, draft):
        """Save; mistakes are listed, not refused. 409 with both put together when somebody was
        faster: what was sent is kept as `side`."""
        found, sent = self.draft_of(request, slug, draft), checked(SaveSerializer, request)
        saving = services.save_draft(
            actor=request.actor, draft=found, seen=sent["revision"], content=sent["content"]
        )
        return clashing(saving) if saving.side else Response(whole(saving.draft))


class DraftValidation(DraftView):
    @extend_schema(request=ContentSerializer, responses=OpenApiTypes.OBJECT)
    def post(self, request, slug, draft):
        """The mistakes of some content and what it changes; nothing is saved."""
        found, sent = self.draft_of(request, slug, draft), checked(ContentSerializer, request)
        changes = []
        if isinstance(sent["content"], dict):
            changes = in_words(chapters(found.base.manifest, sent["content"]))
        problems = by_place(problems_of(found.napp, sent["content"]))
        return Response({"problems": problems, "changes": changes})


class DraftMerge(DraftView):
    @extend_schema(request=MergeSerializer, responses=OpenApiTypes.OBJECT)
    @idempotent
    def post(self, request, slug, draft):
        """Save what could not be saved together with what was; overlaps need a choice (422)."""
        found, sent = self.draft_of(request, slug, draft), checked(MergeSerializer, request)
        side = selectors.side_of(found, request.user, sent["side"])
        if side is None:
            raise Http404
        found = services.merge_draft(
            actor=request.actor, draft=found, side=side,
            seen=sent["revision"], choices=sent["choices"],
        )  # fmt: skip
        return Response(whole(found))


class DraftRegistration(DraftView):
    @extend_schema(
        request=RegisterSerializer,
        responses={201: OpenApiTypes.OBJECT, 422: OpenApiResponse(OpenApiTypes.OBJECT)},
    )
    @idempotent
    def post(self, request, slug, draft):
        """Register the draft as a version; its publication is asked for separately."""
        found, sent = self.draft_of(request, slug, draft), checked(RegisterSerializer, request)
        try:
            version = services.register_draft(
                actor=request.actor, draft=found, seen=sent["revision"], note=sent["note"]
            )
        except ManifestInvalid as error:
            return refused(error)
        return Response({"slug": slug, "version": version.version}, status=201)


class DraftDisposal(DraftView):
    @extend_schema(request=RegisterSerializer, responses=DraftSerializer)
    @idempotent
    def post(self, request, slug, draft):
        """Give the draft up."""
        found, sent = self.draft_of(request, slug, draft), checked(RegisterSerializer, request)
        found = services.discard_draft(actor=request.actor, draft=found, seen=sent["revision"])
        return Response(DraftSerializer(found).data)
