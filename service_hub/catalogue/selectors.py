"""Reads of the catalogue. What is in force is public; drafts and changes are for those who look
after the item.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone

from security.access import get_or_404, may, visible_to
from security.access.policies import is_admin
from security.organs.selectors import active_posts

from .elements import BASIC
from .models import (
    BasicItem,
    BasicVersion,
    Change,
    ImplementingItem,
    ImplementingVersion,
    Upload,
)
from .policies import bureau_regions, keeps_the_basic_catalogue
from .suspension import covering

VERSIONS = {"basic": BasicVersion, "implementing": ImplementingVersion}
ITEMS = {"basic": BasicItem, "implementing": ImplementingItem}
OPEN = ("draft", "proposed")
PUBLIC = ("published", "replaced")
RELATED = {"basic": ("current",), "implementing": ("current", "basic__current", "department")}


def looks_after_items(user) -> bool:
    """Whether `user` has to do with the catalogue at all."""
    return is_admin(user) or bool(active_posts(user))


def may_begin(user, kind: str) -> bool:
    """Whether `user` may add items of `kind`."""
    return keeps_the_basic_catalogue(user) if kind == BASIC else looks_after_items(user)


def items_found(
    user, kind: str, *, text: str = "", item_type: str = "", state: str = ""
) -> QuerySet:
    """The items of `kind` that `user` may see, by code; `text` is a part of the code or the name,
    `state` "open" (a draft or proposal), "suspended" or "new" (nothing published yet).
    """
    found = visible_to(user, "view", ITEMS[kind].objects.select_related(*RELATED[kind]))
    name = (
        "current__elements__task_name" if kind == BASIC else "basic__current__elements__task_name"
    )
    code = "code" if kind == BASIC else "basic__code"
    if text:
        wanted = Q(code__icontains=text) | Q(**{f"{name}__icontains": text})
        found = found.filter(wanted | Q(**{f"{name}_en__icontains": text}))
    if item_type:
        found = found.filter(**{f"{code}__regex": f"^..{item_type}"})
    opened = VERSIONS[kind].objects.filter(item=OuterRef("pk"), state__in=OPEN)
    found = found.annotate(has_open=Exists(opened))
    if state == "open":
        found = found.filter(has_open=True)
    elif state == "new":
        found = found.filter(current=None)
    elif state == "suspended" and kind != BASIC:
        found = found.filter(covering(timezone.localdate()), notice__isnull=False)
    return found.order_by("code")


def item_for(user, kind: str, code: str, verb: str = "view"):
    """The item when `user` may do `verb` on it, else Http404."""
    return get_or_404(user, verb, ITEMS[kind].objects.select_related(*RELATED[kind]), code=code)


def may_change(user, item) -> bool:
    return may(user, "change", item)


def versions_of(item, user) -> list:
    """Every version of `item`, newest first; drafts only for those who may change it."""
    found = item.versions.select_related("made_by", "change__asked_by", "change__decided_by")
    if not may_change(user, item):
        found = found.filter(state__in=PUBLIC)
    return list(found.order_by("-number"))


def open_version(item):
    """The draft or proposal of `item`, or None."""
    return item.versions.filter(state__in=OPEN).select_related("change", "made_by").first()


def changes_waiting(user) -> QuerySet[Change]:
    """The open changes that `user` may see, oldest first."""
    found = Change.objects.filter(state=Change.State.OPEN).select_related("asked_by")
    return visible_to(user, "view", found).order_by("asked_at")


def waiting_for(user) -> QuerySet[Change]:
    """The open changes on which `user` may decide: proposed and written by others."""
    mine = Q(asked_by=user) | Q(basic_versions__made_by=user)
    return changes_waiting(user).exclude(mine | Q(implementing_versions__made_by=user))


def change_for(user, change_id, verb: str = "view") -> Change:
    """The change when `user` may see it, else Http404."""
    related = Change.objects.select_related("asked_by", "decided_by")
    return get_or_404(user, verb, related, pk=change_id)


def upload_for(user, upload_id) -> Upload:
    """The file that `user` has sent and not yet dealt with, else Http404."""
    return get_or_404(user, "view", Upload.objects.all(), pk=upload_id)


def versions_in(change: Change, kind: str) -> QuerySet:
    """The versions of `kind` that a change contains, by code."""
    related = {
        "basic": ("item__current",),
        "implementing": ("item__current", "item__basic__current"),
    }
    found = VERSIONS[kind].objects.filter(change=change).select_related(*related[kind])
    return found.order_by("item__code")


def basic_item(code: str) -> BasicItem | None:
    """The published basic item with this code, or None."""
    found = BasicItem.objects.filter(code=code, current__isnull=False)
    return found.select_related("current").first()


def basic_items(codes) -> dict[str, BasicItem]:
    """The published basic items with these codes, by code; one query."""
    found = BasicItem.objects.filter(code__in=set(codes), current__isnull=False)
    return {item.code: item for item in found.select_related("current")}


def version_in_force(basic_code: str, department, on: date | None = None):
    """What `department` has published for a basic item and is in force on the day `on` (default:
    today), or None. A version counts from its first day on, until a newer one does.
    """
    if department is None:
        return None
    day = (on or timezone.localdate()).isoformat()
    found = ImplementingVersion.objects.filter(
        item__basic__code=basic_code, item__department=department, state__in=PUBLIC
    ).annotate(begins=KT("elements__plan_effective_date"))
    version = (
        found.filter(begins__lte=day)
        .select_related("item__basic__current", "item__department", "basic_version")
        .order_by("-number", "item__code")
        .first()
    )
    if version is None or _is_over(version, day):
        return None
    return version


def _is_over(version, day: str) -> bool:
    ends = version.elements["plan_cancel_date"]
    return bool(ends) and ends <= day


def may_implement(user, department) -> bool:
    """Whether `user` may add items of `department`."""
    if is_admin(user):
        return True
    own = any(post.department_id == department.pk for post in active_posts(user))
    return own or any(
        department.region.path.startswith(region.path) for region in bureau_regions(user)
    )
