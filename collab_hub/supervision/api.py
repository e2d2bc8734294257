"""/api/v1/supervision/: supervised matters, their log, and every act that the page offers."""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.response import Response

from collab_hub.api import (
    PROBLEMS,
    OfficeListView,
    OfficeView,
    OrganSerializer,
    SeenVersionSerializer,
    asked,
    sent,
)
from platform_core.common.api import KEY, idempotent
from platform_core.common.errors import Unusable
from platform_core.common.trace import shown_name

from . import doing, selectors
from .forms import FORMS, asked_by, form_of
from .models import Supervision
from .showing import at_fields
from .words import LINES, note_of

TAGS = ["supervision"]
ACT_WORDS = "One of the acts that the matter lists."
ASKS = "\n".join(
    f"- `{act}`: {', '.join(asked_by(form)) or 'nothing'}" for act, form in FORMS.items()
)
ASKS += (
    "\n\n`lead` and `assisting_1` to `assisting_3` are ids of organs. What `open` leaves out stays"
    " as it was proposed; an assisting organ that is an empty text or null is taken away."
)
GONE = OpenApiResponse(description="Done. It is no longer yours to read.")
PROGRESS = OpenApiExample(
    "What was done",
    request_only=True,
    value={"act": "progress", "version": 4, "data": {"note": "18 of 30 lifts.", "percent": 60}},
)


class MatterLightSerializer(serializers.Serializer):
    level = serializers.CharField(help_text="g (green), y (yellow) or r (red).")
    words = serializers.CharField()


class MatterLineSerializer(serializers.Serializer):
    """A supervised matter as a line of the list."""

    id = serializers.UUIDField(source="pk")
    number = serializers.CharField(allow_null=True)
    kind = serializers.ChoiceField(Supervision.Kind.values)
    title = serializers.JSONField(help_text='{"zh": …, "en": …}')
    owner = OrganSerializer()
    lead = OrganSerializer()
    state = serializers.ChoiceField(Supervision.State.values)
    round = serializers.IntegerField(help_text="How often it was sent back, plus one.")
    due_at = serializers.DateTimeField(allow_null=True)
    verdict = serializers.ChoiceField(["", *Supervision.Verdict.values])
    light = serializers.SerializerMethodField()

    @extend_schema_field(MatterLightSerializer(allow_null=True))
    def get_light(self, item) -> dict | None:
        light = selectors.light_of(item)
        return MatterLightSerializer(light).data if light else None


class LogLineSerializer(serializers.Serializer):
    """One line of the log, which nobody changes any more."""

    seq = serializers.IntegerField()
    kind = serializers.CharField()
    title = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField()
    at = serializers.DateTimeField()
    who = serializers.SerializerMethodField()
    organ = OrganSerializer(allow_null=True)
    digest = serializers.CharField(help_text="Holds the digest of the line before.")

    def get_title(self, line) -> str:
        return str(LINES.get(line.kind, line.kind))

    def get_note(self, line) -> str:
        return note_of(line)

    def get_who(self, line) -> str:
        return shown_name(line.actor)


class MatterSerializer(serializers.Serializer):
    """A matter with its log and what the caller may do. `version` is the number of its lines."""

    matter = MatterLineSerializer()
    version = serializers.IntegerField()
    basis = serializers.CharField(source="matter.basis")
    requirement = serializers.CharField(source="matter.requirement")
    assisting = OrganSerializer(many=True)
    opened_at = serializers.DateTimeField(source="matter.opened_at", allow_null=True)
    signed_at = serializers.DateTimeField(source="matter.signed_at", allow_null=True)
    reported_at = serializers.DateTimeField(source="matter.reported_at", allow_null=True)
    verdict_at = serializers.DateTimeField(source="matter.verdict_at", allow_null=True)
    verdict_text = serializers.CharField(source="matter.verdict_text")
    has_objected = serializers.BooleanField(source="matter.has_objected")
    review_due_at = serializers.DateTimeField(source="matter.review_due_at", allow_null=True)
    archived_at = serializers.DateTimeField(source="matter.archived_at", allow_null=True)
    source = serializers.CharField(source="matter.source")
    acts = serializers.ListField(child=serializers.CharField())
    log = LogLineSerializer(many=True)
    is_log_intact = serializers.BooleanField()


