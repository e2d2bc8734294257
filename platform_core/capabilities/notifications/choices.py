"""By which channels a person wants to be told, by kind of message. Pure but for the clock.

On the platform everything is shown always. What somebody must act on, or what the law has to be
told, goes out by at least one channel; what may wait is not sent at night.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

MUST_ACT, PROGRESS, OTHER = "must_act", "progress", "other"
KINDS = (MUST_ACT, PROGRESS, OTHER)
OUTSIDE = ("email", "sms")
QUIET_FROM, QUIET_TO = time(22), time(8)
# Templates whose recipient has to do something, or whose term begins to run.
_must_act = {
    "case.correction_asked", "case.refused", "case.not_accepted", "case.void", "case.extended",
    "case.suspended", "task_urged", "task_overdue",
}  # fmt: skip


def register_must_act(*templates: str) -> None:
    """Messages of these templates always go out by at least one channel, at any hour."""
    _must_act.update(templates)


def kind_of(template: str) -> str:
    """The kind of a message by its template."""
    if template in _must_act:
        return MUST_ACT
    return PROGRESS if template.startswith("case.") else OTHER


def chosen(choices: dict, template: str, channels: tuple[str, ...]) -> tuple[str, ...]:
    """The `channels` of a message that its recipient's `choices` ({kind: [channel]}) leave.

    Who never chose gets all. A message that must be acted on keeps one channel outside.
    """
    kind = kind_of(template)
    wanted = choices.get(kind)
    if wanted is None:
        return channels
    left = tuple(one for one in channels if one not in OUTSIDE or one in wanted)
    outside = [one for one in channels if one in OUTSIDE]
    if kind == MUST_ACT and outside and not set(left) & set(OUTSIDE):
        return channels
    return left


def sent_from(template: str, now: datetime) -> datetime:
    """The first moment at which a message may leave: what may wait waits until the morning."""
    local = timezone.localtime(now)
    if kind_of(template) == MUST_ACT or QUIET_TO <= local.time() < QUIET_FROM:
        return now
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return timezone.make_aware(datetime.combine(day, QUIET_TO))
