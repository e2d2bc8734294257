"""When a hall is open, and the calendar file. Pure."""

import itertools
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from platform_core.common.calendar_file import calendar_file, escaped, folded
from platform_core.common.workcalendar import statutory_workday
from service_hub.booking.hours import barred_until, hours_on, slots_of

WEEK = {day: [(time(9), time(11, 30)), (time(13, 30), time(17))] for day in range(5)}


def hours(day: date, exceptions=None):
    return hours_on(day, WEEK, exceptions or {}, statutory_workday)


def test_a_public_holiday_is_closed_and_a_working_sunday_is_a_monday():
    assert hours(date(2026, 2, 17)) == []  # Spring Festival
    assert hours(date(2026, 9, 20)) == WEEK[0]  # a Sunday on which offices work
    assert hours(date(2026, 9, 19)) == []  # a Saturday
    assert hours(date(2026, 3, 3)) == WEEK[1]


def test_an_exception_counts_before_everything():
    day = date(2026, 3, 3)
    assert hours(day, {day: []}) == []
    assert hours(date(2026, 2, 17), {date(2026, 2, 17): [(time(9), time(10))]})


@given(st.integers(5, 240))
def test_slots_fit_whole_and_do_not_overlap(minutes):
    slots = slots_of(WEEK[0], minutes)
    for (_one, end), (begin, _other) in itertools.pairwise(slots):
        assert end <= begin
    assert all(any(o <= b and e <= c for o, c in WEEK[0]) for b, e in slots)
    assert len(slots) == 150 // minutes + 210 // minutes


def test_three_misses_bar_for_a_month():
    today = date(2026, 3, 3)
    days = [datetime(2026, 3, 2) - timedelta(days=n) for n in (0, 5, 10)]
    assert barred_until(days[:2], today) is None
    assert barred_until(days, today) == date(2026, 4, 1)
    assert barred_until(days, date(2026, 4, 2)) is None
    assert barred_until([one - timedelta(days=90) for one in days], today) is None


@given(st.text(max_size=300))
def test_no_line_is_longer_than_the_format_allows(words):
    line = f"SUMMARY:{escaped(words)}"
    parts = folded(line).split("\r\n ")
    assert "".join(parts) == line
    assert all(len(part.encode()) <= 74 for part in parts[1:])
    assert len(parts[0].encode()) <= 75


def test_the_calendar_file_is_one_event():
    moment = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
    told = calendar_file(
        uid="1@example", made_at=moment, starts_at=moment, ends_at=moment + timedelta(minutes=30),
        title="医保, A", place="文一西路; 858", note="一\n二", sequence=2,
    ).decode()  # fmt: skip
    assert told.endswith("END:VCALENDAR\r\n") and "\n" not in told.replace("\r\n", "")
    assert "DTSTART;TZID=Asia/Shanghai:20260303T090000\r\n" in told
    assert "SUMMARY:医保\\, A\r\n" in told and "858" in told and "SEQUENCE:2" in told
    assert told.count("BEGIN:VEVENT") == 1
