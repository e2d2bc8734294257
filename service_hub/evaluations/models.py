import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from platform_core.common.two_people import TwoPeople, takes_two_people
from security.crypto.fields import SealedTextField
from security.privacy import declare, declare_correction
from service_hub.history_lines import HistoryLine


class Visit(models.Model):
    """A service event on site (一次一评): somebody was served at a window, with a case or without.

    `service_no` is its number among the service events of the case; 1 and 2 are the case's stages
    online.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        "service_hub.Case", on_delete=models.PROTECT, null=True, related_name="visits"
    )
    item = models.ForeignKey(
        "service_hub.ServiceItem",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("service item"),
    )
    department = models.ForeignKey(
        "security.Department",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("department"),
    )
    clerk = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("clerk"),
    )
    window = models.CharField(_("window"), max_length=60, blank=True)
    service_no = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField(_("served at"))

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.UniqueConstraint(fields=["case", "service_no"], name="one_visit_per_number")
        ]
        indexes = [
            models.Index(fields=["at"]),
            models.Index(fields=["clerk", "-at"]),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Evaluation(models.Model):
    """One rating of one service event (好差评): a stage of a case online, or a visit.

    What is said later, and a second grade after a fix (追评), never change the original. `channel`
    is how the rating came in, `service_channel` how the service was given; organ, item, officer
    and moment of the service are kept as they were when it was rated.
    """

    class Grade(models.IntegerChoices):
        VERY_BAD = 1, _("Very dissatisfied")
        BAD = 2, _("Dissatisfied")
        FAIR = 3, _("Fairly satisfied")
        GOOD = 4, _("Satisfied")
        VERY_GOOD = 5, _("Very satisfied")

    case = models.ForeignKey(
        "service_hub.Case",
        on_delete=models.PROTECT,
        null=True,
        related_name="evaluations",
        verbose_name=_("case"),
    )
    visit = models.OneToOneField(
        Visit, on_delete=models.PROTECT, null=True, related_name="evaluation"
    )
    service_no = models.PositiveSmallIntegerField(default=1)
    item = models.ForeignKey(
        "service_hub.ServiceItem",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("service item"),
    )
    department = models.ForeignKey(
        "security.Department",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("department"),
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("officer who was rated"),
    )
    served_at = models.DateTimeField(_("served at"))
    service_channel = models.CharField(_("channel of the service"), max_length=20, default="web")
    channel = models.CharField(_("channel"), max_length=20, default="web")
    grade = models.PositiveSmallIntegerField(_("grade"), choices=Grade)
    options = ArrayField(models.CharField(max_length=40), default=list)
    options_version = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(_("in words"), blank=True)
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Whether there is somebody to call back: an account, or a number that was left.
    is_real_name = models.BooleanField(_("real name"), default=True)
    # A number to call back, given by somebody who rated without an account.
    contact = SealedTextField(blank=True, default="")
    # The agent of 12345 who wrote it down for the caller.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    rated_at = models.DateTimeField(_("rated at"))
    addition = models.TextField(blank=True)
    added_at = models.DateTimeField(_("added to at"), null=True)
    later_grade = models.PositiveSmallIntegerField(
        _("grade after the fix"), choices=Grade, null=True
    )
    later_text = models.TextField(blank=True)
    later_at = models.DateTimeField(null=True)
    is_excluded = models.BooleanField(_("excluded"), default=False)

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "service_no"], name="one_rating_per_service_event"
            ),
            models.CheckConstraint(
                condition=models.Q(grade__gte=1, grade__lte=5), name="five_grades"
            ),
            models.CheckConstraint(
                condition=models.Q(case__isnull=False) | models.Q(visit__isnull=False),
                name="a_rating_is_about_a_service",
            ),
        ]
        indexes = [models.Index(fields=["served_at"])]

    def __str__(self) -> str:
        return f"{self.case_id} {self.grade}"

    @property
    def is_bad(self) -> bool:
        return self.grade <= self.Grade.BAD


class Rectification(models.Model):
    """A rectification order (差评整改单): what a bad rating sets going until it is put right, shown
    to be mistaken, or explained.

    `officer` is who was rated: that person can do nothing with it. `due_at` is when the present
    state has to end; the moments of each state stay beside it. `escalated_at` says that the head
    was told of the present state's delay.
    """

    class State(models.TextChoices):
        TO_SIGN = "to_sign", _("To be taken up")
        SIGNED = "signed", _("To be called back")
        VERIFIED = "verified", _("Checked, to be decided on")
        FIXING = "fixing", _("Being put right")
        APPEALED = "appealed", _("Under review")
        ANSWERED = "answered", _("Answered, waits for the person")
        CLOSED = "closed", _("Closed")
        EXCLUDED = "excluded", _("Excluded")

    class Measure(models.TextChoices):
        AT_ONCE = "at_once", _("Put right at once")
        DATED = "dated", _("Put right by a date")
        EXPLAINED = "explained", _("Explained by the law")

    class Outcome(models.TextChoices):
        SOLVED = "solved", _("Solved, says the person")
        NOT_SOLVED = "not_solved", _("Not solved, says the person")
        LAPSED = "lapsed", _("The person did not say")

    FINAL = (State.CLOSED, State.EXCLUDED)

    evaluation = models.OneToOneField(
        Evaluation, on_delete=models.PROTECT, related_name="rectification"
    )
    department = models.ForeignKey(
        "security.Department",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("department"),
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("officer who was rated"),
    )
    categories = ArrayField(models.CharField(max_length=20), default=list)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.TO_SIGN)
    round = models.PositiveSmallIntegerField(default=1)
    is_extended = models.BooleanField(default=False)
    has_appealed = models.BooleanField(default=False)
    opened_at = models.DateTimeField(_("opened at"))
    due_at = models.DateTimeField(_("due"), null=True)
    escalated_at = models.DateTimeField(null=True)
    call_back_due_at = models.DateTimeField(_("call back by"))
    answer_due_at = models.DateTimeField(_("answer by"))
    called_back_at = models.DateTimeField(_("called back at"), null=True)
    measure = models.CharField(_("measure"), max_length=10, choices=Measure, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)

    class Meta:
        verbose_name = _("rectification order")
        verbose_name_plural = _("rectification orders")
        indexes = [
            models.Index(fields=["department", "state", "due_at"]),
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False),
                         name="rectifications_running"),
            models.Index(fields=["-closed_at"], condition=models.Q(state="closed"),
                         name="rectifications_published"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.evaluation_id)


class RectificationEvent(HistoryLine):
    """One line of an order's trace. `is_public` lines are what the person follows. Append-only."""

    order = models.ForeignKey(Rectification, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    is_public = models.BooleanField(default=True)

    class Meta(HistoryLine.Meta):
        ordering = ["order", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["order", "seq"], name="one_trace_line_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.seq} {self.kind}"


class Appeal(TwoPeople):
    """The rated organ says that a rating is mistaken or malicious; a second person decides."""

    class State(models.TextChoices):
        ASKED = "asked", _("Under review")
        APPROVED = "approved", _("Excluded")
        REFUSED = "refused", _("Kept")

    order = models.OneToOneField(Rectification, on_delete=models.PROTECT, related_name="appeal")
    ground = models.TextField(_("why it is mistaken"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("appeal against a rating")
        verbose_name_plural = _("appeals against ratings")
        constraints = [takes_two_people("an_appeal_takes_two_people")]

    def __str__(self) -> str:
        return str(self.order_id)


declare(Visit, default="internal")
declare(
    Evaluation,
    default="internal",
    text="personal",
    addition="personal",
    later_text="personal",
    rater="personal",
    contact="personal",
)
declare(Rectification, default="internal", answer="personal")
declare(RectificationEvent, default="internal", note="personal")
declare(Appeal, default="internal", ground="personal", reason="personal")
for model in (Evaluation, Rectification, RectificationEvent, Appeal):
    declare_correction(model, "rating")
