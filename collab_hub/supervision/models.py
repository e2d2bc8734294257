import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.chained import ChainedLine
from platform_core.common.two_people import TwoPeople, takes_two_people
from security.privacy import declare, declare_correction

USER = settings.AUTH_USER_MODEL
ORGAN = "security.Department"


def _organ(words, related_name="+", **options) -> models.ForeignKey:
    return models.ForeignKey(
        ORGAN, on_delete=models.PROTECT, related_name=related_name, verbose_name=words, **options
    )


def _person() -> models.ForeignKey:
    return models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")


class Supervision(models.Model):
    """A supervised matter (督办事项): what an organ has to do by when, and what became of it.

    `owner` supervises, `lead` answers for it, the organs of `assistances` help. `source`,
    `object_type`, `object_id` and `source_url` say out of what it grew, when it was not entered by
    hand. `warn_at` is when the light turns yellow; `review_due_at` belongs to an objection.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("supervision", "Proposed")
        DROPPED = "dropped", pgettext_lazy("supervision", "Not opened")
        ISSUED = "issued", pgettext_lazy("supervision", "To be signed for")
        DOING = "doing", pgettext_lazy("supervision", "Being done")
        REPORTED = "reported", pgettext_lazy("supervision", "Reported, to be checked")
        CLOSED = "closed", pgettext_lazy("supervision", "Concluded")
        OBJECTED = "objected", pgettext_lazy("supervision", "Objection under review")
        ARCHIVED = "archived", pgettext_lazy("supervision", "Archived")

    class Kind(models.TextChoices):
        DECISION = "decision", _("Decision or deployment")
        MEETING = "meeting", _("Agreed at a meeting")
        INSTRUCTION = "instruction", _("Leader's instruction")
        PROPOSAL = "proposal", _("Proposal of deputies or members")
        PUBLIC = "public", _("Report of the public")
        RATING = "rating", _("Bad review")

    class Verdict(models.TextChoices):
        DONE = "done", _("Done in full")
        PARTLY = "partly", _("Done in part")
        NOT_DONE = "not_done", pgettext_lazy("supervision", "Not done")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True, null=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.JSONField(_("title"))
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    requirement = models.TextField(_("requirement"))
    owner = _organ(_("supervising organ"))
    lead = _organ(_("lead organ"))
    source = models.CharField(max_length=40, blank=True)
    object_type = models.CharField(max_length=80, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    source_url = models.CharField(max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    round = models.PositiveSmallIntegerField(default=1)
    proposed_by = _person()
    proposed_at = models.DateTimeField(_("proposed at"))
    opened_by = _person()
    opened_at = models.DateTimeField(_("opened at"), null=True)
    signed_at = models.DateTimeField(_("signed for at"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    warn_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(_("reported at"), null=True)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict, blank=True)
    verdict_text = models.TextField(blank=True)
    verdict_by = _person()
    verdict_at = models.DateTimeField(_("verdict told at"), null=True)
    is_content = models.BooleanField(default=False)
    has_objected = models.BooleanField(default=False)
    review_due_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(_("archived at"), null=True)

    class Meta:
        verbose_name = _("supervised matter")
        verbose_name_plural = _("supervised matters")
        indexes = [
            models.Index(fields=["owner", "state", "due_at"], name="supervised_by_owner"),
            models.Index(fields=["lead", "state", "due_at"], name="supervised_by_lead"),
            models.Index(fields=["owner", "due_at", "-proposed_at", "id"],
                         name="supervised_owner_due"),
            models.Index(fields=["due_at", "-proposed_at", "id"], name="supervised_by_day"),
            models.Index(fields=["verdict_at"], condition=models.Q(state="closed"),
                         name="supervised_to_archive"),
        ]  # fmt: skip
        constraints = [
            # The same thing is not supervised twice at once.
            models.UniqueConstraint(
                fields=["source", "object_type", "object_id"],
                condition=~models.Q(source="")
                & models.Q(state__in=["proposed", "issued", "doing", "reported"]),
                name="one_open_supervision_per_object",
            ),
            models.CheckConstraint(
                condition=models.Q(opened_by=None)
                | models.Q(proposed_by=None)
                | ~models.Q(opened_by=models.F("proposed_by")),
                name="a_supervision_takes_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["proposed", "dropped"])
                | models.Q(number__isnull=False, due_at__isnull=False),
                name="an_open_supervision_has_number_and_day",
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.pk)

    @property
    def audit_label(self) -> str:
        return self.number or self.title["zh"]


class Assistance(models.Model):
    """An organ that helps the lead organ, and when it signed for it."""

    item = models.ForeignKey(Supervision, on_delete=models.PROTECT, related_name="assistances")
    organ = _organ(_("assisting organ"))
    signed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "organ"], name="an_organ_assists_once")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.organ_id}"


class SupervisionLine(ChainedLine):
    """One line of an item's log. Append-only, each with the digest of the one before."""

    item = models.ForeignKey(Supervision, on_delete=models.PROTECT, related_name="lines")

    class Meta(ChainedLine.Meta):
        ordering = ["item", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["item", "seq"], name="one_supervision_line_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.seq} {self.kind}"


class Extension(TwoPeople):
    """More time, asked for by the lead organ before the day, decided by the supervising organ."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("extension", "Asked for")
        APPROVED = "approved", pgettext_lazy("extension", "Granted")
        REFUSED = "refused", pgettext_lazy("extension", "Refused")
        LAPSED = "lapsed", pgettext_lazy("extension", "No longer needed")

    item = models.ForeignKey(Supervision, on_delete=models.PROTECT, related_name="extensions")
    until = models.DateTimeField(_("until"))
    reason = models.TextField(_("reason"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            takes_two_people("a_supervision_extension_takes_two_people"),
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(state="asked"), name="one_open_extension_wish"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.state}"


class PublicSummary(TwoPeople):
    """What the public reads about a concluded item: written by one person, let out by another."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("summary", "To be checked")
        APPROVED = "approved", pgettext_lazy("summary", "Published")
        REFUSED = "refused", pgettext_lazy("summary", "Not published")

    item = models.ForeignKey(Supervision, on_delete=models.PROTECT, related_name="summaries")
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("summary"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            takes_two_people("a_public_summary_takes_two_people"),
            models.UniqueConstraint(
                fields=["item"],
                condition=models.Q(state__in=["asked", "approved"]),
                name="one_public_summary",
            ),
        ]
        indexes = [
            models.Index(fields=["-decided_at"], condition=models.Q(state="approved"),
                         name="summaries_published")
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.item_id} {self.state}"


class Evidence(models.Model):
    """Lines of another thing's history, taken over as proof of the work: nobody is asked to prove
    by photographs what the log says. `lines` are kept as they stood when they were chosen.
    """

    item = models.ForeignKey(Supervision, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    title = models.JSONField()
    lines = models.JSONField()
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "kind", "object_id"], name="one_evidence_per_object"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind} {self.object_id}"


declare(Supervision, default="internal", requirement="personal", verdict_text="personal")
declare(Assistance, default="internal")
declare(SupervisionLine, default="internal", note="personal", facts="personal")
declare(Extension, default="internal", reason="personal", answer="personal")
declare(PublicSummary, default="public", asked_by="internal", decided_by="internal",
        answer="internal")  # fmt: skip
declare(Evidence, default="internal", lines="personal")
declare_correction(Supervision, "decision")
declare_correction(SupervisionLine, "history")
declare_correction(Extension, "decision")
declare_correction(Evidence, "history")
