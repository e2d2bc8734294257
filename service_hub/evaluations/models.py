from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from security.privacy import declare


class Evaluation(models.Model):
    """One rating of one service event of a case (好差评); a later addition never changes the
    original.
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
        related_name="evaluations",
        verbose_name=_("case"),
    )
    service_no = models.PositiveSmallIntegerField(default=1)
    channel = models.CharField(_("channel"), max_length=20, default="web")
    grade = models.PositiveSmallIntegerField(_("grade"), choices=Grade)
    options = ArrayField(models.CharField(max_length=40), default=list)
    text = models.TextField(_("in words"), blank=True)
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    rated_at = models.DateTimeField(_("rated at"))
    addition = models.TextField(blank=True)
    added_at = models.DateTimeField(_("added to at"), null=True)

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
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.grade}"

    @property
    def is_bad(self) -> bool:
        return self.grade <= self.Grade.BAD


class FollowUp(models.Model):
    """What a bad rating sets going: call back, answer, and closing by somebody who was not rated.

    `officer` is who was rated: that person may neither answer nor close it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To be called back")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

    evaluation = models.OneToOneField(
        Evaluation, on_delete=models.PROTECT, related_name="follow_up"
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
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    call_back_due_at = models.DateTimeField(_("call back by"))
    answer_due_at = models.DateTimeField(_("answer by"))
    called_back_at = models.DateTimeField(_("called back at"), null=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("closed by"),
    )

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        indexes = [models.Index(fields=["department", "state", "answer_due_at"])]

    def __str__(self) -> str:
        return str(self.evaluation_id)


declare(Evaluation, default="internal", text="personal", addition="personal", rater="personal")
declare(FollowUp, default="internal", answer="personal")
