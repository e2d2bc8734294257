"""Kinds of work that wait for officials besides tasks of processes, and what can be done with them.

A *kind* says how its items look in the inbox (name, icon) and which quick actions they have. It is
registered here, below the hubs, so that any platform may have one; the rows are the collaboration
hub's. Whoever cannot import that hub opens and closes items by events:

    emit("work.opened", kind=…, obj=…, title=…, actor=…, …)    what inbox.work.put_work takes
    emit("work.moved", kind=…, obj=…, actor=…, …)              what inbox.work.move_work takes
    emit("work.closed", kind=…, obj=…, actor=…, …)             what inbox.work.close_work takes
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import F, Value
from django.db.models.functions import Coalesce

# Where work without a deadline stands in the order.
FAR = datetime(9999, 12, 31, tzinfo=UTC)


def due_or_far() -> Coalesce:
    """The deadline of a row, or the far end of time: what has none comes last."""
    return Coalesce("due_at", Value(FAR))


def urgency() -> tuple:
    """The order of whatever waits: what is due first, then what waits longest. Tables of such rows
    have indexes in this order, so that a page is read without sorting all of them.
    """
    return due_or_far(), F("opened_at"), F("id")


@dataclass(frozen=True)
class WorkAction:
    """One thing that can be done with an item from the list, without opening it.

    `act(actor=, item=, opinion=)` does it in the caller's transaction, where the item's row is
    locked, and closes or moves the item; it raises Conflict, NotAllowed or Unusable. `usual` is the
    one that the key A stands for; `in_bulk` says whether it makes sense for several at once. With
    `undoable` the browser waits some seconds before it sends the act. `asks` makes an opinion
    necessary. `done` is said afterwards ("Confirmed").
    """

    key: str
    label: object
    act: Callable
    icon: str = "check"
    done: object = ""
    usual: bool = False
    undoable: bool = True
    in_bulk: bool = True
    asks: bool = False


@dataclass(frozen=True)
class WorkKind:
    """What items of one kind have in common.

    `is_personal` says that everybody does it for themselves, so that nobody hands it on.
    """

    key: str
    title: object
    icon: str = "inbox"
    actions: tuple[WorkAction, ...] = ()
    is_personal: bool = False

    def action(self, key: str) -> WorkAction | None:
        return next((one for one in self.actions if one.key == key), None)

    @property
    def usual(self) -> WorkAction | None:
        """The action that the key A stands for; None when an item has to be opened first."""
        return next((one for one in self.actions if one.usual), None)


_kinds: dict[str, WorkKind] = {}


def register_work_kind(
    key: str, title, icon: str = "inbox", actions=(), is_personal: bool = False
) -> WorkKind:
    """Make a kind of work known; registered again under the same key, the last one counts.

    `key` is stored with every item (at most 40 characters, never renamed); `title` is what one item
    is called, lazily translated.
    """
    keys = [one.key for one in actions]
    if not key.isidentifier() or len(key) > 40 or len(set(keys)) < len(keys):
        raise ValueError(f"not a kind of work: {key}, {keys}")
    _kinds[key] = WorkKind(key, title, icon, tuple(actions), is_personal)
    return _kinds[key]


def work_kind(key: str) -> WorkKind:
    """The kind with this key; one without a name or actions when nobody registers it any more."""
    return _kinds.get(key) or WorkKind(key, key)


def work_kinds() -> list[WorkKind]:
    """Every kind, by key."""
    return [_kinds[key] for key in sorted(_kinds)]
