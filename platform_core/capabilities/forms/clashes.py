"""One draft open in two places: what is saved second never overwrites the first unseen.

Every page carries the number of the saving that it shows (`_rev`) and a mark of its own (`_pen`).
A draft remembers for each answer which saving wrote it and under which mark. An answer that comes
from an older page, while another page has changed it meanwhile, is kept beside the one that stands
there until the person chooses. Pages that carry no number, as programs do, simply write.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from platform_core.common.numbers import whole

MARKS = 16
MOST_RIVALS = 4


@dataclass(frozen=True)
class Stand:
    """What the sender's page was made from; `number` is None when it did not say."""

    number: int | None = None
    pen: str = ""


def stand_of(post) -> Stand:
    """Read `_rev` and `_pen` of a POST."""
    number = str(post.get("_rev", "")) if hasattr(post, "getlist") else ""
    return Stand(whole(number), str(post.get("_pen", ""))[:MARKS])


def same(one, other) -> bool:
    """Whether two typed answers say the same; every way of being empty is one."""
    if one in (None, "", []) or other in (None, "", []):
        return one in (None, "", []) and other in (None, "", [])
    return _plain(one) == _plain(other)


def _plain(value):
    return {True: "yes", False: "no"}.get(value, str(value)) if not _is_many(value) else value


def _is_many(value) -> bool:
    return isinstance(value, list | dict)


def clashing(stamps: dict, stand: Stand, before: dict, typed: dict) -> set[str]:
    """The fields of `typed` that another page has changed since `stand`, to something else."""
    if stand.number is None:
        return set()
    return {
        key
        for key, value in typed.items()
        for number, pen, _at in [stamps.get(key, (0, "", ""))]
        if number > stand.number and pen != stand.pen and not same(value, before.get(key))
    }


def stamped(draft, stand: Stand, before: dict, after: dict) -> None:
    """Count a saving on `draft` and remember which answers it changed; the caller saves the row."""
    draft.saves += 1
    now = timezone.now().isoformat()
    for key in after:
        if not same(before.get(key), after[key]):
            draft.stamps[key] = [draft.saves, stand.pen, now]


def with_rival(rivals: list, pen: str, value) -> list:
    """The other answers of a field with one more; a page that types on replaces its own."""
    others = [one for one in rivals if one[0] != pen and not same(one[1], value)]
    return [*others, [pen, value]][-MOST_RIVALS:]


def settle(draft, rivals: dict, posted, current: dict) -> None:
    """Carry out the buttons "take" (key:number) and "keep" (key) under a field with rivals."""
    key, _colon, number = posted.target.partition(":")
    if posted.command not in ("take", "keep") or key not in rivals:
        return
    if posted.command == "take":
        place = whole(number)
        if place is None or place >= len(rivals[key]):
            return
        current[key] = rivals[key][place][1]
    del rivals[key]
