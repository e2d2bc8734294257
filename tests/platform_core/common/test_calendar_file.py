"""Calendar files, read back by a strict reader: zones with changing clocks, whole days, folding."""

import io
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from hypothesis import given
from hypothesis import strategies as st

from platform_core.common.calendar_file import CHINA, Event, calendar

from .calendar_reader import read

MADE = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"]


def zone_of(content: bytes, name: str):
    """The zone that the file itself describes, as another library understands it."""
    text = content.decode().replace("\r\n ", "").replace("\r\n", "\n")
    begin, end = text.index("BEGIN:VTIMEZONE"), text.index("END:VTIMEZONE\n") + 14
    return tzical(io.StringIO(text[begin:end])).get(name)


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 30)).map(
        lambda one: one.replace(second=0, microsecond=0, tzinfo=UTC)
    ),
    st.integers(1, 72),
)
def test_moments_are_the_same_when_read_back(name, starts, hours):
    zone = ZoneInfo(name)
    ends = starts + timedelta(hours=hours)
    content = calendar([Event("1@x", "值班", starts, ends)], made_at=MADE, zone=zone)
    (found,) = read(content)["events"]
    described = zone_of(content, name)
    for key, moment in (("DTSTART", starts), ("DTEND", ends)):
        parameters, value = found[key]
        if value.endswith("Z"):
            told = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        else:
            assert parameters == {"TZID": name}
            local = datetime.strptime(value, "%Y%m%dT%H%M%S")
            told = local.replace(tzinfo=described)
            assert told.utcoffset() == moment.astimezone(zone).utcoffset()
        assert told.astimezone(UTC) == moment


def test_the_hour_that_comes_twice_is_told_apart():
    berlin = ZoneInfo("Europe/Berlin")
    moments = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    events = [Event(f"{n}@x", "x", one, one + timedelta(hours=3)) for n, one in enumerate(moments)]
    found = read(calendar(events, made_at=MADE, zone=berlin))["events"]
    assert [one["DTSTART"][1] for one in found] == ["20261025T003000Z", "20261025T013000Z"]
    assert found[0]["DTEND"] == ({"TZID": "Europe/Berlin"}, "20261025T043000")


def test_whole_days_have_no_clock_and_their_end_is_the_day_after():
    events = [Event("1@x", "休假", date(2026, 3, 28), date(2026, 3, 30)),
              Event("2@x", "一天", date(2026, 3, 29))]  # fmt: skip
    made = read(calendar(events, made_at=MADE, name="张三, 办公", zone=ZoneInfo("Europe/Berlin")))
    assert made["zones"] == []  # without a clock no zone is needed
    assert [(one["DTSTART"][1], one["DTEND"][1]) for one in made["events"]] == [
        ("20260328", "20260330"),
        ("20260329", "20260330"),
    ]
    assert made["events"][0]["DTSTART"][0] == {"VALUE": "DATE"}
    assert made["name"] == "张三, 办公"


@given(st.text(max_size=200), st.text(max_size=200))
def test_every_text_comes_back_as_it_was(title, place):
    if any((ord(one) < 32 and one not in "\n") or one == "\x7f" for one in title + place):
        return
    if any("\ud800" <= one <= "\udfff" for one in title + place) or not place:
        return
    event = Event("1@x", title, date(2026, 1, 1), place=place)
    (found,) = read(calendar([event], made_at=MADE, zone=CHINA))["events"]
    assert found["SUMMARY"][1] == title and found["LOCATION"][1] == place


def test_a_reader_finds_what_is_broken():
    with pytest.raises(AssertionError):
        read(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n")
