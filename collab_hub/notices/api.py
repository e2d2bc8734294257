"""/api/v1/notices/: what one got and sent; writing, sending and following a notice."""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.response import Response

from collab_hub.api import (
    PROBLEMS,
    OfficeListView,
    OfficeView,
    PersonThrottle,
    SendingThrottle,
    asked,
    sent,
)
from platform_core.common.api import KEY, idempotent
from platform_core.common.errors import NotAllowed, Unusable
from platform_core.common.numbers import whole
from security.access import may
from security.organs.selectors import own_organs

from . import meeting_services, roll_services, selectors, services
from . import roll as rolls
from .audience import read
from .explaining import explained
from .places import room_of
from .policies import OUT
from .serializers import (
    ChangedDraftSerializer,
    ConfirmSerializer,
    DraftSerializer,
    NoticeLineSerializer,
    NoticeReleaseSerializer,
    NoticeSerializer,
    ReasonSerializer,
    ReplySerializer,
    RollLineSerializer,
    SeenSerializer,
    SentLineSerializer,
    audience_of,
)

TAGS = ["notices"]
VIEWS = ("", "unread", "confirm", "meetings")
DRAFT = OpenApiExample(
    "To the heads of an organ and those below it",
    request_only=True,
    value={
        "organ": 12,
        "title": {"zh": "防汛值班", "en": "Flood watch"},
        "body": {"zh": "请落实值班。", "en": "Keep somebody on duty."},
        "audience": {"any": [{"organ": [12], "below": True, "duty": ["head"]}]},
        "needs_confirming": True,
        "escalate_minutes": 30,
    },
)


def shown(user, found) -> dict:
    """A notice as this person may see it."""
    keeps = may(user, "manage", found) or may(user, "release", found)
    facts = {
        "notice": found,
        "meeting": selectors.meeting_of(found),
        "files": selectors.attachments(found),
        "rows": selectors.rows_for(user, found),
        "audience": found.audience if keeps else None,
        "audience_words": explained(read(found.audience)) if keeps else None,
        "counts": rolls.counts(found) if keeps and found.state in OUT else None,
    }
    return NoticeSerializer(facts).data


def answer(request, notice_id, status: int = 200, verb: str = "read") -> Response:
    """The notice as it is after something was done with it."""
    found = selectors.notice_for(request.user, notice_id, verb)
    return Response(shown(request.user, found), status=status)


def _facts(request, given: dict) -> dict:
    """What was sent, as the service takes it."""
    posts = {organ.pk: organ for organ in own_organs(request.user)}
    organ = posts.get(given.pop("organ"))
    if organ is None:
        raise Unusable({"organ": [_("Choose an organ in which you hold a post.")]})
    seen, meeting = given.pop("changed_at", None), given["meeting"]
    if meeting is not None:
        meeting = meeting | {"room": room_of(request.user, meeting.pop("room_id"))}
    return {
        **given, "department": organ, "audience": audience_of(given["audience"]), "seen": seen,
        "meeting": meeting,
    }  # fmt: skip


class NoticesView(OfficeListView):
    """The notices that one got, the newest first; and a new draft."""

    serializer_class = NoticeLineSerializer

    @extend_schema(
        tags=TAGS,
        operation_id="notices_list",
        parameters=[OpenApiParameter("view", enum=[one for one in VIEWS if one])],
        responses=NoticeLineSerializer(many=True),
    )
    def get(self, request):
        view = asked(request, "view")
        return self.pages(selectors.received(request.user, view if view in VIEWS else ""))

    @extend_schema(
        tags=TAGS,
        operation_id="notices_create",
        request=DraftSerializer,
        parameters=[KEY],
        examples=[DRAFT],
        responses={201: NoticeSerializer, **PROBLEMS},
    )
    @idempotent
    def post(self, request):
        facts = _facts(request, sent(DraftSerializer, request))
        made = services.save_notice(actor=request.actor, **facts)
        return answer(request, made.pk, 201, "manage")


class SentNoticesView(OfficeListView):
    """The notices that one keeps: one's own, and those of departments one heads."""

    serializer_class = SentLineSerializer

    @extend_schema(tags=TAGS, operation_id="notices_sent", responses=SentLineSerializer(many=True))
    def get(self, request):
        return self.pages(selectors.sent_by(request.user))


class NoticeView(OfficeView):
    """One notice. Reading it here is not noted; say so at `read/`."""

    @extend_schema(
        tags=TAGS, operation_id="notices_read", responses={200: NoticeSerializer, **PROBLEMS}
    )
    def get(self, request, notice_id):
        try:
            return answer(request, notice_id)
        except Http404:
            # Whoever lets it out has to read what they let out.
            return answer(request, notice_id, verb="release")

    @extend_schema(
        tags=TAGS,
        operation_id="notices_change",
        request=ChangedDraftSerializer,
        responses={200: NoticeSerializer, **PROBLEMS},
    )
    def put(self, request, notice_id):
        found = selectors.notice_for(request.user, notice_id, "manage")
        facts = _facts(request, sent(ChangedDraftSerializer, request))
        services.save_notice(actor=request.actor, notice=found, **facts)
        return answer(request, notice_id)

    @extend_schema(
        tags=TAGS, operation_id="notices_drop", request=None, responses={204: None, **PROBLEMS}
    )
    def delete(self, request, notice_id):
        found = selectors.notice_for(request.user, notice_id, "manage")
        services.drop_draft(actor=request.actor, notice=found)
        return Response(status=204)


