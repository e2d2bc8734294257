"""Rules as the browser works them out: the calendar of the office is on the page."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from platform_core.capabilities.forms import services
from platform_core.common import workcalendar
from platform_core.common.models import CalendarDay
from tests.factories import actor_of, make_citizen
from tests.platform_core.capabilities.forms.makers import TWO, publish

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.platform_core.capabilities.forms.site"),
]
FORM = {
    "key": "visit",
    "title": TWO("预约", "Appointment"),
    "pages": [
        {
            "key": "day",
            "title": TWO("日期", "Day"),
            "fields": [
                {"key": "on", "type": "date", "label": TWO("到访日期", "Day of your visit")},
                {
                    "key": "why",
                    "type": "text",
                    "label": TWO("为何在休息日到访", "Why on a day of rest?"),
                    "show_if": {"==": [{"is_working_day": [{"var": "on"}]}, False]},
                },
            ],
        }
    ],
}


@pytest.fixture
def week():
    """Monday to Friday of one week of this year, of which the Wednesday is a day off."""
    year = timezone.localdate().year
    first = date(year, 1, 1)
    days = [first + timedelta(days=number) for number in range(366)]
    days = [day for day in days if day.year == year]
    monday = next(day for day in days[100:] if day.weekday() == 0)
    off = monday + timedelta(days=2)
    CalendarDay.objects.bulk_create(
        CalendarDay(on=day, is_workday=day.weekday() < 5 and day != off) for day in days
    )
    workcalendar.forget_overrides()
    yield [(monday + timedelta(days=number)).isoformat() for number in range(7)]
    CalendarDay.objects.all().delete()
    workcalendar.forget_overrides()


def test_a_question_follows_the_offices_calendar_as_one_types(browse, week):
    alice = make_citizen("alice")
    rule = {">": [{"working_days_between": [week[0], {"var": "on"}]}, 3]}
    far = {
        "key": "far",
        "type": "text",
        "label": TWO("为何这么晚", "Why so late?"),
        "show_if": rule,
    }
    (only,) = FORM["pages"]
    page_one = {**only, "fields": [*only["fields"], far]}
    draft = services.start_draft(
        actor=actor_of(alice),
        napp_version=publish({**FORM, "pages": [page_one]}),
        form_key="visit",
        purpose="x",
    )
    page = browse(f"/forms-test/{draft.pk}/day", user=alice, size="phone", language="en")
    rest, late = page.locator("[name=why]"), page.locator("[name=far]")
    expect(rest).to_be_hidden()
    for day, is_off in zip(week, (False, False, True, False, False, True, True), strict=True):
        page.fill("[name=on]", day)
        expect(rest).to_be_visible(visible=is_off)
        # With the Wednesday off, three working days follow the Monday up to the Friday.
        expect(late).to_be_hidden()
    page.fill("[name=on]", (date.fromisoformat(week[0]) + timedelta(days=7)).isoformat())
    expect(late).to_be_visible()
