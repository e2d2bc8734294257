from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from security.privacy import declare

from .hours import validate_hours


class Region(models.Model):
    """An administrative division in force from `valid_from` until before `valid_to` (GB/T 2260).

    `code` has 6 digits down to the county, 9 for a town, 12 for a village; `path` is the chain of
    codes from the province, each followed by "/", so a subtree is a prefix.
    """

    class Level(models.IntegerChoices):
        PROVINCE = 1, _("Province")
        CITY = 2, pgettext_lazy("region level", "City")
        COUNTY = 3, _("County")
        TOWN = 4, _("Town or street")
        VILLAGE = 5, _("Village or community")

    code = models.CharField(_("code"), max_length=12)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=60, editable=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"], name="one_region_per_code_and_start"
            )
        ]
        indexes = [
            models.Index(fields=["path"], name="region_path", opclasses=["varchar_pattern_ops"])
        ]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """An organ. `kind` is its function in every region ("health", "economy", "market" …)."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.SlugField(_("function"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=160, blank=True)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="departments")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=200, editable=False)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    address_en = models.CharField(_("English address"), max_length=240, blank=True)
    hours = models.CharField(
        _("office hours"),
        max_length=100,
        blank=True,
        validators=[validate_hours],
        help_text=_("On working days, such as 9:00-12:00, 13:30-17:00."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code"]
        indexes = [
            models.Index(fields=["kind", "region"]),
            models.Index(
                fields=["path"], name="department_path", opclasses=["varchar_pattern_ops"]
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """Ties a civil servant to a department with the roles (groups) held in that post."""

    user = models.ForeignKey("security.User", on_delete=models.CASCADE, related_name="posts")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(_("job title"), max_length=60)
    title_en = models.CharField(_("English title"), max_length=80, blank=True)
    is_head = models.BooleanField(_("head of the department"), default=False)
    groups = models.ManyToManyField(
        Group, blank=True, related_name="posts", verbose_name=_("roles")
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "department", "title"], name="one_post_per_title_and_department"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.department_id}"

    @property
    def group_ids(self) -> list[int]:
        """Ids of the roles; no query when `groups` was prefetched or the ids read with the post."""
        held = getattr(self, "held_groups", None)
        return [group.pk for group in self.groups.all()] if held is None else held


declare(Region, default="public")
declare(Department, default="public")
declare(Post, default="internal")