class NoticeRollView(OfficeListView):
    """The frozen roll with what became of each person on it, for whoever keeps the notice."""

    serializer_class = RollLineSerializer

    @extend_schema(
        tags=TAGS,
        operation_id="notices_roll",
        parameters=[
            OpenApiParameter("view", enum=[one for one in rolls.VIEWS if one]),
            OpenApiParameter("organ", int),
            OpenApiParameter("q", description="A part of a name."),
        ],
        responses={200: RollLineSerializer(many=True), **PROBLEMS},
    )
    def get(self, request, notice_id):
        found = selectors.notice_for(request.user, notice_id, "manage")
        if found.state not in OUT:
            raise Http404
        view, organ = asked(request, "view"), whole(asked(request, "organ"))
        view = view if view in rolls.VIEWS else ""
        return self.pages(rolls.rows_of(found, view, organ, asked(request, "q", 60)))


class NoticeReadView(OfficeView):
    """The notice was shown to its recipient: the first time counts."""

    @extend_schema(
        tags=TAGS,
        operation_id="notices_note_read",
        request=None,
        responses={200: NoticeSerializer, **PROBLEMS},
    )
    def post(self, request, notice_id):
        found = selectors.notice_for(request.user, notice_id)
        roll_services.note_read(actor=request.actor, notice=found)
        return answer(request, notice_id)


class NoticeConfirmView(OfficeView):
    """Confirm for oneself, or as today's deputy for a colleague. A second time changes nothing."""

    @extend_schema(
        tags=TAGS,
        operation_id="notices_confirm",
        request=ConfirmSerializer,
        parameters=[KEY],
        responses={200: NoticeSerializer, **PROBLEMS},
    )
    @idempotent
    def post(self, request, notice_id):
        found = selectors.notice_for(request.user, notice_id)
        wanted = sent(ConfirmSerializer, request)["person"] or request.user.pk
        rows = selectors.rows_for(request.user, found)
        row = next((one for one in rows if one.user_id == wanted), None)
        if row is None:
            raise NotAllowed(_("You are not on the roll of this notice."))
        roll_services.confirm_notice(actor=request.actor, notice=found, person=row.user)
        return answer(request, notice_id)


class NoticeReplyView(OfficeView):
    """Whether one comes to the meeting; may be changed until it ends."""

    @extend_schema(
        tags=TAGS,
        operation_id="notices_reply",
        request=ReplySerializer,
        parameters=[KEY],
        responses={200: NoticeSerializer, **PROBLEMS},
    )
    @idempotent
    def post(self, request, notice_id):
        found = selectors.notice_for(request.user, notice_id)
        given = sent(ReplySerializer, request)
        meeting_services.reply(actor=request.actor, notice=found, **given)
        return answer(request, notice_id)


class NoticeSendView(OfficeView):
    """Send a draft: at once, or, to very many people, once a second person has agreed."""

    throttle_classes = [PersonThrottle, SendingThrottle]

    @extend_schema(
        tags=TAGS,
        operation_id="notices_send",
        request=SeenSerializer,
        parameters=[KEY],
        responses={200: NoticeSerializer, **PROBLEMS},
    )
    @idempotent
    def post(self, request, notice_id):
        found = selectors.notice_for(request.user, notice_id, "manage")
        seen = sent(SeenSerializer, request)["changed_at"]
        services.send_notice(actor=request.actor, notice=found, seen=seen)
        return answer(request, notice_id, verb="manage")


class NoticeReleaseView(OfficeView):
    """The second person lets a notice to many people out, or gives it back."""

    throttle_classes = [PersonThrottle, SendingThrottle]

    @extend_schema(
        tags=TAGS,
        operation_id="notices_release",
        request=NoticeReleaseSerializer,
        parameters=[KEY],
        responses={200: SeenSerializer, **PROBLEMS},
    )
    @idempotent
    def post(self, request, notice_id):
        found = selectors.notice_for(request.user, notice_id, "release")
        given = sent(NoticeReleaseSerializer, request)
        done = services.decide_release(actor=request.actor, notice=found, **given)
        return Response(SeenSerializer(done).data)


class NoticeUrgeView(OfficeView):
    """Ask the rest of the roll once more."""

    throttle_classes = [PersonThrottle, SendingThrottle]

    @extend_schema(
        tags=TAGS,
        operation_id="notices_urge",
        request=None,
        parameters=[KEY],
        responses={200: NoticeSerializer, **PROBLEMS},
    )
    @idempotent
    def post(self, request, notice_id):
        found = selectors.notice_for(request.user, notice_id, "manage")
        roll_services.urge_rest(actor=request.actor, notice=found)
        return answer(request, notice_id)


class NoticeRecallView(OfficeView):
    """Take a notice back; whoever got it reads the reason."""

    throttle_classes = [PersonThrottle, SendingThrottle]

    @extend_schema(
        tags=TAGS,
        operation_id="notices_recall",
        request=ReasonSerializer,
        parameters=[KEY],
        responses={200: NoticeSerializer, **PROBLEMS},
    )
    @idempotent
    def post(self, request, notice_id):
        found = selectors.notice_for(request.user, notice_id, "manage")
        reason = sent(ReasonSerializer, request)["reason"]
        services.recall_notice(actor=request.actor, notice=found, reason=reason)
        return answer(request, notice_id)


class NoticeCloseView(OfficeView):
    """Wait for nobody any more."""

    @extend_schema(
        tags=TAGS,
        operation_id="notices_close",
        request=None,
        parameters=[KEY],
        responses={200: NoticeSerializer, **PROBLEMS},
    )
    @idempotent
    def post(self, request, notice_id):
        found = selectors.notice_for(request.user, notice_id, "manage")
        services.close_notice(actor=request.actor, notice=found)
        return answer(request, notice_id)
