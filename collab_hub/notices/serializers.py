"""Notices as the API shows them, and what it is sent."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers

from collab_hub.api import OrganSerializer, Words
from platform_core.common.errors import Unusable

from .audience import Audience, NoAudience, read
from .checks import LONGEST_ESCALATION, LONGEST_TITLE
from .models import Recipient

AUDIENCE_WORDS = (
    'Whom it is for, as data: {"any": [terms], "not": [terms]}. A term has facets: organ, person'
    " and group (ids), kind, region and duty (texts), other ([kind, value] pairs, such as grids),"
    " below (true: with the organs below). Within a facet any value will do; every facet must be"
    " met."
)
SEEN_WORDS = "The draft's changed_at that you saw. Answers 409 when it has changed since."


class MeetingSerializer(serializers.Serializer):
    """Where and when the people of a notice meet."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    place = serializers.CharField(max_length=200, allow_blank=True, default="")
    room = serializers.IntegerField(
        source="room_id", min_value=1, required=False, allow_null=True, default=None,
        help_text="A meeting room that you may book, instead of a place in words. It is booked when"
        " the notice is sent, and the place says its name.",
    )  # fmt: skip
    video_link = serializers.URLField(max_length=300, allow_blank=True, default="")
    asks_reply = serializers.BooleanField(default=True)


class NoticeLineSerializer(serializers.Serializer):
    """A notice as a line of what one got, with how far one is with it."""

    id = serializers.UUIDField(source="notice.pk")
    title = serializers.JSONField(source="notice.title", help_text='{"zh": …, "en": …}')
    organ = OrganSerializer(source="notice.department")
    state = serializers.CharField(source="notice.state", help_text="sent, recalled, closed.")
    sent_at = serializers.DateTimeField(source="notice.sent_at")
    due_at = serializers.DateTimeField(source="notice.due_at", allow_null=True)
    needs_confirming = serializers.BooleanField(source="notice.needs_confirming")
    read_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    reply = serializers.CharField(help_text="comes, sends, stays, or nothing yet.")


class SentLineSerializer(serializers.Serializer):
    """A notice as a line of what one keeps, with how many have read and confirmed it."""

    id = serializers.UUIDField(source="pk")
    title = serializers.JSONField(help_text='{"zh": …, "en": …}')
    organ = OrganSerializer(source="department")
    sender = serializers.CharField()
    state = serializers.CharField(help_text="draft, waiting, sent, recalled, closed.")
    changed_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    reached = serializers.IntegerField()
    read = serializers.IntegerField()
    confirmed = serializers.IntegerField()


class OwnRowSerializer(serializers.Serializer):
    """A row of the roll that the caller may confirm: their own, or of whom they stand in for."""

    person = serializers.IntegerField(source="user_id")
    name = serializers.CharField()
    state = serializers.CharField(help_text="frozen, delivered, read, confirmed.")
    read_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    reply = serializers.CharField()
    reply_note = serializers.CharField()


class AttachedFileSerializer(serializers.Serializer):
    """A file that is attached; its content is at `url`, once it was scanned."""

    id = serializers.UUIDField(source="pk")
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()
    state = serializers.CharField()
    url = serializers.SerializerMethodField()

    def get_url(self, file) -> str:
        return reverse("files:download", args=[file.pk])


class NoticeSerializer(serializers.Serializer):
    """A notice with all that the caller may see of it."""

    id = serializers.UUIDField(source="notice.pk")
    title = serializers.JSONField(source="notice.title")
    body = serializers.JSONField(source="notice.body")
    organ = OrganSerializer(source="notice.department")
    sender = serializers.CharField(source="notice.sender")
    state = serializers.CharField(source="notice.state")
    changed_at = serializers.DateTimeField(source="notice.changed_at")
    sent_at = serializers.DateTimeField(source="notice.sent_at", allow_null=True)
    due_at = serializers.DateTimeField(source="notice.due_at", allow_null=True)
    ended_why = serializers.CharField(source="notice.ended_why")
    needs_confirming = serializers.BooleanField(source="notice.needs_confirming")
    escalate_minutes = serializers.IntegerField(source="notice.escalate_minutes", allow_null=True)
    meeting = MeetingSerializer(allow_null=True)
    files = AttachedFileSerializer(many=True)
    rows = OwnRowSerializer(many=True)
    audience = serializers.JSONField(
        allow_null=True, help_text="For whoever keeps the notice; null for its recipients."
    )
    audience_words = serializers.JSONField(allow_null=True, help_text='{"any": […], "not": […]}')
    counts = serializers.DictField(
        child=serializers.IntegerField(), allow_null=True, help_text="The roll, for its keepers."
    )


class DraftSerializer(serializers.Serializer):
    """A notice to be sent."""

    organ = serializers.IntegerField(min_value=1, help_text="An organ in which you hold a post.")
    title = Words()
    body = Words()
    audience = serializers.JSONField(help_text=AUDIENCE_WORDS)
    needs_confirming = serializers.BooleanField(default=True)
    due_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    escalate_minutes = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=LONGEST_ESCALATION
    )
    meeting = MeetingSerializer(required=False, allow_null=True, default=None)

    def validate_title(self, value):
        if any(len(one) > LONGEST_TITLE for one in value.values()):
            words = _("A title has at most %(n)d characters.") % {"n": LONGEST_TITLE}
            raise serializers.ValidationError(words)
        return value


class ChangedDraftSerializer(DraftSerializer):
    changed_at = serializers.DateTimeField(help_text=SEEN_WORDS)


class SeenSerializer(serializers.Serializer):
    changed_at = serializers.DateTimeField(help_text=SEEN_WORDS)


class ConfirmSerializer(serializers.Serializer):
    person = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Whom you stand in for today; without it you confirm for yourself.",
    )


class ReplySerializer(serializers.Serializer):
    """Whether somebody comes to a meeting."""

    answer = serializers.ChoiceField([one for one in Recipient.Reply.values if one])
    note = serializers.CharField(
        required=False, allow_blank=True, max_length=200, default="",
        help_text="Whom you send, or why you cannot come.",
    )  # fmt: skip


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300, allow_blank=True)


class NoticeReleaseSerializer(serializers.Serializer):
    """What the second person says to a notice to many people."""

    agrees = serializers.BooleanField()
    reason = serializers.CharField(max_length=300, allow_blank=True, required=False, default="")


class RollLineSerializer(serializers.Serializer):
    """One person on the frozen roll."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    organ = OrganSerializer(source="department")
    post = serializers.CharField(source="post_title")
    state = serializers.CharField(help_text="frozen, delivered, read, confirmed.")
    delivered_at = serializers.DateTimeField(allow_null=True)
    read_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    confirmed_by = serializers.CharField(allow_null=True)
    reply = serializers.CharField()
    reply_note = serializers.CharField()
    attended_at = serializers.DateTimeField(allow_null=True)
    is_there = serializers.BooleanField(help_text="Whether the person is still in service.")
    has_post = serializers.BooleanField(help_text="Whether they still hold the post they had.")


def audience_of(data) -> Audience:
    """The audience that was sent. Raises Unusable at "audience"."""
    try:
        return read(data)
    except NoAudience as error:
        words = _("This is no audience: %(part)s.") % {"part": error}
        raise Unusable({"audience": [words]}) from None
