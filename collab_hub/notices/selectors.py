"""Reads of notices for those who get and those who send them."""

from __future__ import annotations

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.files.selectors import files_of
from platform_core.common.paging import counted
from security.access import get_or_404, visible_to

from .models import ActionItem, Meeting, Notice, Recipient, Release, SavedAudience
from .policies import FILES, OUT, receivers_for

Got = Recipient.State


def received(user, view: str = "") -> QuerySet[Recipient]:
    """The rows of a person on the rolls of notices that went out, newest first. `view` is "unread",
    "confirm" (still to be confirmed), "meetings" or "".
    """
    rows = Recipient.objects.filter(user=user, notice__state__in=OUT)
    rows = rows.select_related("notice__department", "notice__meeting").order_by("-id")
    under_way = Q(notice__state=Notice.State.SENT)
    if view == "unread":
        return rows.filter(under_way, state__in=Recipient.UNREAD, read_at=None)
    if view == "confirm":
        return rows.filter(under_way, notice__needs_confirming=True).exclude(state=Got.CONFIRMED)
    if view == "meetings":
        return rows.exclude(notice__meeting=None)
    return rows


def unread_count(user) -> int:
    """How many notices wait to be read; `paging.COUNTED` stands for more."""
    return counted(received(user, "unread")) if user.is_authenticated else 0


def _counted(states) -> Coalesce:
    rows = Recipient.objects.filter(notice=OuterRef("pk"), state__in=states)
    rows = rows.order_by().values("notice").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(rows), 0, output_field=IntegerField())


def sent_by(user) -> QuerySet[Notice]:
    """The notices that a person keeps, newest first, with `read` and `confirmed` counted."""
    found = visible_to(user, "manage", Notice.objects.all())
    found = found.select_related("sender", "department", "meeting")
    found = found.annotate(
        read=_counted([Got.READ, Got.CONFIRMED]), confirmed=_counted([Got.CONFIRMED])
    )
    return found.order_by("-made_at", "-pk")


def notice_for(user, notice_id, verb: str = "read") -> Notice:
    """The notice on which the person may do `verb`; Http404 for any other."""
    return get_or_404(user, verb, with_rooms(), pk=notice_id)


def to_check(user, notice_id) -> Notice:
    """A draft for its sender, or what waits for the second person, for both of them."""
    for verb in ("release", "manage"):
        try:
            return notice_for(user, notice_id, verb)
        except Http404:
            continue
    raise Http404


def notice_of_item(item) -> Notice:
    """The notice that an item of the inbox is about."""
    return Notice.objects.select_related("department").get(pk=item.object_id)


def rows_for(user, notice: Notice) -> list[Recipient]:
    """The person's own row first, then those of whom they stand in for today."""
    rows = Recipient.objects.filter(notice=notice, user__in=receivers_for(user))
    rows = rows.select_related("user", "confirmed_by")
    return sorted(rows, key=lambda row: (row.user_id != user.pk, row.pk))


def meeting_of(notice: Notice) -> Meeting | None:
    """The meeting of a notice, without a query when it was read with it."""
    return getattr(notice, "meeting", None)


def with_rooms() -> QuerySet[Notice]:
    """Notices with the meetings they call, their rooms and bookings."""
    return Notice.objects.select_related(
        "sender", "department", "meeting__room__department", "meeting__booking"
    )


def items_of(notice: Notice) -> list[ActionItem]:
    """What the minutes ask of whom."""
    found = ActionItem.objects.filter(meeting=notice.pk).select_related("lead")
    return list(found.prefetch_related("assisting"))


def attachments(notice: Notice) -> QuerySet[StoredFile]:
    """The files of a notice, for whoever reads it."""
    return files_of(FILES, notice.pk)


def last_release(notice: Notice) -> Release | None:
    """The newest wish to send it to many people."""
    found = Release.objects.filter(notice=notice).select_related("asked_by", "decided_by")
    return found.order_by("-pk").first()


def groups_for(user) -> QuerySet[SavedAudience]:
    """The saved groups that a person may use."""
    found = visible_to(user, "view", SavedAudience.objects.all())
    return found.select_related("department", "made_by")


def group_for(user, group_id) -> SavedAudience:
    return get_or_404(user, "view", SavedAudience.objects.all(), pk=group_id)
