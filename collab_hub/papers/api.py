"""/api/v1/papers/: official documents as their readers see them, signing in and passing round.
Secret ones are not here: they are read on the page only.
"""

from __future__ import annotations

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
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
from security.access import may

from . import elements, receiving_services, selectors
from .clerking import LONGEST_WORDS
from .models import Receipt
from .states import acts

TAGS = ["papers"]
SEARCH = OpenApiParameter("q", description="Words of the text, the title or the number.")


class PaperLineSerializer(serializers.Serializer):
    """A paper as a line of the list."""

    id = serializers.UUIDField(source="pk")
    kind = serializers.CharField()
    number = serializers.CharField(source="shown_number")
    title = serializers.CharField()
    issuer = serializers.CharField()
    organ = OrganSerializer(source="department")
    state = serializers.CharField()
    urgency = serializers.CharField(help_text="urgent, flash, or nothing.")
    sent_at = serializers.DateTimeField(allow_null=True)
    changed_at = serializers.DateTimeField()


class ReceivedLineSerializer(serializers.Serializer):
    """A paper in the hands of an organ that received it."""

    id = serializers.UUIDField(source="pk")
    paper = PaperLineSerializer()
    organ = OrganSerializer()
    is_copy = serializers.BooleanField(help_text="For information only.")
    state = serializers.ChoiceField(Receipt.State.values)
    number = serializers.CharField(help_text="The organ's number of receipt.")
    sign_by = serializers.DateTimeField(allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class PaperSerializer(serializers.Serializer):
    """A paper with its text: paragraphs, and the elements that stand on it."""

    paper = PaperLineSerializer()
    signed_by = serializers.CharField(source="paper.signed_by", allow_null=True)
    signed_at = serializers.DateTimeField(source="paper.signed_at", allow_null=True)
    paragraphs = serializers.ListField(child=serializers.CharField())
    main_to = serializers.ListField(child=serializers.CharField(), help_text="Names of organs.")
    copy_to = serializers.ListField(child=serializers.CharField())
    matters = serializers.CharField(source="content.matters")
    reply_to = serializers.CharField(source="content.reply_to")
    attachments = serializers.ListField(child=serializers.CharField())
    remark = serializers.CharField(source="content.remark")


class OpinionSerializer(serializers.Serializer):
    """What somebody said to whom it was passed."""

    person = serializers.CharField()
    state = serializers.CharField(help_text="open, done.")
    read_at = serializers.DateTimeField(allow_null=True)
    opinion = serializers.CharField()


class ReceivedPaperSerializer(serializers.Serializer):
    """A received paper with its text, whom it was passed to, and what the caller may do."""

    receipt = ReceivedLineSerializer()
    text = PaperSerializer()
    answer = serializers.CharField(source="receipt.answer")
    passed_to = OpinionSerializer(many=True)
    acts = serializers.ListField(
        child=serializers.CharField(), help_text="sign_in and read are done here, others in the UI."
    )


class ReadingSerializer(serializers.Serializer):
    opinion = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=LONGEST_WORDS
    )


def text_of(paper) -> dict:
    """What a paper says, as the API shows it."""
    content = selectors.told_content(paper)
    names = selectors.organ_names([*content["main_to"], *content["copy_to"]])
    to = {key: [names[pk] for pk in content[key] if pk in names] for key in ("main_to", "copy_to")}
    return {
        **to,
        "paper": paper,
        "content": content,
        "paragraphs": elements.paragraphs(content["body"]),
        "attachments": elements.paragraphs(content["attachments"]),
    }


def receipt_for(request, receipt_id) -> Receipt:
    """The received paper, if the caller reads it and it is not secret."""
    found = selectors.receipt_for(request.user, receipt_id)
    if found.paper.secrecy:
        raise Http404
    return found


