"""The rules of duty rosters: no hole is left unsaid, swaps keep counts, clocks change."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from collab_hub.directory import duties
from collab_hub.directory.duties import Shift
from collab_hub.directory.standing_in import Link, chains

DAY = timedelta(days=1)
BERLIN, NEW_YORK, LORD_HOWE, CHINA = (
    ZoneInfo(name)
    for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai")
)
ZONES = st.sampled_from([BERLIN, NEW_YORK, LORD_HOWE, CHINA])
DATES = st.dates(date(2024, 1, 1), date(2027, 12, 31))
TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))
PEOPLE = st.lists(st.integers(1, 5), max_size=4).map(tuple)


@st.composite
def rosters(draw):
    """Shifts, changes, the days of a period, who cannot come."""
    first = draw(DATES)
    last = first + timedelta(days=draw(st.integers(1, 40)))
    shifts = [
        Shift(
            key, draw(st.integers(0, 6)), draw(TIMES), draw(TIMES),
            first - timedelta(days=draw(st.integers(0, 30))),
            draw(st.none() | st.just(first + 9 * DAY)), draw(PEOPLE), draw(st.booleans()),
        )
        for key in range(1, draw(st.integers(0, 7)) + 1)
    ]  # fmt: skip
    changes = {}
    for shift in shifts:
        if draw(st.booleans()):
            day = first + timedelta(days=(shift.weekday - first.weekday()) % 7)
            changes[(shift.key, day)] = draw(st.none() | st.integers(1, 5))
    return shifts, changes, first, last, draw(st.sets(st.integers(1, 5))), draw(ZONES)


@given(rosters(), rosters())
def test_two_rosters_name_every_moment_that_somebody_has_twice(one, other):
    """Beside one another stand just those duties that share a person and a moment."""
    first, last, zone = one[2], one[3], one[5]
    here, there = (duties.planned(made[0], made[1], first, last, zone) for made in (one, other))
    found = {(duty, same) for duty, some in duties.beside(here, there).items() for same in some}
    for duty in here:
        for same in there:
            shared = max(duty.starts_at, same.starts_at) < min(duty.ends_at, same.ends_at)
            is_double = bool(duty.person) and duty.person == same.person and shared
            assert ((duty, same) in found) == is_double


@given(rosters())
def test_no_hole_is_left_unsaid(made):
    shifts, changes, first, last, gone, zone = made
    rows = duties.planned(shifts, changes, first, last, zone)
    told = duties.said(rows, lambda person, _duty: duties.LEFT if person in gone else "")
    starts, ends = (duties.moment_at(day, time.min, zone) for day in (first, last))
    told += duties.holes(rows, starts, ends)
    # Each line has a person who can come, or says why nobody does.
    assert all(bool(one.person) != bool(one.gap) for one in told)
    assert not any(one.person in gone for one in told)
    # Every moment of the period lies in a shift or in a gap.
    at = starts
    for one in sorted(told, key=lambda one: one.starts_at):
        assert one.starts_at <= at or at >= ends, "a hole that nobody is told of"
        at = max(at, one.ends_at)
    assert at >= ends
    # Nobody is on duty twice at once.
    assert duties.clashes(told) == set()
    # Every shift of the pattern stands there on each of its days, once.
    expected = {
        (shift.key, first + timedelta(days=number))
        for shift in shifts
        for number in range((last - first).days)
        if shift.falls_on(first + timedelta(days=number))
    }
    assert Counter((one.shift, one.on) for one in told if one.shift) == Counter(expected)


@given(rosters(), st.data())
def test_swaps_keep_counts(made, data):
    shifts, changes, first, last, _gone, zone = made
    rows = [one for one in duties.planned(shifts, changes, first, last, zone) if one.person]
    if len(rows) < 2:
        return
    one, other = (data.draw(st.sampled_from(rows)) for _turn in range(2))
    after = duties.swapped(rows, (one.shift, one.on), (other.shift, other.on))
    assert Counter(row.person for row in after) == Counter(row.person for row in rows)
    assert [row.starts_at for row in after] == [row.starts_at for row in rows]
    back = duties.swapped(after, (one.shift, one.on), (other.shift, other.on))
    assert back == rows


@given(ZONES, DATES, TIMES, TIMES)
def test_shifts_that_follow_one_another_leave_no_hole_when_clocks_change(zone, first, one, other):
    """A day shift and a night shift for 40 days: whatever the clocks do, one begins where the other
    ends.
    """
    shifts = [
        Shift(2 * day + number, day, begins, ends, first, people=(1 + number,))
        for day in range(7)
        for number, (begins, ends) in enumerate([(one, other), (other, one)])
        if begins != ends
    ] or [Shift(day, day, one, one, first, people=(1,)) for day in range(7)]
    last = first + timedelta(days=40)
    rows = duties.planned(shifts, {}, first, last, zone)
    inside = duties.moment_at(first + DAY, time.min, zone), duties.moment_at(last, time.min, zone)
    assert duties.holes(rows, *inside) == []


def test_a_night_is_an_hour_longer_or_shorter_when_the_clocks_change():
    shift = Shift(1, 5, time(20), time(8), date(2026, 1, 1), people=(7,))
    lengths = {}
    for day in (date(2026, 3, 28), date(2026, 10, 24), date(2026, 6, 6)):  # Saturdays
        starts, ends = duties.span(shift, day, BERLIN)
        lengths[day.month] = ends - starts
        assert starts.astimezone(BERLIN).time() == time(20)
        assert ends.astimezone(BERLIN).time() == time(8)
    hours = {month: one.total_seconds() / 3600 for month, one in lengths.items()}
    assert hours == {3: 11, 10: 13, 6: 12}
    # The hour that is left out, and the first of the one that comes twice.
    assert duties.moment_at(date(2026, 3, 29), time(2, 30), BERLIN) == datetime(
        2026, 3, 29, 1, 0, tzinfo=UTC
    )
    assert duties.moment_at(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


@given(ZONES, DATES, TIMES, TIMES)
def test_what_is_earlier_by_the_clock_is_never_later(zone, day, one, other):
    first, last = sorted([one, other])
    assert duties.moment_at(day, first, zone) <= duties.moment_at(day, last, zone)


def test_people_take_turns_by_the_week_or_by_the_day():
    begins = date(2026, 11, 4)  # a Wednesday; turns are counted from its Monday
    week = Shift(1, 2, time(8), time(9), begins, people=(1, 2))
    assert [week.person_on(begins + n * 7 * DAY) for n in range(3)] == [1, 2, 1]
    day = Shift(1, 2, time(8), time(9), begins, people=(1, 2, 3), is_daily=True)
    assert [day.person_on(begins + n * DAY) for n in range(4)] == [3, 1, 2, 3]


def test_the_deputy_of_a_deputy_is_followed_and_a_circle_ends():
    until = date(2026, 12, 1)
    links = [Link(1, 2, until), Link(2, 3, until), Link(3, 1, until), Link(4, 5, until),
             Link(5, 6, until, is_partial=True)]  # fmt: skip
    assert [[one.deputy for one in way] for way in chains(links, 1)] == [[2, 3, 1]]
    # Who is away in some services only is there for the rest.
    assert [[one.deputy for one in way] for way in chains(links, 4)] == [[5]]
    assert chains(links, 9) == []


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=12), st.integers(1, 6))
def test_a_chain_always_ends(pairs, person):
    links = [Link(one, other, date(2026, 12, 1)) for one, other in pairs if one != other]
    ways = chains(links, person)
    assert len(ways) == sum(one == person for one, other in pairs if one != other)
    assert all(len(way) <= 7 and way[0].principal == person for way in ways)
