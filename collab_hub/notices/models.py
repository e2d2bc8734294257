import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.i18n import pick
from platform_core.common.two_people import TwoPeople, takes_two_people
from security.privacy import declare, declare_correction


class SavedAudience(models.Model):
    """An audience that a department uses again: a query, not a list of people."""

    department = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("name"), max_length=60)
    audience = models.JSONField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("saved group")
        verbose_name_plural = _("saved groups")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["department", "name"], name="one_saved_group_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class Notice(models.Model):
    """What a department tells many people at once. `audience` is the query; whom it named is frozen
    in `recipients` when the notice is sent, and does not follow the query afterwards.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("notice", "Draft")
        WAITING = "waiting", pgettext_lazy("notice", "Waits for a second person")
        SENT = "sent", pgettext_lazy("notice", "Sent")
        RECALLED = "recalled", pgettext_lazy("notice", "Recalled")
        CLOSED = "closed", pgettext_lazy("notice", "Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sent_notices"
    )
    department = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, related_name="notices"
    )
    title = models.JSONField(_("title"))
    body = models.JSONField(_("text"))
    audience = models.JSONField(default=dict)
    needs_confirming = models.BooleanField(default=True)
    due_at = models.DateTimeField(null=True)
    # Minutes after which whoever has not read is reached otherwise; None: never.
    escalate_minutes = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    reached = models.PositiveIntegerField(default=0)
    urges = models.PositiveSmallIntegerField(default=0)
    urged_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["sender", "-made_at"], name="notices_of_sender"),
            models.Index(fields=["department", "-made_at"], name="notices_of_department"),
        ]

    def __str__(self) -> str:
        return pick(self.title)


class Release(TwoPeople):
    """The wish to send a notice to more people than one person may reach alone."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("release", "Withdrawn")

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="releases")
    people = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            takes_two_people("notice_release_takes_two_people"),
            models.UniqueConstraint(
                fields=["notice"],
                condition=models.Q(state="asked"),
                name="one_open_release_per_notice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.state}"


class Recipient(models.Model):
    """One person on the frozen roll of a notice: who they were when it was sent, how far it got
    with them, and, for a meeting, what they answered and whether they came.
    """

    class State(models.TextChoices):
        FROZEN = "frozen", pgettext_lazy("recipient", "Being sent")
        DELIVERED = "delivered", pgettext_lazy("recipient", "Delivered")
        READ = "read", pgettext_lazy("recipient", "Read")
        CONFIRMED = "confirmed", pgettext_lazy("recipient", "Confirmed")

    UNREAD = (State.FROZEN, State.DELIVERED)

    class Reply(models.TextChoices):
        NONE = "", pgettext_lazy("reply", "No answer")
        COMES = "comes", pgettext_lazy("reply", "Comes")
        SENDS = "sends", pgettext_lazy("reply", "Sends somebody")
        STAYS = "stays", pgettext_lazy("reply", "Cannot come")

    class How(models.TextChoices):
        NONE = "", pgettext_lazy("attendance", "Not there")
        CODE = "code", pgettext_lazy("attendance", "By code")
        HAND = "hand", pgettext_lazy("attendance", "Entered by hand")

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="recipients")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices"
    )
    department = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, related_name="+"
    )
    post = models.ForeignKey(
        "security.Post", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    name = models.CharField(max_length=150)
    post_title = models.CharField(max_length=60)
    is_head = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.FROZEN)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # The row of whoever had the post before.
    instead_of = models.OneToOneField(
        "self", on_delete=models.CASCADE, null=True, related_name="successor"
    )
    reply = models.CharField(max_length=8, choices=Reply, blank=True, default=Reply.NONE)
    reply_note = models.CharField(max_length=200, blank=True, default="")
    replied_at = models.DateTimeField(null=True)
    attended_at = models.DateTimeField(null=True)
    attended_how = models.CharField(max_length=8, choices=How, blank=True, default=How.NONE)
    attended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    attended_note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        constraints = [models.UniqueConstraint(fields=["notice", "user"], name="on_a_roll_once")]
        indexes = [
            models.Index(fields=["notice", "state", "id"], name="roll_by_state"),
            models.Index(fields=["user", "-id"], name="notices_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.user_id}"


class Reach(models.Model):
    """One attempt to reach a person who has not read, by text message or by a call.

    `wave` 0 is the clock's, 1, 2 … are those of urging by hand.
    """

    class Channel(models.TextChoices):
        SMS = "sms", _("Text message")
        VOICE = "voice", pgettext_lazy("channel", "Call")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("reach", "On its way")
        SENT = "sent", pgettext_lazy("reach", "Handed over")
        SKIPPED = "skipped", pgettext_lazy("reach", "Not needed")
        FAILED = "failed", pgettext_lazy("reach", "Failed")

    class Why(models.TextChoices):
        NONE = "", ""
        READ = "read", pgettext_lazy("not reached because", "read meanwhile")
        LEFT = "left", pgettext_lazy("not reached because", "left the service")
        ENDED = "ended", pgettext_lazy("not reached because", "the notice had ended")
        NO_NUMBER = "no_number", pgettext_lazy("not reached because", "no number that works")
        REFUSED = "refused", pgettext_lazy("not reached because", "the provider refused it")
        GIVEN_UP = "given_up", pgettext_lazy("not reached because", "the provider did not answer")

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="reaches")
    channel = models.CharField(max_length=8, choices=Channel)
    wave = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    why = models.CharField(max_length=10, choices=Why, blank=True, default=Why.NONE)
    reference = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "channel", "wave"], name="reached_once_in_each_wave"
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.channel} {self.wave}"


class Meeting(models.Model):
    """Where and when the people of a notice meet, and what came of it."""

    notice = models.OneToOneField(
        Notice, on_delete=models.CASCADE, primary_key=True, related_name="meeting"
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    # A room of the directory; `place` then says its name and where it is. It is booked when the
    # notice is sent.
    room = models.ForeignKey(
        "collab_hub.Room", on_delete=models.PROTECT, null=True, related_name="+"
    )
    booking = models.OneToOneField(
        "collab_hub.RoomBooking", on_delete=models.PROTECT, null=True, related_name="meeting"
    )
    video_link = models.URLField(_("video link"), max_length=300, blank=True)
    asks_reply = models.BooleanField(default=True)
    changes = models.PositiveSmallIntegerField(default=0)
    minutes = models.TextField(_("minutes"), blank=True)
    minutes_at = models.DateTimeField(null=True)
    minutes_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")

    def __str__(self) -> str:
        return str(self.notice_id)

    @property
    def is_ahead(self) -> bool:
        """Whether it is not over."""
        return self.ends_at > timezone.now()


class ActionItem(models.Model):
    """What a meeting asked somebody to do. With the minutes it goes to supervision."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("action item", "In the draft")
        HANDED = "handed", pgettext_lazy("action item", "Handed to supervision")
        CLOSED = "closed", pgettext_lazy("action item", "Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("what is to be done"), max_length=500)
    lead = models.ForeignKey("security.Department", on_delete=models.PROTECT, related_name="+")
    assisting = models.ManyToManyField("security.Department", related_name="+")
    due_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    outcome = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("action item")
        verbose_name_plural = _("action items")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.text


declare(SavedAudience, default="internal")
declare(Notice, default="internal")
declare(Release, default="internal")
declare(
    Recipient,
    default="internal",
    name="personal",
    reply="personal",
    reply_note="personal",
    attended_note="personal",
)
declare(Reach, default="internal")
declare(Meeting, default="internal")
declare(ActionItem, default="internal")
declare_correction(Recipient, "history")
