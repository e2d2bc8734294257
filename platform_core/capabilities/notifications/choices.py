"""By which channels a person wants to be told, by kind of message. Pure but for the clock.

On the platform everything is shown always. What somebody must act on, or what the law has to be
told, goes out by at least one channel; what may wait is not sent at night.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MUST_ACT, PROGRESS, OTHER = "must_act", "progress", "other"
KINDS = (MUST_ACT, PROGRESS, OTHER)
OUTSIDE = ("email", "sms")
# {kind: (title, what it is)}
KIND_WORDS = {
    MUST_ACT: (
        _("What I have to act on"),
        _("Corrections, refusals, longer terms. One of the two always goes out."),
    ),
    PROGRESS: (_("How my cases go on"), _("Sent, accepted, done.")),
    OTHER: (_("Everything else"), _("Answers, reminders, notices.")),
}
# Templates whose recipient has to do something, or whose term begins to run.
MUST_BE_ACTED_ON = {
    "case.correction_asked", "case.refused", "case.not_accepted", "case.void", "case.extended",
    "case.suspended", "task_urged", "task_overdue", "address_changed", "notice", "notice_urged",
    "notice_changed", "incident.call", "incident.climb",
}  # fmt: skip


def kind_of(template: str) -> str:
    """The kind of a message by its template."""
    if template in MUST_BE_ACTED_ON:
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


def stand_ins(choices: dict, template: str, taken) -> list[str]:
    """The channels outside that may carry a message when one of the channels `taken` does not
    work: those the recipient did not do without, or any where they must act.
    """
    kind = kind_of(template)
    wanted = choices.get(kind, OUTSIDE)
    return [one for one in OUTSIDE if one not in taken and (kind == MUST_ACT or one in wanted)]


def may_unsubscribe(template: str) -> bool:
    """Whether a person may do without messages of this template by e-mail altogether."""
    return kind_of(template) != MUST_ACT


def sent_from(template: str, now: datetime) -> datetime:
    """The first moment at which a message may leave: what may wait does not leave in the hours of
    the setting QUIET_HOURS (from, to), which lie around midnight; with none it leaves at once.
    """
    if not settings.QUIET_HOURS or kind_of(template) == MUST_ACT:
        return now
    begins, ends = settings.QUIET_HOURS
    local = timezone.localtime(now)
    if ends <= local.hour < begins:
        return now
    day = local.date() + timedelta(days=local.hour >= begins)
    return timezone.make_aware(datetime.combine(day, time(ends)))
