"""Who would be on duty in two rosters at once. Reads only: nobody is refused for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platform_core.common.organs import organ_words
from platform_core.common.templatetags.ui import day as day_words

from . import duties
from .duties import Duty
from .duty_selectors import DAY, MOST_ROSTERS, plan_of, plans, rosters_with
from .models import Roster
from .words import span_words

SAID = 2


@dataclass(frozen=True)
class Double:
    """A duty, and what the same person has in another roster at the same time."""

    duty: Duty
    roster: Roster
    other: Duty


def doubles(roster: Roster, found: Iterable[Duty]) -> dict[Duty, list[Double]]:
    """{duty: what its person has in other active rosters at the same time}, for duties of `roster`,
    also for such as are only being thought about. Queries do not depend on how many there are.
    """
    found = [one for one in found if one.person]
    if not found:
        return {}
    first = min(one.on for one in found) - DAY
    last = max(one.on for one in found) + 2 * DAY
    others = rosters_with({one.person for one in found}, first, last).exclude(pk=roster.pk)
    others = list(others[:MOST_ROSTERS])
    by_duty: dict[Duty, list[Double]] = {}
    for plan in plans(others, first, last) if others else ():
        for duty, same in duties.beside(found, plan.duties).items():
            by_duty.setdefault(duty, []).extend(Double(duty, plan.roster, one) for one in same)
    return by_duty


def after_swaps(roster: Roster, swaps) -> dict:
    """{swap's id: [Double]}: what the two people of each swap would have elsewhere at the same time
    as the duty that they take.
    """
    swaps = list(swaps)
    if not swaps:
        return {}
    days = [on for one in swaps for on in (one.on, one.other_on)]
    plan = plan_of(roster, min(days), max(days) + DAY)
    taken = {
        one.pk: _taken(plan.duties, (one.shift_id, one.on), (one.other_shift_id, one.other_on))
        for one in swaps
    }
    found = doubles(roster, [duty for some in taken.values() for duty in some])
    return {
        key: [double for duty in some for double in found.get(duty, ())]
        for key, some in taken.items()
    }


def _taken(planned: list[Duty], one: tuple[int, date], other: tuple[int, date]) -> list[Duty]:
    """The two duties after they have changed their people."""
    both = [duty for duty in planned if (duty.shift, duty.on) in (one, other)]
    return duties.swapped(both, one, other) if len(both) == 2 else []


def planned_twice(roster: Roster, first: date, last: date, shifts=None) -> str:
    """In words who has a duty of `roster` from `first` to before `last` and another one elsewhere
    at the same time; of `shifts` only, when their ids are given. "" when nobody has.
    """
    plan = plan_of(roster, first, last)
    wanted = [one for one in plan.duties if shifts is None or one.shift in shifts]
    found = doubles(roster, wanted)
    return said(roster, (double for some in found.values() for double in some), plan.people)


def swap_words(swap, found: Iterable[Double]) -> str:
    """In words what `after_swaps` found for one swap."""
    return said(swap.roster, found, {one.pk: one for one in (swap.asked_by, swap.other)})


def said(roster: Roster, found: Iterable[Double], people: dict) -> str:
    """Who has what in both rosters at once, the first ones by name; "" when there is nothing.
    `people` are {id: person}.
    """
    found = list(found)
    lines = [
        _("On %(day)s %(who)s is on duty in two rosters at once: %(here)s %(hours)s and"
          " %(there)s %(other)s.")
        % {
            "day": day_words(one.duty.starts_at), "who": people[one.duty.person],
            "here": roster_words(roster),
            "hours": span_words(one.duty.starts_at, one.duty.ends_at),
            "there": roster_words(one.roster),
            "other": span_words(one.other.starts_at, one.other.ends_at),
        }
        for one in found[:SAID]
    ]  # fmt: skip
    if len(found) > SAID:
        more = len({one.duty.on for one in found[SAID:]})
        lines.append(ngettext("And on %(n)d more day.", "And on %(n)d more days.", more)
                     % {"n": more})  # fmt: skip
    return " ".join(lines)


def roster_words(roster: Roster) -> str:
    """The roster with its organ: names of rosters are alike everywhere."""
    return _("“%(roster)s” (%(organ)s)") % {
        "roster": roster.name, "organ": organ_words(roster.department),
    }  # fmt: skip
