"""/api/v1/life/: life events, what a choice of their services asks, and what was filed together."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms.describe import json_schema
from platform_core.common.api import idempotent
from platform_core.common.errors import Conflict
from platform_core.common.organs import organ_text
from service_hub.api import FIRM, RefusalsAnswered, api_actor
from service_hub.cases.api import IDEMPOTENT, PROBLEMS, CaseSerializer, WithdrawSerializer
from service_hub.cases.clocks import level
from service_hub.items.selectors import AUDIENCE_OF_END

from . import selectors, services, standing, words
from .schema import MOST_CHILDREN

LIGHTS = {"g": "green", "y": "yellow", "r": "red"}
STATES = [standing.NEEDS_YOU, standing.RUNNING, standing.DONE, standing.PARTLY,
          standing.WITHDRAWN, standing.ENDED]  # fmt: skip
ITEM = OpenApiParameter(
    "item", str, many=True, description="A chosen service as “napp/key”; required ones are added."
)


class LifeEventSerializer(serializers.Serializer):
    """A life event as a line of a list. Texts are {"zh", "en"}."""

    napp = serializers.SlugField(source="napp.slug")
    key = serializers.SlugField()
    title = serializers.JSONField()
    summary = serializers.JSONField()
    theme = serializers.CharField()
    audience = serializers.CharField(help_text="person or firm")


class ChoiceSerializer(serializers.Serializer):
    """A service of a life event, and whether it is in the form below."""

    item = serializers.CharField(source="child.item")
    title = serializers.JSONField(source="item.title", default=None, allow_null=True)
    is_required = serializers.BooleanField()
    is_open = serializers.BooleanField()
    chosen = serializers.BooleanField()
    promise_days = serializers.IntegerField(
        source="item.promise_days", default=None, allow_null=True, help_text="Working days."
    )


class AskedSerializer(serializers.Serializer):
    """A question that helps to choose; without options it is answered with yes or no."""

    key = serializers.CharField()
    label = serializers.JSONField()
    options = serializers.ListField(child=serializers.CharField())


class LifeEventDetailSerializer(LifeEventSerializer):
    """A life event with the one form of the chosen services. `parts` says by service where each of
    its questions stands in that form.
    """

    takes_new_applications = serializers.BooleanField()
    questions = AskedSerializer(many=True)
    items = ChoiceSerializer(many=True)
    asked = serializers.IntegerField(help_text="Questions of the one form.")
    separately = serializers.IntegerField(help_text="Questions of the forms one by one.")
    parts = serializers.DictField(child=serializers.DictField(child=serializers.CharField()))
    schema = serializers.JSONField(help_text="JSON Schema (draft 2020-12) of `values`.")


class FilingSerializer(serializers.Serializer):
    """An application: answers by the keys of the composed form of `items`, or the id of a draft
    filled in on the portal.
    """

    items = serializers.ListField(
        child=serializers.CharField(max_length=90), required=False, max_length=MOST_CHILDREN
    )
    values = serializers.DictField(required=False)
    draft = serializers.UUIDField(required=False)

    def validate(self, attrs):
        if ("values" in attrs) == ("draft" in attrs):
            raise serializers.ValidationError({"values": ["Give either values or draft."]})
        return attrs


class PartSerializer(CaseSerializer):
    """A case of a life event with its organ and light."""

    department = serializers.SerializerMethodField()
    light = serializers.SerializerMethodField()

    def get_department(self, case) -> dict:
        organ = case.department
        return organ_text(organ)

    def get_light(self, case) -> str:
        return LIGHTS.get(level(case, timezone.now()), "")


class BundleCaseSerializer(serializers.Serializer):
    """What was filed together, with its cases. The whole is due when its last case is."""

    id = serializers.UUIDField(source="pk")
    number = serializers.CharField()
    napp = serializers.CharField(source="bundle.napp.slug")
    key = serializers.CharField(source="bundle.key")
    title = serializers.JSONField(source="bundle.title")
    submitted_at = serializers.DateTimeField()
    state = serializers.ChoiceField(STATES)
    due_at = serializers.DateTimeField(
        allow_null=True, help_text="Null until every case has a day of its own."
    )
    light = serializers.ChoiceField(["", *LIGHTS.values()])
    light_words = serializers.CharField(allow_blank=True)
    finished = serializers.IntegerField()
    cases = PartSerializer(many=True)

    def to_representation(self, found):
        now = timezone.now()
        children = selectors.children_of(found, now)
        due = words.light(children, now)
        found.state = standing.state_of(children)
        found.due_at = standing.due_of(children)
        found.light = LIGHTS.get(standing.light_of(children), "")
        found.light_words = due["words"] if due else ""
        found.finished = standing.done_count(children)
        return super().to_representation(found)


def answer(user, bundle_case_id) -> dict:
    """What was filed together as the API shows it to its applicant."""
    return BundleCaseSerializer(selectors.bundle_case_for(user, bundle_case_id)).data


class LifeEventsView(generics.ListAPIView):
    """The life events that can be begun now."""

    permission_classes = [AllowAny]
    serializer_class = LifeEventSerializer

    def get_queryset(self):
        end = self.request.query_params.get("end")
        return selectors.open_bundles(end if end in AUDIENCE_OF_END else None)

    @extend_schema(
        operation_id="life_list",
        parameters=[OpenApiParameter("end", str, enum=["public", "enterprise"])],
    )
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)


class LifeEventView(RefusalsAnswered, APIView):
    """One life event: its choices and the one form of the chosen services; POST files them all or
    none.
    """

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="life_read",
        parameters=[ITEM],
        responses={200: LifeEventDetailSerializer, 404: OpenApiTypes.OBJECT},
    )
    def get(self, request, napp, key):
        found = selectors.bundle_for(napp, key)
        query = request.query_params
        wanted = {name[:90] for name in query.getlist("item")[:MOST_CHILDREN]}
        definition = selectors.definition_of(found)
        said = {one.key: query.get(one.key, "") for one in definition.questions}
        choices = selectors.choices(found, said, also=wanted)
        chosen = [one.item for one in choices if one.is_open and one.chosen]
        composition = selectors.composed_of(found, chosen) if chosen else None
        shown = {
            **LifeEventSerializer(found).data,
            "takes_new_applications": selectors.may_begin(found)
            and all(one.is_open for one in choices if one.is_required),
            "questions": [
                {"key": one.key, "label": one.label.model_dump(),
                 "options": [option.value for option in one.options]}
                for one in definition.questions
            ],
            "items": ChoiceSerializer(choices, many=True).data,
            "asked": composition.asked if composition else 0,
            "separately": composition.separately if composition else 0,
            "parts": composition.keys if composition else {},
            "schema": json_schema(composition.form) if composition else None,
        }  # fmt: skip
        return Response(shown)

    @extend_schema(
        operation_id="life_file",
        request=FilingSerializer,
        parameters=[FIRM, IDEMPOTENT],
        responses={201: BundleCaseSerializer, **PROBLEMS},
    )
    @idempotent
    def post(self, request, napp, key):
        wanted = FilingSerializer(data=request.data)
        found = selectors.bundle_for(napp, key)
        wanted.is_valid(raise_exception=True)
        data, actor = wanted.validated_data, api_actor(request)
        if "draft" in data:
            draft = forms.draft_for(request.user, data["draft"], sent=True)
            if not selectors.is_bundle(draft) or selectors.bundle_of(draft) != found:
                raise Conflict(_("This draft is for something else."))
            sent = services.send_bundle(actor=actor, draft=draft)
        else:
            sent = services.send_values(
                actor=actor, bundle=found, items=data.get("items", []), values=data["values"]
            )
        return Response(answer(request.user, sent.pk), status=201)


class BundleCasesView(generics.ListAPIView):
    """What I, or the firm I act for, filed together; the newest first."""

    permission_classes = [IsAuthenticated]
    serializer_class = BundleCaseSerializer

    def get_queryset(self):
        actor = api_actor(self.request)
        return selectors.bundle_cases_of(actor.user, actor.firm)

    @extend_schema(operation_id="life_sent_list", parameters=[FIRM])
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)


class BundleCaseView(APIView):
    """Something that I filed together, with its cases, states, day and light."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="life_sent_read",
        responses={200: BundleCaseSerializer, 404: OpenApiTypes.OBJECT},
    )
    def get(self, request, bundle_case_id):
        return Response(answer(request.user, bundle_case_id))


class BundleWithdrawView(RefusalsAnswered, APIView):
    """Take everything back that still runs."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="life_sent_withdraw",
        request=WithdrawSerializer,
        parameters=[FIRM, IDEMPOTENT],
        responses={200: BundleCaseSerializer, **PROBLEMS},
    )
    @idempotent
    def post(self, request, bundle_case_id):
        wanted = WithdrawSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        found = selectors.bundle_case_for(request.user, bundle_case_id, "withdraw")
        services.withdraw_bundle(
            actor=api_actor(request), bundle_case=found, reason=wanted.validated_data["reason"]
        )
        return Response(answer(request.user, bundle_case_id))
