"""/api/v1/reports/: the dictionary, what organs are asked, what they say, and the sums."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.response import Response

from collab_hub.api import PROBLEMS, OfficeListView, OfficeView, asked, sent
from platform_core.common.api import KEY, idempotent
from security.access import may

from . import selectors, services
from .serializers import (
    CampaignLineSerializer,
    CampaignSerializer,
    FieldSerializer,
    FillingLineSerializer,
    FillingSerializer,
    ValuesSerializer,
)
from .showing import source_words
from .sums import table

TAGS = ["reports"]
VALUES = OpenApiExample(
    "Two figures", request_only=True, value={"version": 1, "values": {"beds": "296", "icu": "12"}}
)


def shown(user, filling, taken_over=()) -> dict:
    """A filling with what is known, with its source, and what is still asked."""
    columns, answers = selectors.columns_of(filling.campaign), selectors.answers_of(filling)
    open_ones, found, _old = selectors.still_asked(filling, columns, answers)
    values = {key: one.value for key, one in answers.items()} | found
    is_open = filling.state == "open" and filling.campaign.state == "running"
    known = [
        {"column": one, "value": values[one.pk], "source": source_words(values[one.pk])}
        for one in columns
        if one.pk in values
    ]
    return FillingSerializer(
        {
            "filling": filling,
            "known": known,
            "asked": open_ones,
            "may_fill": is_open and may(user, "enter", filling),
            "taken_over": [one.version.field.code for one in taken_over],
        }
    ).data


class FieldsView(OfficeListView):
    """The dictionary of report fields, by code."""

    serializer_class = FieldSerializer

    @extend_schema(
        tags=TAGS,
        operation_id="report_fields_list",
        parameters=[OpenApiParameter("q", description="A part of a code or title.")],
        responses=FieldSerializer(many=True),
    )
    def get(self, request):
        return self.pages(selectors.dictionary(request.user, asked(request, "q")))


class CampaignsView(OfficeListView):
    """The collections that one may read, the newest first."""

    serializer_class = CampaignLineSerializer

    @extend_schema(
        tags=TAGS,
        operation_id="reports_list",
        parameters=[
            OpenApiParameter("show", enum=["own"], description="own: those of my departments.")
        ],
        responses=CampaignLineSerializer(many=True),
    )
    def get(self, request):
        return self.pages(selectors.campaigns(request.user, asked(request, "show")))


class CampaignView(OfficeView):
    """A collection with its sums: one region, and each of those below it. A sum names whom it
    lacks.
    """

    @extend_schema(
        tags=TAGS,
        operation_id="reports_read",
        parameters=[
            OpenApiParameter("region", description="Code of a region inside what you may see.")
        ],
        responses={200: CampaignSerializer, **PROBLEMS},
    )
    def get(self, request, campaign_id):
        found = selectors.campaign_for(request.user, campaign_id)
        scopes = selectors.scopes_of(request.user, found)
        region = selectors.region_in(scopes, asked(request, "region", 12))
        columns, rows = table(request.user, found, region, timezone.now())
        found.asked, found.done = rows[0].asked, rows[0].done
        facts = {"campaign": found, "region": region.code, "columns": columns, "rows": rows}
        return Response(CampaignSerializer(facts).data)


class FillingsView(OfficeListView):
    """What one's organs are still asked, what is due first on top."""

    serializer_class = FillingLineSerializer

    @extend_schema(
        tags=TAGS,
        operation_id="report_fillings_list",
        responses=FillingLineSerializer(many=True),
    )
    def get(self, request):
        return self.pages(selectors.fillings_to_do(request.user))


class FillingView(OfficeView):
    """One organ's report: what is known with its source, and only what is missing as questions."""

    @extend_schema(
        tags=TAGS,
        operation_id="report_fillings_read",
        responses={200: FillingSerializer, **PROBLEMS},
    )
    def get(self, request, filling_id):
        found = selectors.filling_for(request.user, filling_id)
        return Response(shown(request.user, found))

    @extend_schema(
        tags=TAGS,
        operation_id="report_fillings_keep",
        request=ValuesSerializer,
        examples=[VALUES],
        responses={200: FillingSerializer, **PROBLEMS},
    )
    def put(self, request, filling_id):
        """Keep what was typed, right or wrong, for whoever of the organ goes on with it."""
        found = selectors.filling_for(request.user, filling_id)
        given = sent(ValuesSerializer, request)
        services.save_draft(
            actor=request.actor, filling=found, given=given["values"], version=given["version"]
        )
        found = selectors.filling_for(request.user, filling_id)
        return Response(shown(request.user, found))


class FillingSubmitView(OfficeView):
    """Submit what was still asked."""

    @extend_schema(
        tags=TAGS,
        operation_id="report_fillings_submit",
        request=ValuesSerializer,
        parameters=[KEY],
        examples=[VALUES],
        responses={200: FillingSerializer, **PROBLEMS},
    )
    @idempotent
    def post(self, request, filling_id):
        found = selectors.filling_for(request.user, filling_id)
        given = sent(ValuesSerializer, request)
        outcome = services.submit_filling(
            actor=request.actor, filling=found, given=given["values"], version=given["version"]
        )
        found = selectors.filling_for(request.user, filling_id)
        return Response(shown(request.user, found, outcome.taken_over))
