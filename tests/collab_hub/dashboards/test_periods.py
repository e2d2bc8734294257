"""Months, quarters, years and the slices of a figure: their ends, and how addresses say them."""

from datetime import date, timedelta
from itertools import pairwise
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab_hub.dashboards.periods import KINDS, Days, Period
from collab_hub.dashboards.slices import DUES, LIGHTS, Slice

from .makers import at

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
TODAY = date(2026, 11, 27)


@given(st.sampled_from(KINDS), DAYS)
def test_a_period_holds_its_day_ends_where_the_next_begins_and_is_read_back(kind, day):
    period = Period.of(kind, day)
    days = period.days
    assert days.first <= day < days.until == period.moved(1).first
    assert period.moved(1).moved(-1) == period == Period.read(kind, period.key, day)
    buckets = period.buckets()
    assert (buckets[0].first, buckets[-1].until) == (days.first, days.until)
    assert all(one.until == two.first for one, two in pairwise(buckets))
    months = period.twelve_months()
    assert len(months) == 12 and months[-1].until == days.until


def test_days_begin_at_midnight_in_shanghai():
    begins, ends = Period("month", date(2026, 2, 1)).days.moments()
    assert (begins, ends) == (at(2026, 2, 1), at(2026, 3, 1))
    assert begins.utcoffset() == timedelta(hours=8)
    assert [one.first.day for one in Period("quarter", date(2026, 10, 1)).buckets()][:3] == [
        1,
        5,
        12,
    ]


@pytest.mark.parametrize(
    ("kind", "written"),
    [("month", "2026-13"), ("month", "2026-12"), ("month", "1999-01"), ("month", "２０２６-01"),
     ("quarter", "2026-Q5"), ("quarter", "2026-Q0"), ("year", "20260"), ("year", "2027"),
     ("month", "\x00"), ("decade", "2020s")],
)  # fmt: skip
def test_what_cannot_be_read_or_has_not_begun_is_the_running_period(kind, written):
    found = Period.read(kind, written, TODAY)
    assert found == Period.of(kind if kind in KINDS else "month", TODAY)


SLICES = st.one_of(
    st.builds(
        Slice,
        light=st.sampled_from(["", *LIGHTS]),
        kind=st.sampled_from(["", "task.approve", "work.paper_sign"]),
        person=st.sampled_from([None, 0, 17]),
        step=st.sampled_from([None, (3, "main", "accept.twice")]),
    ),
    st.builds(
        Slice,
        what=st.just("finished"),
        days=DAYS.map(lambda day: Days(day, day + timedelta(days=9))),
        due=st.sampled_from(["", *DUES]),
        service=st.sampled_from(["", "napp.7", "kind.paper_sign"]),
    ),
)


@given(SLICES)
def test_a_slice_is_read_from_its_own_address(chosen):
    assert Slice.read(dict(parse_qsl(chosen.address())), TODAY) == chosen


@given(st.dictionaries(
    st.sampled_from(["what", "from", "to", "light", "due", "kind", "service", "person", "step"]),
    st.one_of(st.text(max_size=12), st.sampled_from(["open", "finished", "napp.²", "napp.", "²",
                                                     "kind.a b", "1.2", "9999999999.x.y"])),
))  # fmt: skip
def test_no_address_breaks_a_slice(values):
    chosen = Slice.read(values, TODAY)
    assert (chosen.days is None) == (chosen.what == "open")
    assert Slice.read(dict(parse_qsl(chosen.address())), TODAY) == chosen
