import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.i18n import pick
from platform_core.common.organs import organ_words
from platform_core.common.two_people import TwoPeople, takes_two_people
from security.privacy import declare, declare_correction, declare_office

from .kinds import KINDS


def _person(name="", **more):
    words = {"verbose_name": name} if name else {}
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **words, **more
    )


def _organ(name="", **more):
    words = {"verbose_name": name} if name else {}
    return models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, related_name="+", **words, **more
    )


class OrganWord(models.Model):
    """The word (代字) under which an organ numbers its papers; one organ's only."""

    department = _organ(_("department"))
    word = models.CharField(_("word"), max_length=12, unique=True)

    class Meta:
        verbose_name = _("word of an organ")
        verbose_name_plural = _("words of organs")
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word


class Paper(models.Model):
    """An official document: one that an organ of the house writes, or one from outside that an
    organ registered (`sender` is then the issuing organ's name).

    What it says stands in its revisions; `head` is the number of the newest, and the version that
    a save names. Title, secrecy and urgency are the head's, kept here for lists and rights.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("paper", "Draft")
        REVIEW = "review", pgettext_lazy("paper", "Being checked")
        COUNTERSIGN = "countersign", pgettext_lazy("paper", "Being countersigned")
        SIGN = "sign", pgettext_lazy("paper", "To be signed")
        NUMBERED = "numbered", pgettext_lazy("paper", "Signed and numbered")
        SEALED = "sealed", pgettext_lazy("paper", "Sealed")
        SENT = "sent", pgettext_lazy("paper", "Sent")
        FILED = "filed", pgettext_lazy("paper", "Filed")
        DISCARDED = "discarded", pgettext_lazy("paper", "Discarded")
        OUTSIDE = "outside", pgettext_lazy("paper", "From outside")

    class Secrecy(models.TextChoices):
        NONE = "", pgettext_lazy("secrecy", "None")
        SECRET = "secret", pgettext_lazy("secrecy", "Secret")
        CONFIDENTIAL = "confidential", pgettext_lazy("secrecy", "Confidential")
        TOP = "top", pgettext_lazy("secrecy", "Top secret")

    class Urgency(models.TextChoices):
        NONE = "", pgettext_lazy("urgency", "Usual")
        URGENT = "urgent", pgettext_lazy("urgency", "Urgent")
        FLASH = "flash", pgettext_lazy("urgency", "Extra urgent")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(
        _("kind"), max_length=14, choices=[(one.key, one.title["en"]) for one in KINDS.values()]
    )
    department = _organ(_("department"))
    drafter = _person(_("drafted by"))
    sender = models.CharField(_("issued by"), max_length=120, blank=True)
    word = models.CharField(_("word"), max_length=12, blank=True)
    number = models.CharField(_("number"), max_length=40, null=True, unique=True)
    outside_number = models.CharField(_("number"), max_length=60, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    title = models.CharField(_("title"), max_length=200, blank=True)
    secrecy = models.CharField(_("secrecy"), max_length=14, choices=Secrecy, blank=True)
    urgency = models.CharField(_("urgency"), max_length=8, choices=Urgency, blank=True)
    head = models.PositiveIntegerField(default=0)
    signed_by = _person(_("signed by"), null=True)
    signed_at = models.DateTimeField(_("signed at"), null=True)
    sealed_at = models.DateTimeField(_("sealed at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    filed_at = models.DateTimeField(_("filed at"), null=True)
    pdf = models.OneToOneField(
        "platform_core.StoredFile", on_delete=models.PROTECT, null=True, related_name="+"
    )
    plain = models.TextField(blank=True)
    grams = ArrayField(models.CharField(max_length=24), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("official document")
        verbose_name_plural = _("official documents")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["numbered", "sealed", "sent", "filed"])
                | models.Q(number__isnull=False),
                name="signed_paper_has_its_number",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "-changed_at"]),
            GinIndex(fields=["grams"], name="paper_grams"),
        ]
        triggers = [pgtrigger.Protect(name="paper_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.shown_number or str(self.pk)

    @property
    def shown_number(self) -> str:
        return self.number or self.outside_number

    @property
    def kind_name(self) -> str:
        return pick(KINDS[self.kind].title)

    @property
    def issuer(self) -> str:
        """Who issued it, in the reader's language."""
        if self.sender:
            return self.sender
        return organ_words(self.department)


