import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.two_people import TwoPeople, takes_two_people
from security.privacy import declare

from .elements import AT_ONCE, WORKING_DAYS

UNCHANGED = pgtrigger.Q(old__state="draft")
CODE_OF_ITS_BASIC_ITEM = """
    IF right(NEW.code, 12) IS DISTINCT FROM
       (SELECT code FROM service_hub_basicitem WHERE id = NEW.basic_id) THEN
        RAISE EXCEPTION 'the code of an implementing item ends with that of its basic item'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
APPROVED_FIRST = """
    IF NOT EXISTS (SELECT 1 FROM service_hub_change WHERE id = NEW.change_id AND state = 'approved')
    THEN
        RAISE EXCEPTION 'a version is published by a second person'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class Change(TwoPeople):
    """What one person proposes and another publishes: one version, or all of an import."""

    class State(models.TextChoices):
        OPEN = "open", _("Waits for a second person")
        APPROVED = "approved", _("Published")
        REFUSED = "refused", pgettext_lazy("change", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("change", "Taken back")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    why = models.CharField(_("why"), max_length=400)
    reason = models.CharField(_("reason"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("change of items")
        verbose_name_plural = _("changes of items")
        constraints = [takes_two_people("change_of_items_takes_two")]
        indexes = [models.Index(fields=["state", "-asked_at"])]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class BasicItem(models.Model):
    """An entry of the basic catalogue (基本目录): what is the same wherever it is handled."""

    code = models.CharField(_("basic code"), max_length=12, unique=True)
    current = models.ForeignKey(
        "service_hub.BasicVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("basic item")
        verbose_name_plural = _("basic items")
        ordering = ["code"]
        triggers = [pgtrigger.ReadOnly(name="code_stays", fields=["code"])]

    def __str__(self) -> str:
        return self.code

    @property
    def item_type(self) -> str:
        return self.code[2:4]


class ImplementingItem(models.Model):
    """One organ's implementation of a basic item (实施清单).

    Name, basic code, basis and type are not among its columns: they are the basic item's, so
    nothing can change them here. `notice` is set while it is suspended.
    """

    code = models.CharField(_("implementing code"), max_length=31, unique=True)
    basic = models.ForeignKey(
        BasicItem,
        on_delete=models.PROTECT,
        related_name="implementing",
        verbose_name=_("basic item"),
    )
    department = models.ForeignKey(
        "security.Department",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("department"),
    )
    current = models.ForeignKey(
        "service_hub.ImplementingVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )
    notice = models.JSONField(_("notice while suspended"), null=True)
    suspended_from = models.DateField(_("suspended from"), null=True)
    suspended_until = models.DateField(_("suspended until"), null=True)

    class Meta:
        verbose_name = _("implementing item")
        verbose_name_plural = _("implementing items")
        ordering = ["code"]
        indexes = [models.Index(fields=["basic", "department"])]
        triggers = [
            pgtrigger.ReadOnly(name="organ_stays", fields=["code", "basic", "department"]),
            pgtrigger.Trigger(
                name="code_of_its_basic_item",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=CODE_OF_ITS_BASIC_ITEM,
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Version(models.Model):
    """What the two kinds of versions share. `elements` maps national names to texts."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("version", "Draft")
        PROPOSED = "proposed", _("Waits for a second person")
        PUBLISHED = "published", _("In force")
        REPLACED = "replaced", _("Replaced")
        REFUSED = "refused", pgettext_lazy("version", "Refused")

    number = models.PositiveIntegerField(_("version"))
    elements = models.JSONField(_("elements"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
    )
    made_at = models.DateTimeField(_("written at"), auto_now_add=True)
    published_at = models.DateTimeField(_("published at"), null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.item_id} {self.number}"


def _rules(name: str) -> list:
    open_ones = Q(state__in=["draft", "proposed"])
    return [
        models.UniqueConstraint(fields=["item", "number"], name=f"one_{name}_version_per_number"),
        models.UniqueConstraint(
            fields=["item"], condition=open_ones, name=f"one_open_{name}_version"
        ),
    ]


def _walls() -> list:
    return [
        pgtrigger.Protect(
            name="content_stays",
            operation=pgtrigger.UpdateOf("item_id", "number", "elements", "made_by_id"),
            condition=~UNCHANGED,
        ),
        pgtrigger.Protect(name="history_stays", operation=pgtrigger.Delete, condition=~UNCHANGED),
        pgtrigger.Trigger(
            name="approved_first",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            condition=pgtrigger.Q(new__state="published"),
            func=APPROVED_FIRST,
        ),
    ]


class BasicVersion(Version):
    """A version of a basic item."""

    item = models.ForeignKey(BasicItem, on_delete=models.PROTECT, related_name="versions")
    change = models.ForeignKey(
        Change, on_delete=models.PROTECT, null=True, related_name="basic_versions"
    )

    class Meta:
        verbose_name = _("version of a basic item")
        verbose_name_plural = _("versions of basic items")
        constraints = _rules("basic")
        triggers = _walls()


class ImplementingVersion(Version):
    """A version of an implementing item. `basic_version` is what it inherited when published."""

    item = models.ForeignKey(ImplementingItem, on_delete=models.PROTECT, related_name="versions")
    change = models.ForeignKey(
        Change, on_delete=models.PROTECT, null=True, related_name="implementing_versions"
    )
    basic_version = models.ForeignKey(
        BasicVersion, on_delete=models.PROTECT, null=True, related_name="+"
    )
    legal_days = models.GeneratedField(
        expression=Cast(KT("elements__anticipate_day"), models.PositiveSmallIntegerField()),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    promise_days = models.GeneratedField(
        expression=Cast(KT("elements__promise_day"), models.PositiveSmallIntegerField()),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("version of an implementing item")
        verbose_name_plural = _("versions of implementing items")
        constraints = [
            *_rules("implementing"),
            models.CheckConstraint(
                condition=Q(promise_days__isnull=False)
                & Q(legal_days__isnull=False)
                & Q(promise_days__lte=F("legal_days")),
                name="implementing_promise_within_the_law",
            ),
            models.CheckConstraint(
                condition=~Q(
                    elements__has_any_keys=["catalog_code", "task_name", "by_law", "task_type"]
                ),
                name="the_four_are_inherited",
            ),
        ]
        triggers = _walls()

    @property
    def is_same_day(self) -> bool:
        """Handled at once (即办件)."""
        return self.elements["project_type"] == AT_ONCE

    @property
    def counts_calendar_days(self) -> bool:
        return self.elements["day_type"] != WORKING_DAYS


class Upload(models.Model):
    """A file of items that somebody looks at before it becomes a change; deleted after a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    name = models.CharField(_("name"), max_length=200)
    content = models.BinaryField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("uploaded file of items")
        verbose_name_plural = _("uploaded files of items")

    def __str__(self) -> str:
        return self.name


declare(Upload, default="internal")
declare(Change, default="internal")
declare(BasicItem, default="public")
declare(ImplementingItem, default="public")
declare(BasicVersion, default="public", made_by="internal", change="internal")
declare(ImplementingVersion, default="public", made_by="internal", change="internal")
