"""Figures in words: times, shares, and when there is too little to say one."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from platform_core.common.days import HOUR, duration
from platform_core.common.i18n import pick
from platform_core.common.numbers import SMALLEST_GROUP

from .steps import Loss


def share(part: int, whole: int) -> int | None:
    """Per cent; None of too few."""
    return round(100 * part / whole) if whole >= SMALLEST_GROUP else None


def share_words(part: int, whole: int) -> str:
    """The share as people read it, always with the numbers it was made of when they are few."""
    if not whole:
        return "—"
    found = share(part, whole)
    if found is None:
        return _("%(part)d of %(whole)d, too few for a share") % {"part": part, "whole": whole}
    return f"{found}%"


def hours(time: timedelta | None) -> float | None:
    """The same as a number, for spreadsheets and the API."""
    return None if time is None else round(time.total_seconds() / HOUR, 2)


def loss_words(found: Loss | None) -> str:
    """Where time is lost, as a person would say it."""
    if found is None:
        return ""
    step = found.step
    values = {
        "step": pick(step.title),
        "service": pick(step.service),
        "share": found.share,
        "before": found.before,
        "done": step.done,
        "wait": duration(step.waits),
        "work": duration(step.works),
    }
    first = _(
        "Most time goes by at “%(step)s” of %(service)s: %(share)d%% of all time of the steps that "
        "were done (%(done)d done there)."
    )
    if step.done < SMALLEST_GROUP:
        second = _("That is too few to say what is usual there.")
    elif found.before >= 50:
        second = _(
            "%(before)d%% of it passes before somebody sets about it: half of them wait longer "
            "than %(wait)s, the work itself takes %(work)s."
        )
    else:
        second = _(
            "Most of it is the work itself: half of them take longer than %(work)s, after waiting "
            "for %(wait)s."
        )
    return f"{first % values} {second % values}"


def queue_words(count: int, late: int) -> str:
    """What waits at a step, with how much of it is late."""
    if not late:
        return str(count)
    return _("%(count)d, %(late)d late") % {"count": count, "late": late}
