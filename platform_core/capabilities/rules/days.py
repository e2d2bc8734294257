"""Days, months, working days, and what a citizen number says of a person."""

import re
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date

from security.identifiers import citizen_check_char

from .arithmetic import whole
from .limits import SCALE
from .operators import SEXES
from .values import Value, day_number, day_text

CITIZEN = re.compile(r"[0-9]{17}[0-9X]\Z", re.ASCII)


class Calendar:
    """The working days of the years it knows. `find(year)` gives the days, written MM-DD, that are
    not what Monday to Friday would say, or None for a year that nobody has published.
    """

    def __init__(self, find: Callable[[int], Iterable[str] | None]):
        self._find = find
        self._working: dict[int, list[int] | None] = {}

    @classmethod
    def of(cls, years: dict[str, list[str]]) -> "Calendar":
        """From data such as {"2020": ["01-24", …]}, which the browser reads too."""
        return cls(lambda year: years.get(str(year)))

    def data(self, years: Iterable[int]) -> dict[str, list[str]]:
        """Those of `years` that are known, for the browser."""
        found = {str(year): self._find(year) for year in years}
        return {year: sorted(days) for year, days in found.items() if days is not None}

    def working(self, year: int) -> list[int] | None:
        """The day numbers of the working days of `year`, ascending."""
        if year not in self._working:
            found = self._find(year)
            self._working[year] = None if found is None else _working_days(year, set(found))
        return self._working[year]

    def is_working(self, day: int) -> bool | None:
        """Whether the day with this number is a working day; None when nobody can know."""
        days = self.working(date.fromordinal(day).year)
        if days is None:
            return None
        at = bisect_left(days, day)
        return at < len(days) and days[at] == day

    def after(self, day: int, count: int) -> int | None:
        """The `count`-th working day after `day` (before it when negative), or None."""
        if count == 0:
            return day
        step = 1 if count > 0 else -1
        if not 1 <= day + step <= date.max.toordinal():
            return None
        year = date.fromordinal(day + step).year
        while (days := self.working(year)) is not None:
            at = bisect_right(days, day) if step > 0 else bisect_left(days, day)
            left = len(days) - at if step > 0 else at
            if abs(count) <= left:
                return days[at + count - 1] if step > 0 else days[at + count]
            count -= step * left
            year += step
        return None

    def between(self, first: int, last: int) -> int | None:
        """Working days after `first` up to and including `last`; negative backwards."""
        if last < first:
            back = self.between(last, first)
            return None if back is None else -back
        total = 0
        if last == first:
            return total
        for year in range(date.fromordinal(first + 1).year, date.fromordinal(last).year + 1):
            days = self.working(year)
            if days is None:
                return None
            total += bisect_right(days, last) - bisect_right(days, first)
        return total


def _working_days(year: int, differ: set[str]) -> list[int]:
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    return [
        number
        for number in range(first, last + 1)
        if ((number - 1) % 7 < 5) != (date.fromordinal(number).isoformat()[5:] in differ)
    ]


def _months_after(day: date, months: int) -> date | None:
    """The same day of the month `months` later, or its last day where there is no such day (Civil
    Code art. 202).
    """
    total = day.year * 12 + day.month - 1 + months
    if not 12 <= total < 120_000:
        return None
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _full_months(start: date, end: date) -> int:
    if end < start:
        return -_full_months(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    reached = _months_after(start, months)
    return months if reached is not None and reached <= end else months - 1


def _day(text: Value) -> date | None:
    number = day_number(text)
    return None if number is None else date.fromordinal(number)


def _part(read: Callable[[date], int]):
    def part(run, text):
        day = _day(text)
        return None if day is None else read(day) * SCALE

    return part


def _add_days(run, start, days):
    number, days = day_number(start), whole(days)
    return None if number is None or days is None else day_text(number + days)


def _days_between(run, start, end):
    first, last = day_number(start), day_number(end)
    return None if first is None or last is None else (last - first) * SCALE


def _add_months(run, start, months):
    day, months = _day(start), whole(months)
    if day is None or months is None:
        return None
    found = _months_after(day, months)
    return found and found.isoformat()


def _between(divisor: int):
    def between(run, start, end):
        first, last = _day(start), _day(end)
        if first is None or last is None:
            return None
        months = _full_months(first, last)
        return (months // divisor if months >= 0 else -(-months // divisor)) * SCALE

    return between


def _is_working_day(run, text):
    number = day_number(text)
    calendar = run.reference.calendar
    return None if number is None or calendar is None else calendar.is_working(number)


def _add_working_days(run, start, count):
    number, count = day_number(start), whole(count)
    calendar = run.reference.calendar
    if number is None or count is None or calendar is None:
        return None
    found = calendar.after(number, count)
    return found and day_text(found)


def _working_days_between(run, start, end):
    first, last = day_number(start), day_number(end)
    calendar = run.reference.calendar
    if first is None or last is None or calendar is None:
        return None
    count = calendar.between(first, last)
    return None if count is None else count * SCALE


def _birthday(run, number):
    """The date of birth in a citizen number whose check character is right."""
    if not isinstance(number, str) or not CITIZEN.match(number):
        return None
    if citizen_check_char(number[:17]) != number[17]:
        return None
    born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    return born if day_number(born) else None


def _age(run, person, *on):
    """Full years since the birthday, given as a citizen number or a day; none before birth."""
    born = _day(person) or _day(_birthday(run, person))
    day = _day(on[0]) if on else run.today
    if born is None or day is None or day < born:
        return None
    return _full_months(born, day) // 12 * SCALE


def _sex(run, number):
    return SEXES[int(number[16]) % 2] if _birthday(run, number) else None


DAYS = {
    "today": lambda run: run.today.isoformat(),
    "year": _part(lambda day: day.year),
    "month": _part(lambda day: day.month),
    "day": _part(lambda day: day.day),
    "weekday": _part(lambda day: day.isoweekday()),
    "add_days": _add_days,
    "add_months": _add_months,
    "days_between": _days_between,
    "months_between": _between(1),
    "years_between": _between(12),
    "is_working_day": _is_working_day,
    "add_working_days": _add_working_days,
    "working_days_between": _working_days_between,
    "birthday": _birthday,
    "age": _age,
    "sex": _sex,
}
