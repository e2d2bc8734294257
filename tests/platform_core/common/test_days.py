"""Where days begin, and times in words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from platform_core.common.days import duration, midnight


def test_a_day_begins_at_midnight_of_the_office():
    assert midnight(date(2026, 11, 1)) == datetime(2026, 10, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (None, ""),
        (timedelta(seconds=-5), "0 s"),
        (timedelta(seconds=59.4), "59 s"),
        (timedelta(minutes=1, seconds=59), "1 min"),
        (timedelta(hours=2, minutes=10), "2 h 10 min"),
        (timedelta(days=1) - timedelta(seconds=1), "23 h 59 min"),
        (timedelta(days=3, hours=4, minutes=59), "3 d 4 h"),
    ],
)
def test_a_time_is_told_in_its_two_largest_units(span, words):
    assert duration(span) == words
