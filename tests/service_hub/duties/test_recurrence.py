"""On which days duties are due: month ends, leap years, working days, unknown years."""

from calendar import isleap, monthrange
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from platform_core.common.workcalendar import CalendarUnknown
from service_hub.duties.recurrence import (
    fulfilled_by,
    occurrences,
    of_certificate,
    waiting,
    working_days_before,
)
from service_hub.duties.schema import Monthly, Once, Quarterly, Yearly

LAST_KNOWN = 2026
days_of_months, months = st.integers(1, 31), st.integers(1, 12)
recurrences = st.one_of(
    st.builds(lambda day: Monthly(kind="monthly", day=day), days_of_months),
    st.builds(
        lambda month, day: Quarterly(kind="quarterly", month=month, day=day),
        st.integers(1, 3), days_of_months,
    ),
    st.builds(
        lambda month, day: Yearly(kind="yearly", month=month, day=day), months, days_of_months
    ),
    st.builds(lambda on: Once(kind="once", on=on), st.dates(date(2020, 1, 1), date(2032, 1, 1))),
)  # fmt: skip
dates = st.dates(date(2020, 1, 1), date(2030, 12, 31))
shifts = st.sampled_from(["none", "next", "previous"])
PER_YEAR = {"monthly": 12, "quarterly": 4, "yearly": 1}


def works(day: date) -> bool:
    """Monday to Friday, but for a long holiday; unknown after the last published year."""
    if day.year > LAST_KNOWN:
        raise CalendarUnknown(day)
    return day.weekday() < 5 and not (day.month == 10 and day.day <= 8)


@settings(max_examples=200, deadline=None)
@given(when=recurrences, shift=shifts, first=dates, length=st.integers(0, 800))
def test_each_time_stands_once_in_order_and_on_the_day_declared(when, shift, first, length):
    last = first + timedelta(days=length)
    found = occurrences(when, shift, 30, first, last, works)
    nominal = [one.nominal for one in found]
    assert nominal == sorted(set(nominal)) and len({one.period for one in found}) == len(found)
    assert all(first <= day <= last for day in nominal)
    for one in found:
        if when.kind != "once":
            longest = monthrange(one.nominal.year, one.nominal.month)[1]
            assert one.nominal.day == min(when.day, longest)
        assert one.opens == one.nominal - timedelta(days=30)
        _is_shifted_rightly(one, shift)


def _is_shifted_rightly(one, shift) -> None:
    if shift == "none":
        assert one.on == one.day == one.nominal
    elif one.on is None:
        # Only a calendar that is not published leaves the day open; the declared one is shown.
        assert one.nominal.year >= LAST_KNOWN and one.day == one.nominal
    else:
        moved = one.on - one.nominal
        assert works(one.on) and abs(moved) < timedelta(days=14)
        step = timedelta(days=1 if shift == "next" else -1)
        assert moved * (step // timedelta(days=1)) >= timedelta(0)
        between = (one.nominal + n * step for n in range(abs(moved.days)))
        assert not any(works(day) for day in between)


@settings(max_examples=100, deadline=None)
@given(when=recurrences, year=st.integers(2020, 2030))
def test_a_whole_year_has_as_many_as_its_kind_says(when, year):
    found = occurrences(when, "none", 0, date(year, 1, 1), date(year, 12, 31), works)
    expected = int(when.on.year == year) if when.kind == "once" else PER_YEAR[when.kind]
    assert len(found) == expected


@given(year=st.integers(2020, 2100))
def test_the_end_of_february_follows_leap_years(year):
    when = Yearly(kind="yearly", month=2, day=29)
    (one,) = occurrences(when, "none", 0, date(year, 1, 1), date(year, 12, 31), works)
    assert one.nominal == date(year, 2, 29 if isleap(year) else 28)


@settings(max_examples=100, deadline=None)
@given(ends=dates, count=st.integers(0, 60))
def test_a_certificate_is_renewed_so_many_working_days_before_its_end(ends, count):
    on = working_days_before(ends, count, works)
    one = of_certificate(7, ends, count, 90, works)
    if on is None:
        assert ends.year > LAST_KNOWN and one.day == ends
        return
    assert sum(works(on + timedelta(days=n)) for n in range((ends - on).days)) == count
    assert one.on == on and one.opens == on - timedelta(days=90)


@settings(max_examples=150, deadline=None)
@given(when=recurrences, opens=st.integers(0, 100), today=dates, data=st.data())
def test_what_waits_is_late_open_or_next_and_a_case_does_the_oldest(when, opens, today, data):
    first, last = today - timedelta(days=366), today + timedelta(days=400)
    found = occurrences(when, "next", opens, first, last, works)
    periods = [one.period for one in found]
    done = set(data.draw(st.lists(st.sampled_from(periods), unique=True)) if periods else [])
    shown = waiting(found, done, today)
    assert not {one.period for one in shown} & done
    open_now = [one for one in found if one.opens <= today and one.period not in done]
    assert {one.period for one in open_now} <= {one.period for one in shown}
    assert sum(one.opens > today for one in shown) <= 1
    oldest = min(open_now, key=lambda one: (one.day, one.period), default=None)
    assert fulfilled_by(found, done, today) == oldest