class Revision(models.Model):
    """What a paper said at one time; never changed. A side revision is what somebody wrote on top
    of an older one while a colleague saved: kept, but never the paper's text.
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    is_side = models.BooleanField(default=False)
    author = _person(_("author"))
    content = models.JSONField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["paper", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "number"],
                condition=models.Q(is_side=False),
                name="one_revision_of_a_number",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="revision_fixed", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.number}"


class Attachment(models.Model):
    """A file that goes with a paper. Which ones, and in which order, a revision says by their ids.

    `pages` is how many pages it has when they can be joined to the paper's own: 0 for a file that
    is only listed, None while nobody has looked. Of a paper from outside `is_scan` is the paper
    itself, `replaces` the file in whose place it was put, and `reason` why it came afterwards.
    `redacts` makes it the version of another one that everybody may read: no revision names it.
    """

    file = models.OneToOneField(
        "platform_core.StoredFile", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="files")
    title = models.CharField(_("title"), max_length=200)
    pages = models.PositiveSmallIntegerField(null=True)
    is_scan = models.BooleanField(default=False)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    redacts = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="redactions"
    )
    reason = models.TextField(_("reason"), blank=True)
    added_by = _person(_("added by"))
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("attachment of a document")
        verbose_name_plural = _("attachments of documents")
        triggers = [pgtrigger.Protect(name="attachment_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.title


class Receipt(models.Model):
    """A paper in the hands of an organ it was sent to: signed in, handled, answered, filed."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("receipt", "To be signed in")
        SIGNED = "signed", pgettext_lazy("receipt", "Signed in")
        REGISTERED = "registered", pgettext_lazy("receipt", "Registered")
        PROPOSED = "proposed", pgettext_lazy("receipt", "To be instructed")
        HANDLING = "handling", pgettext_lazy("receipt", "Being handled")
        ANSWERED = "answered", pgettext_lazy("receipt", "Answered")
        FILED = "filed", pgettext_lazy("receipt", "Filed")
        SENT_BACK = "sent_back", pgettext_lazy("receipt", "Sent back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="receipts")
    organ = _organ(_("department"))
    is_copy = models.BooleanField(_("for information"), default=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    number = models.CharField(_("number of receipt"), max_length=20, blank=True)
    sent_at = models.DateTimeField(_("sent at"))
    sign_by = models.DateTimeField(_("sign in by"), null=True)
    signed_by = _person(_("signed in by"), null=True)
    signed_at = models.DateTimeField(_("signed in at"), null=True)
    officer = _person(_("handled by"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    warn_at = models.DateTimeField(null=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    filed_at = models.DateTimeField(_("filed at"), null=True)
    urged_at = models.DateTimeField(_("urged at"), null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("receipt of a document")
        verbose_name_plural = _("receipts of documents")
        constraints = [
            models.UniqueConstraint(fields=["paper", "organ"], name="received_once_by_an_organ")
        ]
        indexes = [
            models.Index(fields=["organ", "state", "-sent_at"]),
            models.Index(
                "organ", Coalesce("due_at", "sign_by"), models.F("sent_at").desc(), "id",
                name="receipts_by_day",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.paper_id} {self.organ_id}"


class Step(models.Model):
    """What somebody, or an organ, is asked to say or do about a paper."""

    class Kind(models.TextChoices):
        REVIEW = "review", pgettext_lazy("step", "Check")
        COUNTERSIGN = "countersign", pgettext_lazy("step", "Countersign")
        SIGN = "sign", pgettext_lazy("step", "Sign off")
        INSTRUCT = "instruct", pgettext_lazy("step", "Instruct")
        HANDLE = "handle", pgettext_lazy("step", "Handle")
        CIRCULATE = "circulate", pgettext_lazy("step", "Read")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("step", "Open")
        AGREED = "agreed", pgettext_lazy("step", "Agreed")
        RETURNED = "returned", pgettext_lazy("step", "Returned")
        DONE = "done", pgettext_lazy("step", "Done")
        CANCELLED = "cancelled", pgettext_lazy("step", "No longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="steps")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    person = _person(_("person"), null=True)
    organ = _organ(_("department"), null=True)
    opinion = models.TextField(_("opinion"), blank=True)
    revision = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(_("read at"), null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = _person(null=True)
    urged_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("step of a document")
        verbose_name_plural = _("steps of documents")
        ordering = ["opened_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) | models.Q(organ__isnull=False),
                name="paper_step_waits_for_somebody",
            ),
            models.UniqueConstraint(
                fields=["paper", "receipt", "kind", "person", "organ"],
                condition=models.Q(state="open"),
                nulls_distinct=False,
                name="paper_step_open_once",
            ),
        ]
        indexes = [models.Index(fields=["person", "-opened_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.paper_id}"


class Trace(models.Model):
    """One line of what happened to a paper, or to it at one organ. Append-only."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="traces")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True, related_name="traces")
    act = models.CharField(max_length=20)
    actor = _person(null=True)
    organ = _organ(null=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("trace of a document")
        verbose_name_plural = _("traces of documents")
        ordering = ["at", "pk"]
        triggers = [
            pgtrigger.Protect(name="trace_fixed", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.act}"


class Publication(TwoPeople):
    """A paper made public without personal data: proposed by one, read through by another.

    Only the redacted content stands here, so that nothing public is made from the original.
    """

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("publication", "Waits for a second person")
        APPROVED = "approved", pgettext_lazy("publication", "Published")
        REFUSED = "refused", pgettext_lazy("publication", "Refused")

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="publications")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    content = models.JSONField()
    hidden = models.PositiveIntegerField(_("places hidden"), default=0)
    note = models.TextField(_("what the second person says"), blank=True)
    title = models.CharField(_("title"), max_length=200)
    plain = models.TextField(blank=True)

    class Meta:
        verbose_name = _("publication of a document")
        verbose_name_plural = _("publications of documents")
        constraints = [
            takes_two_people("paper_publication_takes_two"),
            models.UniqueConstraint(
                fields=["paper"],
                condition=~models.Q(state="refused"),
                name="one_publication_of_a_paper",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-decided_at"],
                condition=models.Q(state="approved"),
                name="papers_published",
            )
        ]

    def __str__(self) -> str:
        return str(self.paper_id)


declare(OrganWord, default="public")
declare(Paper, default="internal", title="personal", plain="personal", grams="personal")
declare(Revision, default="internal", content="personal")
declare(Attachment, default="internal", title="personal", reason="personal")
declare(Receipt, default="internal", answer="personal")
declare(Step, default="internal", opinion="personal")
declare(Trace, default="internal", note="personal")
declare(Publication, default="public", asked_by="internal", decided_by="internal", note="internal")
declare_correction(Paper, "decision")
declare_correction(Revision, "history")
declare_correction(Attachment, "decision")
declare_correction(Receipt, "decision")
declare_correction(Step, "decision")
declare_correction(Trace, "history")
declare_office(Paper)
declare_office(Attachment)
declare_office(Receipt)
declare_office(Revision)
declare_office(Trace)
