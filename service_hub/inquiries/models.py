import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from security.crypto.fields import SealedTextField
from security.privacy import declare, declare_correction
from service_hub.history_lines import HistoryLine


def person(name="", **more):
    """A foreign key to somebody who did something with a question."""
    words = {"verbose_name": name} if name else {}
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        **words, **more,
    )  # fmt: skip


class Question(models.Model):
    """A question to an organ (咨询), about a service item or in general.

    It is passed on to another organ once and asked once more at most. `follow_code` is for whoever
    did not sign in. What is published is written anew by the office, without personal data.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for an answer")
        ANSWERED = "answered", pgettext_lazy("question", "Answered")
        ASKED_AGAIN = "asked_again", _("Asked once more")
        CLOSED = "closed", _("Closed")

    WAITING = (State.ASKED, State.ASKED_AGAIN)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    asker = person(_("asker"))
    contact = SealedTextField(blank=True, default="")
    follow_code = SealedTextField(blank=True, default="")
    item = models.ForeignKey(
        "service_hub.ServiceItem", on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=_("service item"),
    )  # fmt: skip
    region = models.ForeignKey(
        "security.Region", on_delete=models.PROTECT, related_name="+", verbose_name=_("division")
    )
    department = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, related_name="+",
        verbose_name=_("department"),
    )  # fmt: skip
    officer = person(_("taken up by"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.ASKED)
    text = models.TextField(_("question"))
    draft = models.TextField(blank=True)
    answer = models.TextField(_("answer"), blank=True)
    text_again = models.TextField(blank=True)
    answer_again = models.TextField(blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    due_at = models.DateTimeField(_("answer by"), null=True)
    warn_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    is_passed_on = models.BooleanField(default=False)
    is_satisfied = models.BooleanField(_("satisfied"), null=True)
    may_be_published = models.BooleanField(default=False)
    published_question = models.TextField(blank=True)
    published_answer = models.TextField(blank=True)
    published_at = models.DateTimeField(_("published at"), null=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(published_at=None) | models.Q(may_be_published=True),
                name="published_with_consent",
            )
        ]
        indexes = [
            models.Index(fields=["department", "state", "due_at"]),
            models.Index(fields=["asker", "-asked_at"]),
            models.Index(
                fields=["item", "-published_at"],
                condition=models.Q(published_at__isnull=False),
                name="published_questions",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class QuestionEvent(HistoryLine):
    """One line of what happened to a question. Append-only."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    note = models.TextField(blank=True)

    class Meta(HistoryLine.Meta):
        ordering = ["question", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["question", "seq"], name="one_question_line_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.seq} {self.kind}"


declare(
    Question,
    default="internal",
    asker="personal",
    contact="personal",
    follow_code="sensitive",
    text="personal",
    draft="personal",
    answer="personal",
    text_again="personal",
    answer_again="personal",
    published_question="public",
    published_answer="public",
)
declare(QuestionEvent, default="internal", note="personal")
declare_correction(Question, "sent", answer="decision", answer_again="decision")
declare_correction(QuestionEvent, "history")
