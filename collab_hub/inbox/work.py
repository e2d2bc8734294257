"""What waits for somebody and is no process task: opened, moved and closed by the module that owns
the object. A module needs three things.

**1. A kind**, once, in its `registrations.py` (`platform_core.common.work`):

    register_work_kind("notice_confirm", _("Notice to confirm"), "megaphone", actions=[
        WorkAction("confirm", _("Confirm"), confirm_item, done=_("Confirmed"), usual=True),
    ])

`usual` is what the key A does in the list, `in_bulk` lets it be done for several at once,
`undoable` (the default) gives the person eight seconds before it is sent. The function gets
`actor`, `item` and `opinion`; call your own service in it, which closes the item.
`is_personal=True` says that nobody hands it on; what waits for a person by name stays with them
anyway.

**2. Opening and closing**, inside the service that changes the object, in its transaction:

    put_work(actor=actor, kind="report_fill", obj=report, title={"zh": …, "en": …},
             person=clerk, reason={"zh": "您是填报人", "en": "You fill it in"},
             number=report.number, due_at=report.due_at, address=("report_fill", [report.pk]))
    put_work(…, department=organ, groups=[group.pk])         a role's pool; () is everybody there
    put_work_for_many(…, people=users)                       thousands, a few statements
    close_work(actor=actor, kind="report_fill", obj=report)  all of its items; person=…: only theirs
    close_work(actor=actor, item=item, outcome="confirm")    the one in an action of the kind
    close_work_of_many(…, objects=fillings)                  thousands of objects, one statement
    move_work(actor=actor, kind=…, obj=…, person=…, to_person=…, due_at=…)

All may be called twice: an object waits once for each holder under one kind; a second call brings
title, reason and due date up to date. `obj` is a row with a UUID, or (type, UUID). `address` is a
URL name with its arguments, the page where the work is done; that page asks its own policy. Nobody
is told by these calls: send your own notice. Whoever stands below the hubs emits `work.opened`,
`work.moved`, `work.closed` with the same arguments instead.

**3. Nothing else.** Order, lights (from `warn_at` and `due_at`), counts, paging, snoozing,
deputies, the head's workload view, handing on and the bulk bar come with the row.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from platform_core.common.events import listen
from platform_core.common.work import WorkAction, register_work_kind, work_kind, work_kinds
from security.actors import Actor
from security.organs.models import Post

from .models import WorkItem

__all__ = [
    "WorkAction", "close_work", "close_work_of_many", "move_work", "put_work", "put_work_for_many",
    "register_work_kind", "work_kind", "work_kinds",
]  # fmt: skip

KEEP = object()
ROWS_AT_ONCE = 2000
LONGEST_TEXT = 300
# What a second call brings up to date.
CONTENT = ("title", "reason", "number", "url_name", "url_args", "warn_at", "due_at", "napp_id")


@transaction.atomic
def put_work(
    *, actor: Actor, kind: str, obj, title, person=None, department=None, groups=(), **more
) -> WorkItem:
    """Let `obj` wait for `person`, or for the holders of one of `groups` in `department` (no
    groups: for everybody there); returns the item.

    `more`: `reason` and `number` (texts), `due_at` and `warn_at`, `address` as (URL name, args),
    `napp`, `at`. `title` and `reason` are {"zh", "en"} or one text. With a person, `department` is
    whose matter it is, by default that of the person's first post. Raises ValueError for an unknown
    kind or nobody to wait for. `actor` is whoever made it necessary.
    """
    content = _content(kind, title, **more)
    if person is None and department is None:
        raise ValueError("work waits for a person or a department")
    if person is not None:
        holders = [_personal(person, _key(department) or _departments([person]).get(_key(person)))]
    else:
        holders = [_pool(_key(department), groups)]
    _write(_named(kind, obj), content, holders)
    return WorkItem.objects.get(
        **_named(kind, obj), holder=holders[0]["holder"], state=WorkItem.State.OPEN
    )


@transaction.atomic
def put_work_for_many(*, actor: Actor, kind: str, obj, title, people, **more) -> int:
    """Let `obj` wait for each of `people` (users or ids) by themselves; returns how many are new.

    Four statements for each 2,000 people. The arguments are those of `put_work`.
    """
    content = _content(kind, title, **more)
    people = list(dict.fromkeys(_key(person) for person in people))
    departments = _departments(people)
    holders = [_personal(person, departments.get(person)) for person in people]
    return _write(_named(kind, obj), content, holders)


@transaction.atomic
def close_work(
    *,
    actor: Actor,
    kind: str = "",
    obj=None,
    person=None,
    item: WorkItem | None = None,
    outcome: str = "done",
    is_cancelled: bool = False,
    at: datetime | None = None,
) -> int:
    """Close what waits: one `item`, or every open one of `obj` under `kind`, or only that which
    `person` has. Returns how many; nothing open is no error.

    `outcome` is the key of what was done, shown under “Done” for `actor`; `is_cancelled` says that
    nobody did it because it is no longer needed.
    """
    found = WorkItem.objects.filter(state=WorkItem.State.OPEN)
    found = found.filter(pk=item.pk) if item is not None else found.filter(**_named(kind, obj))
    if person is not None:
        found = found.filter(Q(assignee=_key(person)) | Q(holder=_personal(person)["holder"]))
    return _close(found, actor, outcome, is_cancelled, at)


@transaction.atomic
def close_work_of_many(
    *, actor: Actor, kind: str, objects, outcome: str = "done", is_cancelled: bool = False, at=None
) -> int:
    """Close every open item of each of `objects`, which are of one type, under `kind`, as
    `close_work` does for one; returns how many. One statement.
    """
    named = [_named(kind, one) for one in objects]
    if not named:
        return 0
    found = WorkItem.objects.filter(state=WorkItem.State.OPEN, kind=kind)
    found = found.filter(
        object_type=named[0]["object_type"], object_id__in=[one["object_id"] for one in named]
    )
    return _close(found, actor, outcome, is_cancelled, at)


def _close(found, actor: Actor, outcome: str, is_cancelled: bool, at: datetime | None) -> int:
    state = WorkItem.State.CANCELLED if is_cancelled else WorkItem.State.DONE
    return found.update(
        state=state,
        outcome="" if is_cancelled else outcome[:20],
        closed_at=at or timezone.now(),
        closed_by=None if is_cancelled else actor.user,
        version=F("version") + 1,
    )


@transaction.atomic
def move_work(
    *,
    actor: Actor,
    kind: str = "",
    obj=None,
    person=None,
    item: WorkItem | None = None,
    to_person=None,
    due_at=KEEP,
    warn_at=KEEP,
) -> int:
    """Give what waits to somebody else, or another due date; returns how many items were moved.

    Which items is said as for `close_work`. Where the object waits for `to_person` already, the
    item is closed as no longer needed. None as a date takes the date away.
    """
    found = WorkItem.objects.select_for_update().filter(state=WorkItem.State.OPEN)
    found = found.filter(pk=item.pk) if item is not None else found.filter(**_named(kind, obj))
    if person is not None:
        found = found.filter(Q(assignee=_key(person)) | Q(holder=_personal(person)["holder"]))
    moved = list(found.order_by("pk"))
    changes = {name: value for name, value in (("due_at", due_at), ("warn_at", warn_at))
               if value is not KEEP}  # fmt: skip
    for one in moved:
        _move(actor, one, to_person, changes)
    return len(moved)


def _move(actor: Actor, item: WorkItem, to_person, changes: dict) -> None:
    if to_person is not None and item.assignee_id != _key(to_person):
        holder = _personal(to_person)["holder"]
        same = WorkItem.objects.filter(
            object_id=item.object_id, kind=item.kind, object_type=item.object_type,
            holder=holder, state=WorkItem.State.OPEN,
        )  # fmt: skip
        if same.exclude(pk=item.pk).exists():
            close_work(actor=actor, item=item, is_cancelled=True)
            return
        changes = changes | {"assignee_id": _key(to_person), "holder": holder, "urged_at": None}
    for name, value in changes.items():
        setattr(item, name, value)
    item.version += 1
    item.save(update_fields=[*changes, "version"])


def _write(named: dict, content: dict, holders: list[dict]) -> int:
    """Open what does not wait yet and bring up to date what does; returns how many are new."""
    new = 0
    open_rows = WorkItem.objects.filter(**named, state=WorkItem.State.OPEN)
    for start in range(0, len(holders), ROWS_AT_ONCE):
        part = holders[start : start + ROWS_AT_ONCE]
        same = open_rows.filter(holder__in=[one["holder"] for one in part])
        # Locked, so that what is closed meanwhile is opened anew.
        locked = same.select_for_update().order_by("pk")
        known = set(locked.values_list("holder", flat=True))
        fresh = {name: content[name] for name in CONTENT}
        if known:
            differs = ~Q(**_same_as(fresh))
            same.filter(differs).update(**fresh, version=F("version") + 1)
        rows = [WorkItem(**named, **content, **one) for one in part if one["holder"] not in known]
        # Two who open the same at once agree on one row.
        WorkItem.objects.bulk_create(rows, ignore_conflicts=True)
        new += len(rows)
    return new


def _same_as(values: dict) -> dict:
    """Lookups that say a row has these values, an absent one included."""
    return {
        (f"{name}__isnull" if value is None else name): (True if value is None else value)
        for name, value in values.items()
    }


def _content(
    kind,
    title,
    reason="",
    number="",
    due_at=None,
    warn_at=None,
    address=("", ()),
    napp=None,
    at=None,
) -> dict:
    if kind not in {one.key for one in work_kinds()}:
        raise ValueError(f"no such kind of work: {kind}")
    name, args = address
    return {
        "title": _text(title),
        "reason": _text(reason),
        "number": str(number)[:64],
        "due_at": due_at,
        "warn_at": warn_at,
        "url_name": name,
        "url_args": [one if isinstance(one, int) else str(one) for one in args],
        "napp_id": _key(napp),
        "opened_at": at or timezone.now(),
    }


def _text(words) -> dict:
    if not isinstance(words, dict):
        words = {"zh": words, "en": words}
    return {key: str(words[key])[:LONGEST_TEXT] for key in ("zh", "en") if words.get(key)}


def _named(kind: str, obj) -> dict:
    """The object that waits, as the row names it."""
    if isinstance(obj, models.Model):
        obj = (obj._meta.label, obj.pk)
    name, key = obj
    return {"kind": kind, "object_type": name, "object_id": UUID(str(key))}


def _key(one):
    return getattr(one, "pk", one)


def _personal(person, department=None) -> dict:
    found = {"holder": f"person {_key(person)}", "assignee_id": _key(person)}
    return found | {"pool_department_id": department}


def _pool(department: int, groups) -> dict:
    groups = sorted({_key(group) for group in groups})
    named = f"department {department} {' '.join(map(str, groups))}".strip()[:200]
    return {"holder": named, "pool_department_id": department, "pool_groups": groups}


def _departments(people) -> dict[int, int]:
    """{person: department of the first post held today}."""
    today = timezone.localdate()
    posts = Post.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today),
        user__in=[_key(person) for person in people],
        valid_from__lte=today,
    )
    found = posts.order_by("user", "-is_head", "pk").distinct("user")
    return dict(found.values_list("user", "department"))


@listen("work.opened")
def open_told(**facts) -> None:
    put_work(**facts)


@listen("work.moved")
def move_told(**facts) -> None:
    move_work(**facts)


@listen("work.closed")
def close_told(**facts) -> None:
    close_work(**facts)
