import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.i18n import pick
from platform_core.common.work import urgency
from security.privacy import declare, declare_office


class SavedFilter(models.Model):
    """A view of the inbox that a person wants to keep: a box and a query string."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="inbox_filters"
    )
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=1200)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_filter_per_name")]

    def __str__(self) -> str:
        return self.name


class WorkItem(models.Model):
    """One thing besides a process task that waits for a person, or for the holders of a role.

    As with tasks, `pool_department` and `pool_groups` say whose matter it is, also while one person
    has it; without groups everybody in the department may do it. `holder` is for whom the item was
    opened: an object waits only once for each holder under one kind.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("task", "Open")
        DONE = "done", pgettext_lazy("task", "Done")
        CANCELLED = "cancelled", _("No longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    object_type = models.CharField(max_length=80)
    object_id = models.UUIDField()
    holder = models.CharField(max_length=200)
    napp = models.ForeignKey(
        "platform_core.NApp", on_delete=models.PROTECT, null=True, related_name="+"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="work"
    )
    # The index by department and closing stands in for one of its own.
    pool_department = models.ForeignKey(
        "security.Department",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    pool_groups = ArrayField(models.IntegerField(), default=list)
    title = models.JSONField()
    reason = models.JSONField(default=dict)
    number = models.CharField(max_length=64, blank=True)
    url_name = models.CharField(max_length=80)
    url_args = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    outcome = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField(_("since"))
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    urged_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("waiting item")
        verbose_name_plural = _("waiting items")
        constraints = [
            models.UniqueConstraint(
                fields=["object_id", "kind", "object_type", "holder"],
                name="waits_once_for_each_holder",
                condition=models.Q(state="open"),
            )
        ]
        indexes = [
            models.Index(
                "assignee", *urgency(), name="work_mine", condition=models.Q(state="open")
            ),
            models.Index(
                "pool_department",
                *urgency(),
                name="work_pool",
                condition=models.Q(state="open", assignee=None),
            ),
            models.Index(fields=["closed_by", "-closed_at"], name="work_closed_by"),
            models.Index(fields=["pool_department", "closed_at"], name="work_unit"),
        ]

    def __str__(self) -> str:
        return pick(self.title)

    @property
    def is_from_pool(self) -> bool:
        return self.holder.startswith("department ")

    @property
    def address(self) -> str:
        """The path of the page where the work is done; "" when that page is no more."""
        try:
            return reverse(self.url_name, args=self.url_args)
        except NoReverseMatch:
            return ""


class Snooze(models.Model):
    """A task or an item that one person does not want to see before `until`; others still see it.

    `what` is the id of either. A new hour takes the place of the old one.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    what = models.UUIDField()
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "what"], name="snoozed_once_by_each")
        ]
        indexes = [models.Index(fields=["user", "until"], name="snoozed_until")]

    def __str__(self) -> str:
        return f"{self.what} {self.until:%Y-%m-%d %H:%M}"


declare(SavedFilter, default="internal")
declare(Snooze, default="internal")
declare(WorkItem, default="internal", title="personal", reason="personal")
declare_office(WorkItem)
