"""Standing duties: groups that every department knows, so an N-app may count on them."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

DUTIES = {"clerk": _("Clerk"), "reviewer": _("Reviewer"), "head": _("Head")}
PREFIX = "duty:"


def duty_name(duty: str) -> str:
    """What the group of a standing duty is called."""
    return f"{PREFIX}{duty}"


def standing_group(duty: str) -> Group:
    """The group that posts of every department may carry for the duty; made on first use."""
    group, _is_new = Group.objects.get_or_create(name=duty_name(duty))
    return group


def duty_ids(duties) -> dict[str, int]:
    """{duty: id of its group}, for reads: a duty that nobody ever gave has none. One query."""
    names = {duty_name(one): one for one in duties}
    found = Group.objects.filter(name__in=names).values_list("name", "pk")
    return {names[name]: pk for name, pk in found}


def forget_posts(user) -> None:
    """Drop what `selectors.active_posts` and `group_ids` keep on this user object."""
    for name in ("_active_posts", "_group_ids"):
        user.__dict__.pop(name, None)
