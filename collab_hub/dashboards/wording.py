"""Figures in words: times, shares, and when there is too little to say one."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.common.i18n import pick

from .steps import Loss

# A share of fewer says more of chance than of work.
SMALLEST = 5
HOUR, DAY = 3600, 86400


def share(part: int, whole: int) -> int | None:
    """Per cent; None of too few."""
    return round(100 * part / whole) if whole >= SMALLEST else None


def share_words(part: int, whole: int) -> str:
    """The share as people read it, always with the numbers it was made of when they are few."""
    if not whole:
        return "—"
    found = share(part, whole)
    if found is None:
        return _("%(part)d of %(whole)d, too few for a share") % {"part": part, "whole": whole}
    return f"{found}%"


def duration(time: timedelta | None) -> str:
    """A time in its two largest units: 3 d 4 h, 2 h 10 min, 40 s."""
    if time is None:
        return "—"
    seconds = max(round(time.total_seconds()), 0)
    if seconds < 60:
        return pgettext("time", "%(n)d s") % {"n": seconds}
    if seconds < HOUR:
        return pgettext("time", "%(n)d min") % {"n": seconds // 60}
    if seconds < DAY:
        values = {"h": seconds // HOUR, "min": seconds % HOUR // 60}
        return pgettext("time", "%(h)d h %(min)d min") % values
    values = {"d": seconds // DAY, "h": seconds % DAY // HOUR}
    return pgettext("time", "%(d)d d %(h)d h") % values


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
    if step.done < SMALLEST:
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
