"""Months, quarters and years of a dashboard, as they stand in an address. Pure.

Days begin at midnight where the government is (the project's time zone).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from string import Template

from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import pgettext

from platform_core.common.days import midnight

KINDS = ("month", "quarter", "year")
MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
FIRST_YEAR = 2000
ONE_DAY = timedelta(days=1)
FORMS = {
    "month": re.compile(r"(?P<year>\d{4})-(?P<part>\d{2})"),
    "quarter": re.compile(r"(?P<year>\d{4})-Q(?P<part>\d)"),
    "year": re.compile(r"(?P<year>\d{4})"),
}


@dataclass(frozen=True)
class Days:
    """The days from `first` until before `until`."""

    first: date
    until: date

    @property
    def last(self) -> date:
        return self.until - ONE_DAY

    def moments(self) -> tuple[datetime, datetime]:
        """The midnights at which the days begin and end; the second one is outside."""
        return midnight(self.first), midnight(self.until)


@dataclass(frozen=True)
class Period:
    """A month, a quarter or a year by its first day."""

    kind: str
    first: date

    @classmethod
    def of(cls, kind: str, day: date) -> Period:
        """The period of this kind that `day` lies in."""
        months = MONTHS_IN[kind]
        return cls(kind, date(day.year, (day.month - 1) // months * months + 1, 1))

    @classmethod
    def read(cls, kind: str, at: str, today: date) -> Period:
        """From an address: "2026-11", "2026-Q4" or "2026". What cannot be read, lies before 2000
        or has not begun counts as not chosen: the running period.
        """
        kind = kind if kind in KINDS else "month"
        now = cls.of(kind, today)
        found = FORMS[kind].fullmatch(at) if at.isascii() else None
        if found is None:
            return now
        year, part = int(found["year"]), int(found.groupdict().get("part") or 1)
        if year < FIRST_YEAR or not 1 <= part <= 12 // MONTHS_IN[kind]:
            return now
        chosen = cls(kind, date(year, (part - 1) * MONTHS_IN[kind] + 1, 1))
        return chosen if chosen.first <= today else now

    @property
    def key(self) -> str:
        """As `read` understands it."""
        if self.kind == "year":
            return f"{self.first.year}"
        if self.kind == "quarter":
            return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
        return f"{self.first:%Y-%m}"

    @property
    def days(self) -> Days:
        return Days(self.first, months_later(self.first, MONTHS_IN[self.kind]))

    def moved(self, count: int) -> Period:
        return Period(self.kind, months_later(self.first, count * MONTHS_IN[self.kind]))

    @property
    def title(self) -> str:
        values = {
            "year": self.first.year,
            "number": self.first.month,
            "name": MONTHS[self.first.month],
            "quarter": (self.first.month + 2) // 3,
        }
        patterns = {
            "month": pgettext("period", "$name $year"),
            "quarter": pgettext("period", "Quarter $quarter of $year"),
            "year": pgettext("period", "$year"),
        }
        return Template(patterns[self.kind]).substitute(values)

    def buckets(self) -> list[Days]:
        """A month by days, a quarter by weeks from Monday, a year by months."""
        days, found, at = self.days, [], self.first
        while at < days.until:
            if self.kind == "month":
                after = at + ONE_DAY
            elif self.kind == "quarter":
                after = at + timedelta(days=7 - at.weekday())
            else:
                after = months_later(at, 1)
            found.append(Days(at, min(after, days.until)))
            at = after
        return found

    def twelve_months(self) -> list[Days]:
        """The twelve months of which the last is the period's last."""
        end = self.days.until
        firsts = [months_later(end, back) for back in range(-12, 0)]
        return [Days(one, months_later(one, 1)) for one in firsts]


def months_later(day: date, count: int) -> date:
    """The first day of the month that many months after that of `day`."""
    months = day.year * 12 + day.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def short(days: Days, kind: str) -> str:
    """What stands below a column: the day, the week's first day, the month."""
    if kind == "month":
        return str(days.first.day)
    if kind == "quarter":
        return f"{days.first.month}/{days.first.day}"
    return month_short(days.first)


def month_short(day: date) -> str:
    values = {"short": MONTHS_3[day.month].capitalize(), "number": day.month}
    return Template(pgettext("month below a column", "$short")).substitute(values)


def month_title(day: date) -> str:
    return Period.of("month", day).title


def bucket_title(days: Days, kind: str) -> str:
    """The days of a line in words."""
    if kind == "year":
        return month_title(days.first)
    values = {"month": days.first.month, "name": MONTHS[days.first.month], "day": days.first.day,
              "last_month": days.last.month, "last_name": MONTHS[days.last.month],
              "last_day": days.last.day}  # fmt: skip
    if days.first == days.last:
        return Template(pgettext("a day in a table", "$day $name")).substitute(values)
    return Template(pgettext("days in a table", "$day $name to $last_day $last_name")).substitute(
        values
    )
