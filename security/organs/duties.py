"""Standing duties: groups that every department knows, so an N-app may count on them."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

DUTIES = {"clerk": _("Clerk"), "reviewer": _("Reviewer"), "head": _("Head")}
PREFIX = "duty:"


def standing_group(duty: str) -> Group:
    """The group "duty:<duty>" that posts of every department may carry; made on first use."""
    group, _is_new = Group.objects.get_or_create(name=f"{PREFIX}{duty}")
    return group


def forget_posts(user) -> None:
    """Drop what `selectors.active_posts` and `group_ids` keep on this user object."""
    for name in ("_active_posts", "_group_ids"):
        user.__dict__.pop(name, None)
