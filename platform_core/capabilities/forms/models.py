import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from security.crypto.fields import SealedTextField
from security.privacy import declare, declare_correction


class FormData(models.Model):
    """Answers to one form of one manifest version; sensitive answers are sealed inside `data`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    napp_version = models.ForeignKey(
        "platform_core.NAppVersion", on_delete=models.PROTECT, related_name="+"
    )
    form_key = models.CharField(_("form"), max_length=40)
    data = models.JSONField(_("answers"), default=dict)
    firm = models.ForeignKey("security.Firm", on_delete=models.PROTECT, null=True, related_name="+")
    # Under which mandate somebody filled it in for another person.
    mandate = models.ForeignKey(
        "security.PersonMandate", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Which answers came from where; a record names only those that were sent as they came.
    sources = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Draft(FormData):
    """What a person has typed so far, right or wrong, as it was typed.

    `owner_key` is the hash of the cookie of somebody not signed in.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="drafts"
    )
    owner_key = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(max_length=120, blank=True)
    page = models.CharField(max_length=40, blank=True)
    # Set while a submitted record is corrected: only these fields are open then.
    record = models.ForeignKey("Record", on_delete=models.CASCADE, null=True, related_name="drafts")
    only_fields = models.JSONField(default=list)
    # How often it was saved, which saving wrote each answer, and answers that wait for a choice.
    filled = models.JSONField(default=dict)
    saves = models.PositiveIntegerField(default=0)
    stamps = models.JSONField(default=dict)
    rivals = models.JSONField(default=dict)
    submitted_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        indexes = [
            models.Index(fields=["user", "-updated_at"]),
            models.Index(
                fields=["owner_key"], condition=~models.Q(owner_key=""), name="draft_owner_key"
            ),
            models.Index(fields=["expires_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.form_key} {self.id}"


class Record(FormData):
    """A submitted form."""

    napp = models.ForeignKey("platform_core.NApp", on_delete=models.PROTECT, related_name="records")
    blind = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    region = models.ForeignKey(
        "security.Region", on_delete=models.PROTECT, null=True, related_name="+"
    )
    department = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    # {part: {"user", "at", "fields"}} of what invited people filled in.
    parts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        indexes = [
            models.Index(fields=["napp", "form_key", "-created_at"]),
            GinIndex(fields=["blind"], name="record_blind", opclasses=["jsonb_path_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.form_key} {self.id}"


class RecordRevision(models.Model):
    """The answers as they were before a correction."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="revisions")
    version = models.PositiveIntegerField()
    data = models.JSONField()
    changed = models.JSONField(default=list)
    reason = SealedTextField(_("why"), blank=True, default="")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "version"], name="one_revision_per_version")
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.record_id} v{self.version}"


class Invitation(models.Model):
    """A second person asked to fill in a part of a draft, and what became of it.

    It is bound to whoever has the number that was given, or else the code; from the first opening
    to that account alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="invitations")
    part = models.CharField(_("part"), max_length=60)
    name = SealedTextField(_("name"))
    number_index = models.CharField(max_length=64, blank=True)
    code_digest = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    invitee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "part"],
                condition=models.Q(revoked_at=None),
                name="one_invitation_per_part",
            )
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.part}"


class ContestedValue(models.Model):
    """A value of a source that the person says is wrong; `given` is what the source said."""

    draft = models.ForeignKey(
        Draft, on_delete=models.CASCADE, null=True, related_name="contested_values"
    )
    record = models.ForeignKey(
        Record, on_delete=models.CASCADE, null=True, related_name="contested_values"
    )
    field = models.CharField(_("field"), max_length=60)
    source = models.JSONField(_("source"), default=dict)
    given = SealedTextField(_("value of the source"), blank=True, default="")
    reason = SealedTextField(_("what is wrong"), blank=True, default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("contested value")
        verbose_name_plural = _("contested values")
        constraints = [
            models.UniqueConstraint(fields=["draft", "field"], name="one_contest_per_field")
        ]

    def __str__(self) -> str:
        return f"{self.record_id or self.draft_id} {self.field}"


class EarlierAnswers(models.Model):
    """Whether a person lets their earlier answers fill in new forms."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    is_allowed = models.BooleanField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.is_allowed}"


class ForgottenAnswer(models.Model):
    """An answer that fills in no new form any more: those given before `at` are not used. The
    records that hold it stay as they were sent.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="forgotten_answers"
    )
    firm = models.ForeignKey("security.Firm", on_delete=models.CASCADE, null=True, related_name="+")
    napp = models.ForeignKey("platform_core.NApp", on_delete=models.CASCADE, related_name="+")
    form_key = models.CharField(max_length=40)
    field = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "firm", "napp", "form_key", "field"],
                name="one_forgetting_per_answer",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.form_key}.{self.field}"


declare(Draft, default="internal", data="sensitive", rivals="sensitive", filled="sensitive")
declare(
    Invitation,
    default="internal",
    name="personal",
    number_index="sensitive",
    code_digest="sensitive",
)
declare(ContestedValue, default="internal", given="sensitive", reason="sensitive")
declare(EarlierAnswers, default="internal")
declare(ForgottenAnswer, default="internal")
declare(Record, default="internal", data="sensitive", blind="sensitive")
declare(RecordRevision, default="internal", data="sensitive", reason="personal")
declare_correction(Draft, "yourself")
declare_correction(Invitation, "yourself")
declare_correction(ContestedValue, "sent")
declare_correction(Record, "change", blind="computed")
declare_correction(RecordRevision, "history")