def answer(request, receipt_id) -> Response:
    """The received paper as it stands now."""
    found = receipt_for(request, receipt_id)
    possible = acts("in", found.state) if may(request.user, "handle", found) else set()
    to_do = {one.kind for one in selectors.to_do(request.user, found.paper, found)}
    steps = selectors.steps_of(found.paper, found)
    facts = {
        "receipt": found,
        "text": text_of(found.paper),
        "passed_to": [one for one in steps if one.kind == "circulate"],
        "acts": [
            name
            for name, is_there in (
                ("sign_in", "sign_in" in possible), ("read", "circulate" in to_do)
            )
            if is_there
        ],
    }  # fmt: skip
    return Response(ReceivedPaperSerializer(facts).data)


class PapersView(OfficeListView):
    """The papers that one may read, the newest first."""

    serializer_class = PaperLineSerializer

    @extend_schema(
        tags=TAGS,
        operation_id="papers_list",
        parameters=[
            OpenApiParameter(
                "view", enum=["out", "all"], description="out: those that my organs write."
            ),
            SEARCH,
        ],
        responses=PaperLineSerializer(many=True),
    )
    def get(self, request):
        view = "out" if asked(request, "view") == "out" else "all"
        found = selectors.papers_for(request.user, view, asked(request, "q"))
        return self.pages(found.filter(secrecy=""))


class PaperView(OfficeView):
    """One paper with its text."""

    @extend_schema(
        tags=TAGS, operation_id="papers_read", responses={200: PaperSerializer, **PROBLEMS}
    )
    def get(self, request, paper_id):
        found = selectors.paper_for(request.user, paper_id)
        if found.secrecy:
            raise Http404
        return Response(PaperSerializer(text_of(found)).data)


class ReceiptsView(OfficeListView):
    """What came in for one's organs, the urgent first."""

    serializer_class = ReceivedLineSerializer

    @extend_schema(
        tags=TAGS,
        operation_id="papers_received",
        parameters=[
            OpenApiParameter("show", enum=["ended"], description="ended: filed or sent back."),
            SEARCH,
        ],
        responses=ReceivedLineSerializer(many=True),
    )
    def get(self, request):
        is_open = asked(request, "show") != "ended"
        found = selectors.receipts_for(request.user, asked(request, "q"), is_open=is_open)
        return self.pages(found.filter(paper__secrecy=""))


class ReceiptView(OfficeView):
    """One received paper. Reading it here is not noted; say so at `read/`."""

    @extend_schema(
        tags=TAGS,
        operation_id="papers_received_read",
        responses={200: ReceivedPaperSerializer, **PROBLEMS},
    )
    def get(self, request, receipt_id):
        return answer(request, receipt_id)


class SignInView(OfficeView):
    """Sign a paper in for one's organ: it is registered under the organ's next number."""

    @extend_schema(
        tags=TAGS,
        operation_id="papers_sign_in",
        request=SeenVersionSerializer,
        parameters=[KEY],
        responses={200: ReceivedPaperSerializer, **PROBLEMS},
    )
    @idempotent
    def post(self, request, receipt_id):
        found = receipt_for(request, receipt_id)
        seen = sent(SeenVersionSerializer, request)["version"]
        receiving_services.sign_in(actor=request.actor, receipt=found, seen=seen)
        return answer(request, receipt_id)


class ReadingView(OfficeView):
    """Whoever it was passed to has read it, with or without an opinion."""

    @extend_schema(
        tags=TAGS,
        operation_id="papers_finish_reading",
        request=ReadingSerializer,
        parameters=[KEY],
        responses={200: ReceivedPaperSerializer, **PROBLEMS},
    )
    @idempotent
    def post(self, request, receipt_id):
        found = receipt_for(request, receipt_id)
        opinion = sent(ReadingSerializer, request)["opinion"]
        step = selectors.reading_step(request.user, found)
        receiving_services.finish_reading(actor=request.actor, step=step, opinion=opinion)
        return answer(request, receipt_id)
