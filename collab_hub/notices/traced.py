"""How the history of a notice is read (see platform_core/common/trace.py): what its senders did.
Who got it stands on its roll.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.common.trace import (
    MOST_FOUND,
    Ref,
    Traceable,
    one_of,
    readable,
    register_deeds,
    register_traceable,
)

from .models import Notice

NOTICE = "collab_hub.notice"


def open_to(user) -> QuerySet[Notice]:
    """Notices whose history `user` may read: those they keep; auditors all."""
    found = Notice.objects.select_related("department")
    return readable(user, "manage", found)


def find(user, text: str) -> list[Ref]:
    found = open_to(user).order_by("-made_at")
    if text:
        found = found.filter(title__zh__icontains=text) | found.filter(title__en__icontains=text)
    return [name(one) for one in found[:MOST_FOUND]]


def name(notice: Notice) -> Ref:
    url = reverse("notices:notice", args=[notice.pk])
    return Ref(str(notice.pk), notice.title, url=url)


register_traceable(
    Traceable(
        "notice", _("Notice"), "megaphone", (NOTICE,), find=find,
        load=lambda user, object_id: one_of(open_to(user), object_id),
        name=name,
    )
)  # fmt: skip
register_deeds({
    "notice.save": _("Notice drafted or changed"),
    "notice.ask": _("A second person asked to let a notice out"),
    "notice.decide": _("Decided on letting a notice out"),
    "notice.withdraw": _("Notice taken back before it was sent"),
    "notice.drop": _("Draft of a notice deleted"),
    "notice.send": _("Notice sent"),
    "notice.urge": _("Those who had not read a notice urged"),
    "notice.successor": _("Successor added to a notice"),
    "notice.export": _("List of recipients taken out as a file"),
    "notice.recalled": _("Notice recalled"),
    "notice.closed": _("Notice closed"),
    "notice_group.save": _("Saved group of recipients changed"),
    "notice_group.drop": _("Saved group of recipients deleted"),
    "meeting.change": _("Meeting changed"),
    "meeting.attendance": _("Attendance at a meeting noted by hand"),
    "minutes.save": _("Minutes changed"),
    "minutes.publish": _("Minutes published"),
})  # fmt: skip