class ActSerializer(SeenVersionSerializer):
    """One act on a matter, with what it asks."""

    act = serializers.ChoiceField(doing.ORDER, help_text=ACT_WORDS)
    data = serializers.DictField(
        child=serializers.JSONField(), required=False, default=dict, help_text=ASKS
    )

    def validate_data(self, value):
        if any(isinstance(one, list | dict) for one in value.values()):
            raise serializers.ValidationError(_("Each is a text, a number or a day."))
        return value


def shown(user, item: Supervision) -> dict:
    """A matter as this person sees it."""
    log = selectors.lines_of(item)
    facts = {
        "matter": item,
        "version": len(log),
        "assisting": selectors.organs_assisting(item),
        "acts": doing.offered(user, item),
        "log": log,
        "is_log_intact": selectors.log_fault(item, log) is None,
    }
    return MatterSerializer(facts).data


def filled_in(item: Supervision, act: str, data: dict) -> dict:
    """What the act's form makes of the data. What opening leaves out is taken as it was proposed.
    Raises Unusable at its fields.
    """
    proposed = form_of(act, item) if act == "open" else None
    given = {**(proposed.initial if proposed else {}), **data}
    typed = {f"{act}-{name}": str(value) for name, value in given.items() if value is not None}
    form = form_of(act, item, typed)
    if form is None:
        return {}
    if not form.is_valid():
        raise Unusable({name: list(words) for name, words in form.errors.items()})
    return form.cleaned_data


class MattersView(OfficeListView):
    """Matters in one box, the most urgent first."""

    serializer_class = MatterLineSerializer

    @extend_schema(
        tags=TAGS,
        operation_id="supervision_list",
        parameters=[
            OpenApiParameter("box", enum=selectors.BOXES, description="Default all."),
            OpenApiParameter("kind", enum=Supervision.Kind.values),
            OpenApiParameter("q", description="A part of the title or the number."),
        ],
        responses=MatterLineSerializer(many=True),
    )
    def get(self, request):
        if not selectors.sees_supervision(request.user):
            raise Http404
        box = asked(request, "box")
        found = selectors.items_for(
            request.user, box=box if box in selectors.BOXES else "all",
            kind=asked(request, "kind"), text=asked(request, "q"),
        )  # fmt: skip
        return self.pages(found)


class MatterView(OfficeView):
    """One matter: where it stands, its log, and what may be done."""

    @extend_schema(
        tags=TAGS,
        operation_id="supervision_read",
        responses={200: MatterSerializer, **PROBLEMS},
    )
    def get(self, request, item_id):
        return Response(shown(request.user, selectors.item_for(request.user, item_id)))


class MatterActsView(OfficeView):
    """Sign for a matter, note progress, report, give the verdict, object: one of its acts."""

    @extend_schema(
        tags=TAGS,
        operation_id="supervision_act",
        request=ActSerializer,
        parameters=[KEY],
        examples=[PROGRESS],
        responses={200: MatterSerializer, 204: GONE, **PROBLEMS},
    )
    @idempotent
    def post(self, request, item_id):
        found = selectors.item_for(request.user, item_id)
        given = sent(ActSerializer, request)
        act = given["act"]
        data = filled_in(found, act, given["data"])
        try:
            doing.carry_out(act, actor=request.actor, item=found, data=data, seen=given["version"])
        except Unusable as error:
            raise Unusable(at_fields(error.errors)) from None
        still = selectors.items_for(request.user, box="all").filter(pk=item_id).first()
        return Response(shown(request.user, still)) if still else Response(status=204)
