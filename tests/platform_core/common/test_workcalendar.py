"""Working days: the trade's own vectors, the organ's overrides, and the words of the light."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from platform_core.common import workcalendar as cal
from platform_core.common.models import CalendarDay

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = st.dates(date(2010, 1, 1), date(2026, 6, 1))


def weekday_only(day):
    return day.weekday() < 5


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def fresh_calendar():
    cal.forget_overrides()
    yield
    cal.forget_overrides()


@pytest.mark.django_db
class TestCalendarInForce:
    @pytest.mark.parametrize(
        ("start", "days", "end"),
        [
            (date(2020, 1, 22), 5, date(2020, 2, 6)),
            (date(2020, 1, 22), 20, date(2020, 2, 27)),
            (date(2026, 9, 18), 5, date(2026, 9, 24)),
        ],
    )
    def test_terms_run_over_holidays_and_make_up_days(self, start, days, end):
        assert cal.add_working_days(start, days) == end
        assert cal.working_days_between(start, end) == days

    def test_a_special_procedure_is_not_counted(self):
        pause = (date(2026, 2, 12), date(2026, 2, 25))
        assert cal.add_working_days(date(2026, 2, 10), 20, [pause]) == date(2026, 3, 23)

    def test_working_weekends_of_2020(self):
        sundays = ["2020-01-19", "2020-04-26", "2020-06-28", "2020-09-27"]
        saturdays = ["2020-05-09", "2020-10-10"]
        assert all(cal.is_workday(date.fromisoformat(day)) for day in sundays + saturdays)

    def test_an_unknown_year_is_refused_and_named(self):
        with pytest.raises(cal.CalendarUnknown) as refused, translation.override("en"):
            cal.is_workday(date(2031, 5, 6))
        assert refused.value.day.year == 2031
        assert "2031" in str(refused.value)

    def test_the_own_table_wins(self):
        CalendarDay.objects.create(on=date(2026, 9, 21), is_workday=False, source="typhoon")
        cal.forget_overrides()
        assert not cal.is_workday(date(2026, 9, 21))
        assert cal.add_working_days(date(2026, 9, 18), 5) == date(2026, 9, 28)

    def test_the_own_table_opens_a_year_that_nobody_published(self):
        CalendarDay.objects.create(on=date(2031, 5, 6), is_workday=True, source="own notice")
        cal.forget_overrides()
        assert cal.add_working_days(date(2031, 5, 5), 1) == date(2031, 5, 6)

    def test_a_term_ends_with_office_hours(self):
        assert cal.due_at(moment("2026-11-23T09:00"), 1) == moment("2026-11-24T18:00")
        assert cal.due_at(moment("2026-11-21T09:00"), 1) == moment("2026-11-23T18:00")

    def test_a_same_day_matter(self):
        assert cal.due_at(moment("2026-11-23T09:00"), 0) == moment("2026-11-23T18:00")
        assert cal.due_at(moment("2026-11-23T18:30"), 0) == moment("2026-11-24T18:00")
        assert cal.due_at(moment("2026-11-22T09:00"), 0) == moment("2026-11-23T18:00")

    def test_yellow_begins_at_80_percent_or_with_the_last_day(self):
        start = moment("2026-11-02T10:00")
        assert cal.warn_at(start, 20).date() == cal.add_working_days(start.date(), 16)
        assert cal.warn_at(start, 3).date() == cal.add_working_days(start.date(), 2)
        assert cal.warn_at(start, 1) == moment("2026-11-02T18:00")
        assert cal.warn_at(start, 0) == start


class TestCounting:
    @given(DAYS, st.integers(0, 250))
    def test_counting_there_and_back_agrees(self, start, days):
        end = cal.count_forward(start, days, weekday_only)
        assert cal.count_between(start, end, weekday_only) == days

    @given(DAYS, st.integers(1, 250))
    def test_a_term_ends_on_a_working_day_after_its_start(self, start, days):
        end = cal.count_forward(start, days, weekday_only)
        assert end > start
        assert weekday_only(end)

    @given(DAYS, st.integers(1, 120), st.integers(1, 120))
    def test_terms_add_up(self, start, first, second):
        middle = cal.count_forward(start, first, weekday_only)
        whole = cal.count_forward(start, first + second, weekday_only)
        assert cal.count_forward(middle, second, weekday_only) == whole

    @given(DAYS, st.integers(1, 60), st.integers(0, 40), st.integers(0, 30))
    def test_a_pause_adds_the_working_days_inside_it(self, start, days, gap, length):
        first = start + timedelta(days=gap + 1)
        last = first + timedelta(days=length)
        paused = cal.count_forward(start, days, weekday_only, [(first, last)])
        plain = cal.count_forward(start, days, weekday_only)
        if plain < first:
            assert paused == plain
        else:
            lost = sum(weekday_only(first + timedelta(days=n)) for n in range(length + 1))
            assert paused == cal.count_forward(start, days + lost, weekday_only)

    def test_a_calendar_without_working_days_is_refused(self):
        with pytest.raises(cal.CalendarUnknown):
            cal.count_forward(date(2026, 1, 1), 1, lambda day: False)

    def test_a_negative_term_is_refused(self):
        with pytest.raises(ValueError, match="negative"):
            cal.count_forward(date(2026, 1, 1), -1, weekday_only)


class TestLight:
    due = moment("2026-11-24T18:00")
    warn = moment("2026-11-23T18:00")

    def light(self, now, language="en"):
        with translation.override(language):
            return cal.deadline_light(self.due, self.warn, moment(now))

    def test_no_deadline_no_light(self):
        assert cal.deadline_light(None, None) is None

    @pytest.mark.parametrize(
        ("now", "level", "words"),
        [
            ("2026-11-20T09:00", "g", "24 November 18:00"),
            ("2026-11-23T09:00", "g", "Tomorrow 18:00"),
            ("2026-11-24T09:00", "y", "Today 18:00"),
            ("2026-11-24T18:30", "r", "Overdue since today 18:00"),
            ("2026-11-25T09:00", "r", "Overdue by 1 day"),
            ("2026-11-27T09:00", "r", "Overdue by 3 days"),
        ],
    )
    def test_colour_and_words(self, now, level, words):
        assert self.light(now) == {"level": level, "words": words}
