"""Reads of supervised matters."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from platform_core.common.chained import broken_at
from platform_core.common.paging import counted, shown_count
from platform_core.common.workcalendar import deadline_light
from security.access import get_or_404, visible_to
from security.access.policies import is_admin, is_auditor
from security.audit.selectors import entries_about
from security.identifiers import mask_numbers
from security.organs.models import Department
from security.organs.selectors import active_posts, departments_found, people_of

from . import stages
from .models import Evidence, PublicSummary, Supervision, SupervisionLine
from .moving import standing_of
from .policies import SUPERVISORS, hand_of, own_among

State = Supervision.State
BOXES = ("ours", "owned", "late", "ended", "all")
CLOSED_STATES = [State.CLOSED, State.ARCHIVED, State.DROPPED]
BATCH = 200


def _rows() -> QuerySet[Supervision]:
    return Supervision.objects.select_related("owner__region", "lead__region")


def items_for(
    user, *, box: str = "ours", kind: str = "", text: str = "", now: datetime | None = None
) -> QuerySet[Supervision]:
    """The items that `user` sees in a box, most urgent first.

    "ours": the organ has to do; "owned": it supervises; "late": either, past the day; "ended";
    "all": everything that may be read. `text` is a part of the title or the number.
    """
    found = visible_to(user, "read", _rows())
    if box == "ours":
        found = visible_to(user, "handle", _rows()).exclude(state__in=CLOSED_STATES)
    elif box == "owned":
        found = visible_to(user, "own", _rows()).exclude(state__in=CLOSED_STATES)
    elif box == "late":
        found = found.filter(state__in=stages.RUNNING, due_at__lt=now or timezone.now())
    elif box == "ended":
        found = found.filter(state__in=CLOSED_STATES)
    if kind in Supervision.Kind.values:
        found = found.filter(kind=kind)
    if text:
        in_title = Q(title__zh__icontains=text) | Q(title__en__icontains=text)
        found = found.filter(in_title | Q(number__icontains=text))
    order = ("-verdict_at", "-proposed_at") if box == "ended" else ("due_at", "-proposed_at")
    return found.order_by(*order, "pk")


def figures(user, now: datetime) -> dict[str, int | str]:
    """How many open items the user sees: all, soon due, late, waiting to be checked. Four queries,
    none of which reads further than people are told.
    """
    seen = visible_to(user, "read", Supervision.objects.all()).order_by("due_at", "-proposed_at")
    running = seen.filter(state__in=stages.RUNNING)
    asked = {
        "open": seen.exclude(state__in=CLOSED_STATES),
        "soon": running.filter(warn_at__lte=now, due_at__gte=now),
        "late": running.filter(due_at__lt=now),
        "reported": seen.filter(state=State.REPORTED),
    }
    return {name: shown_count(counted(rows)) for name, rows in asked.items()}


def sees_supervision(user) -> bool:
    """Whether the page is in the person's menu."""
    return bool(active_posts(user)) or is_auditor(user) or is_admin(user)


def item_for(user, item_id, verb: str = "read") -> Supervision:
    """The item when `user` may do `verb` with it, else Http404."""
    return get_or_404(user, verb, _rows(), pk=item_id)


def light_of(item: Supervision, now: datetime | None = None) -> dict | None:
    """The light of whatever clock runs: the day that was set, or the review of an objection."""
    if item.state in stages.RUNNING:
        return deadline_light(item.due_at, item.warn_at, now)
    if item.state == State.OBJECTED:
        return deadline_light(item.review_due_at, None, now)
    return None


def acts_for(user, item: Supervision, now: datetime | None = None) -> list[str]:
    """What `user` can do with the item now."""
    assisting = organs_assisting(item)
    hand = hand_of(user, item, assisting)
    found = stages.acts_of(standing_of(item, now or timezone.now()), hand)
    mine = {organ.pk for organ in own_among(user, assisting)}
    signed = {one.organ_id for one in item.assistances.all() if one.signed_at}
    if "join" in found and mine <= signed:
        found.remove("join")
    return found


