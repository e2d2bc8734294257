"""The roll of a sent notice as its sender reads it: live counts, rows, what became of people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from platform_core.common.organs import organ_words
from security.organs.models import Department

from .models import Meeting, Notice, Reach, Recipient
from .people import posts_today

Got, Reply = Recipient.State, Recipient.Reply
PAGE = 50
# What the list may be narrowed to: {key: (words, condition)}.
VIEWS = {
    "": (pgettext_lazy("roll", "Everybody"), Q()),
    "unread": (
        pgettext_lazy("roll", "Not read"), Q(state__in=Recipient.UNREAD, read_at=None)
    ),
    "read": (
        pgettext_lazy("roll", "Read, not confirmed"), Q(state=Got.READ)
    ),
    "confirmed": (pgettext_lazy("roll", "Confirmed"), Q(state=Got.CONFIRMED)),
    "changed": (pgettext_lazy("roll", "Left or moved"), None),
    "comes": (pgettext_lazy("roll", "Come"), Q(reply__in=[Reply.COMES, Reply.SENDS])),
    "stays": (pgettext_lazy("roll", "Cannot come"), Q(reply=Reply.STAYS)),
    "silent": (pgettext_lazy("roll", "No answer"), Q(reply=Reply.NONE)),
    "there": (pgettext_lazy("roll", "Were there"), ~Q(attended_at=None)),
}  # fmt: skip
OF_MEETINGS = ("comes", "stays", "silent", "there")


@dataclass
class Line:
    """A row of the roll with what became of the person and who may take their place."""

    row: Recipient
    change: str = ""
    successors: list = field(default_factory=list)


def counts(notice: Notice) -> dict[str, int]:
    """{view: how many}, and "total". One query."""
    wanted = {
        key or "total": condition for key, (_w, condition) in VIEWS.items() if condition is not None
    }
    found = {key: Count("pk", filter=condition) if condition else Count("pk")
             for key, condition in wanted.items()}  # fmt: skip
    return Recipient.objects.filter(notice=notice).aggregate(**found)


def organs(notice: Notice, limit: int = 200) -> list[dict]:
    """Per organ how many are on the roll and how many have not read, the slowest first."""
    rows = Recipient.objects.filter(notice=notice).values("department").order_by()
    unread = Count("pk", filter=VIEWS["unread"][1])
    rows = list(
        rows.annotate(people=Count("pk"), unread=unread).order_by("-unread", "department")[:limit]
    )
    named = Department.objects.in_bulk([row["department"] for row in rows])
    return [{**row, "organ": named[row["department"]]} for row in rows]


def steps(notice: Notice) -> list[tuple]:
    """[(words, moment)]: when the clock reaches whoever has not read by then, and how."""
    if not notice.escalate_minutes or notice.sent_at is None:
        return []
    ways = (Reach.Channel.SMS.label, Reach.Channel.VOICE.label, _("Their deputy"))
    wait = timedelta(minutes=notice.escalate_minutes)
    return [(way, notice.sent_at + wait * number) for number, way in enumerate(ways, 1)]


def organs_of(notice: Notice) -> list[Department]:
    """The organs whose people are on the roll, and the sending one; at most 200."""
    named = Recipient.objects.filter(notice=notice).values("department")
    found = Department.objects.filter(Q(pk__in=named) | Q(pk=notice.department_id))
    return list(found.order_by("path")[:200])


def rows_of(notice: Notice, view: str = "", organ: int | None = None, q: str = "") -> QuerySet:
    """The rows of a roll, in its order, each with `is_there` (any post today) and `has_post` (the
    one they were meant in)."""
    rows = Recipient.objects.filter(notice=notice).annotate(
        is_there=Exists(posts_today().filter(user=OuterRef("user"))),
        has_post=Exists(posts_today().filter(pk=OuterRef("post"))),
    )
    if view == "changed":
        rows = rows.exclude(is_there=True, has_post=True)
    elif view in VIEWS:
        rows = rows.filter(VIEWS[view][1])
    if organ:
        rows = rows.filter(department=organ)
    if q:
        rows = rows.filter(name__icontains=q[:60])
    rows = rows.select_related("department", "confirmed_by", "deputy", "instead_of", "successor")
    return rows.prefetch_related("reaches").order_by("pk")


def change_words(row: Recipient) -> str:
    """What became of somebody since the roll was frozen; "" when nothing did."""
    if not row.is_there:
        return _("Has left the service")
    return "" if row.has_post else _("Has another post now")


def lines(notice: Notice, rows: list[Recipient]) -> list[Line]:
    """The rows of a page with their changes; successors take one query for all of them."""
    found = [Line(row, change_words(row)) for row in rows]
    gone = [line for line in found if line.change and not hasattr(line.row, "successor")]
    if gone and notice.state == Notice.State.SENT:
        _with_successors(notice, gone)
    return found


def _with_successors(notice: Notice, gone: list[Line]) -> None:
    organs = {line.row.department_id for line in gone}
    on_roll = Recipient.objects.filter(notice=notice, user=OuterRef("user"))
    posts = posts_today().filter(~Exists(on_roll), department__in=organs)
    posts = posts.filter(_like(gone)).select_related("user").order_by("-valid_from", "pk")
    for post in posts:
        for line in gone:
            row = line.row
            same = post.title == row.post_title or (row.is_head and post.is_head)
            is_new = post.user not in line.successors
            if same and is_new and post.department_id == row.department_id:
                line.successors.append(post.user)


def _like(gone: list[Line]) -> Q:
    found = Q(title__in={line.row.post_title for line in gone})
    return found | Q(is_head=True) if any(line.row.is_head for line in gone) else found


def successor(notice: Notice, recipient_id: int, user_id: int):
    """Who may be added for a row, if it is this person; None otherwise."""
    rows = list(rows_of(notice).filter(pk=recipient_id))
    for line in lines(notice, rows):
        return next((one for one in line.successors if one.pk == user_id), None)
    return None


def reach_words(one: Reach) -> str:
    """ "Text message: handed over", "Call: not needed (read meanwhile)"."""
    words = {"way": one.get_channel_display(), "state": one.get_state_display()}
    if one.why:
        return _("%(way)s: %(state)s (%(why)s)") % {**words, "why": one.get_why_display()}
    return _("%(way)s: %(state)s") % words


def headers(meeting: Meeting | None) -> list[str]:
    """Titles of the columns of the exported roll."""
    found = [
        _("Name"), pgettext("notices", "Organ"), _("Post"), _("State"), _("Delivered"), _("Read"),
        _("Confirmed"), _("Confirmed by"), _("Reached otherwise"), _("Since then"),
    ]  # fmt: skip
    if meeting:
        found += [_("Answer"), _("Note"), _("Attendance"), _("Entered at"), _("Reason")]
    return found


def exported(notice: Notice, meeting: Meeting | None, view: str, organ: int | None, q: str):
    """The rows of the exported roll, texts and moments."""
    for row in rows_of(notice, view, organ, q):
        cells = [
            row.name, organ_words(row.department), row.post_title, row.get_state_display(),
            _clock(row.delivered_at), _clock(row.read_at), _clock(row.confirmed_at),
            str(row.confirmed_by or ""), "; ".join(map(reach_words, row.reaches.all())),
            change_words(row),
        ]  # fmt: skip
        if meeting:
            cells += [
                row.get_reply_display(), row.reply_note, row.get_attended_how_display(),
                _clock(row.attended_at), row.attended_note,
            ]  # fmt: skip
        yield cells


def _clock(moment) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}" if moment else ""