def may_publish(user, item: Supervision) -> bool:
    """Whether `user` may write or let out the public summary of the item."""
    return stages.may(hand_of(user, item, organs_assisting(item)), "archive")


def organs_assisting(item: Supervision) -> list[Department]:
    return [one.organ for one in item.assistances.select_related("organ__region")]


def handles(user, item: Supervision) -> bool:
    """Whether the person's organ has to do the item."""
    return bool(own_among(user, [item.lead, *organs_assisting(item)]))


def lines_of(item: Supervision) -> list[SupervisionLine]:
    """The log, oldest first."""
    return list(item.lines.select_related("actor", "organ").order_by("seq"))


def open_extension(item: Supervision):
    """The wish for more time that waits, or None."""
    return item.extensions.filter(state="asked").select_related("asked_by").first()


def current_summary(item: Supervision) -> PublicSummary | None:
    """The summary that waits or is published, else the last one that went back."""
    found = item.summaries.select_related("asked_by", "decided_by")
    return found.filter(state__in=["asked", "approved"]).first() or found.first()


def evidence_of(item: Supervision) -> list[Evidence]:
    return list(item.evidence.select_related("added_by"))


def log_fault(item: Supervision, lines: list[SupervisionLine]) -> int | None:
    """The number of the first line of the log that does not fit, None when it is intact.

    The end is held by the audit trail: it has the digest of the last line, so that lines cut off
    are missed as well.
    """
    fault = broken_at(lines, item.pk)
    if fault is not None:
        return fault
    rows = entries_about([(item._meta.label_lower, str(item.pk))])
    digests = [row.after["digest"] for row in rows if (row.after or {}).get("digest")]
    known = {mask_numbers(line.digest) for line in lines}
    is_whole = len(digests) == len(lines) and all(digest in known for digest in digests)
    return None if is_whole else len(lines) + 1


def organs_to_charge(owner: Department) -> QuerySet[Department]:
    """The organs that `owner` may name: those of its division and of the divisions below it."""
    region = owner.region
    near = Q(region=region) | Q(region__parent=region)
    return departments_found().filter(near).exclude(pk=owner.pk).order_by("region__code", "code")


def owner_for(lead: Department) -> Department | None:
    """The organ that supervises `lead`: of its division or the nearest above, one where somebody
    works who does not work for `lead` too; None where there is no supervising organ.
    """
    codes = [code for code in lead.region.path.split("/") if code]
    found = Department.objects.filter(
        kind__in=SUPERVISORS, is_active=True, region__code__in=codes
    ).exclude(pk=lead.pk)
    found = list(found.select_related("region").order_by("-region__level", "kind", "code"))
    served = {person.pk for person in people_of(lead)}
    for organ in found:
        if any(person.pk not in served for person in people_of(organ)):
            return organ
    return found[0] if found else None


def published_summaries() -> QuerySet[PublicSummary]:
    """What the public reads, newest first."""
    found = PublicSummary.objects.filter(state=PublicSummary.State.APPROVED)
    return found.select_related("item").order_by("-decided_at", "-pk")


def to_archive(now: datetime) -> list[Supervision]:
    """Concluded items to which nobody can object any more."""
    last = timezone.localdate(now) - stages.OBJECT_DAYS * stages.ONE_DAY
    closed = Supervision.objects.filter(state=State.CLOSED)
    return list(closed.filter(verdict_at__date__lt=last).order_by("verdict_at")[:BATCH])


def newly_late(now: datetime) -> list[Supervision]:
    """Running items past their day whose red light does not stand in the log yet."""
    after = {"item": OuterRef("pk"), "at__gt": OuterRef("due_at")}
    told = SupervisionLine.objects.filter(**after, kind="late")
    late = _rows().filter(~Exists(told), state__in=stages.RUNNING, due_at__lt=now)
    return list(late.order_by("due_at")[:BATCH])


def is_verdict_settled(item: Supervision, now: datetime | None = None) -> bool:
    """Whether nobody can object to the verdict any more."""
    if item.state not in (State.CLOSED, State.ARCHIVED):
        return False
    standing = standing_of(item, now or timezone.now(), waits=False)
    return not standing.may_object or standing.is_content or standing.has_objected
