"""What the operations on numbers, texts, days, people and rows mean."""

from datetime import date, timedelta
from decimal import Decimal

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_core.capabilities.rules import Calendar, Reference, RuleError, evaluate
from platform_core.capabilities.rules.reference import browser_calendar, reference_now
from platform_core.common import workcalendar
from platform_core.common.models import CalendarDay

TODAY = date(2020, 2, 9)
STATUTORY = Reference(
    Calendar(
        lambda year: (
            [
                day.isoformat()[5:]
                for day in (date(year, 1, 1) + timedelta(days=n) for n in range(365))
                if chinese_calendar.is_workday(day) != (day.weekday() < 5)
            ]
            if year in (2021, 2022, 2023)
            else None
        )
    )
)


def value(tree, reference=STATUTORY, **values):
    return evaluate(tree, values, today=TODAY, reference=reference)


@pytest.mark.parametrize(
    ("tree", "wanted"),
    [
        ({"mod": [7, 3]}, 1),
        ({"mod": [-7, 3]}, 2),
        ({"mod": [7, -3]}, -2),
        ({"mod": [5.5, 2]}, Decimal("1.5")),
        ({"mod": [5, 0]}, None),
        ({"abs": -2.5}, Decimal("2.5")),
        ({"floor": -2.5}, -3),
        ({"ceil": -2.5}, -2),
        ({"ceil": 2.000001}, 3),
        ({"round": 2.5}, 3),
        ({"round": -2.5}, -3),
        ({"round": [1234.5678, 2]}, Decimal("1234.57")),
        ({"round": [1250, -2]}, 1300),
        ({"round": [1, 7]}, None),
        ({"round": [1, 0.5]}, None),
        ({"min": [3, 1, 2]}, 1),
        ({"max": ["2020-01-31", "2020-02-01"]}, "2020-02-01"),
        ({"max": [3, "1"]}, None),
        ({"min": [3, None]}, None),
        ({"number": "-12.50"}, Decimal("-12.5")),
        ({"number": "1e3"}, None),
        ({"number": " 1"}, None),
        ({"number": "１"}, None),
        ({"text": 12.5}, "12.5"),
        ({"text": True}, None),
    ],
)
def test_numbers(tree, wanted):
    assert value(tree) == wanted


@pytest.mark.parametrize(
    ("tree", "wanted"),
    [
        ({"length": "𠮷野家"}, 3),
        ({"length": ""}, None),
        ({"concat": ["a", "b", "c"]}, "abc"),
        ({"concat": ["a", 1]}, None),
        ({"concat": ["a", {"text": 1}]}, "a1"),
        ({"concat": ["x" * 4000, "x"]}, None),
        ({"contains": ["杭州市西湖区", "西湖"]}, True),
        ({"contains": ["杭州市", None]}, False),
        ({"starts_with": ["330106", "3301"]}, True),
        ({"ends_with": ["330106", "06"]}, True),
        ({"ends_with": [330106, "06"]}, False),
        ({"upper": "aß1é"}, "Aß1é"),
        ({"lower": "ABİ"}, "abİ"),
        ({"trim": "\u3000 x \t"}, "x"),
        ({"trim": " \n"}, None),
        ({"slice": ["330106199003", 7, 4]}, "1990"),
        ({"slice": ["𠮷野家", 2]}, "野家"),
        ({"slice": ["abc", 0]}, None),
        ({"slice": ["abc", 4]}, None),
        ({"slice": ["abc", 2, 10**12]}, "bc"),
        ({"slice": ["abc", 1, None]}, None),
    ],
)
def test_texts(tree, wanted):
    assert value(tree) == wanted


@pytest.mark.parametrize(
    ("tree", "wanted"),
    [
        ({"year": "2020-02-09"}, 2020),
        ({"month": "2020-02-09"}, 2),
        ({"day": "2020-02-09"}, 9),
        ({"weekday": "2020-02-09"}, 7),
        ({"year": "2020-02-30"}, None),
        ({"add_months": ["2020-01-31", 1]}, "2020-02-29"),
        ({"add_months": ["2020-03-31", -1]}, "2020-02-29"),
        ({"add_months": ["2020-02-29", 12]}, "2021-02-28"),
        ({"add_months": ["2020-01-31", 0.5]}, None),
        ({"add_months": ["9999-12-31", 1]}, None),
        ({"add_months": ["0001-01-01", -1]}, None),
        ({"months_between": ["2020-01-31", "2020-02-29"]}, 1),
        ({"months_between": ["2020-01-31", "2020-02-28"]}, 0),
        ({"months_between": ["2020-03-15", "2020-01-16"]}, -1),
        ({"years_between": ["2000-02-29", "2019-02-28"]}, 19),
        ({"years_between": ["2020-02-09", "2000-02-10"]}, -19),
        ({"age": "11010519491231002X"}, 70),
        ({"age": ["11010519491231002X", "2019-12-30"]}, 69),
        ({"age": ["11010519491231002X", "1949-12-30"]}, None),
        ({"age": "2002-02-09"}, 18),
        ({"age": "2002-02-10"}, 17),
        ({"age": "110105194912310021"}, None),
        ({"birthday": "11010519491231002X"}, "1949-12-31"),
        ({"sex": "11010519491231002X"}, "female"),
        ({"sex": "11010519491231002x"}, None),
    ],
)
def test_days_and_people(tree, wanted):
    assert value(tree) == wanted


@pytest.mark.parametrize(
    ("tree", "wanted"),
    [
        ({"is_working_day": "2021-02-17"}, False),
        ({"is_working_day": "2021-02-20"}, True),
        ({"is_working_day": "2020-02-10"}, None),
        ({"add_working_days": ["2021-02-10", 1]}, "2021-02-18"),
        ({"add_working_days": ["2021-02-18", -1]}, "2021-02-10"),
        ({"add_working_days": ["2020-12-31", 1]}, "2021-01-04"),
        ({"add_working_days": ["2019-05-01", 0]}, "2019-05-01"),
        ({"add_working_days": ["2023-12-28", 3]}, None),
        ({"add_working_days": ["2021-02-10", 10**12]}, None),
        ({"working_days_between": ["2021-02-10", "2021-02-20"]}, 3),
        ({"working_days_between": ["2021-02-20", "2021-02-10"]}, -3),
        ({"working_days_between": ["2023-12-29", "2024-01-02"]}, None),
    ],
)
def test_working_days_of_a_known_year(tree, wanted):
    assert value(tree) == wanted


def test_without_a_calendar_working_days_are_empty():
    tree = {"add_working_days": ["2021-02-10", 1]}
    assert value(tree, Reference()) is None


@given(
    st.dates(date(2021, 1, 1), date(2022, 12, 31)),
    st.integers(0, 150),
)
def test_working_days_are_counted_as_terms_are(start, count):
    end = workcalendar.count_forward(start, count, workcalendar.statutory_workday)
    assert value({"add_working_days": [start.isoformat(), count]}) == end.isoformat()
    between = workcalendar.count_between(start, end, workcalendar.statutory_workday)
    pair = [start.isoformat(), end.isoformat()]
    assert value({"working_days_between": pair}) == between == count


@pytest.mark.django_db
def test_the_organs_own_days_win_and_the_browser_gets_them():
    CalendarDay.objects.create(on=date(2021, 2, 18), is_workday=False)
    workcalendar.forget_overrides()
    try:
        tree = {"add_working_days": ["2021-02-10", 1]}
        here = reference_now(date(2021, 2, 1))
        assert value(tree, here) == "2021-02-19"
        data = browser_calendar(date(2021, 2, 1))
        assert "02-18" in data["2021"] and "02-19" not in data["2021"]
        assert value(tree, Reference(Calendar.of(data))) == "2021-02-19"
        assert value({"is_working_day": "2300-01-01"}, here) is None
    finally:
        CalendarDay.objects.all().delete()
        workcalendar.forget_overrides()


@pytest.mark.parametrize(
    ("tree", "wanted"),
    [
        ({"avg": [{"var": "staff"}, {"row": "temp"}]}, Decimal("36.85")),
        ({"min_of": [{"var": "staff"}, {"row": "temp"}]}, Decimal("36.5")),
        ({"max_of": [{"var": "staff"}, {"row": "on"}]}, "2020-02-03"),
        ({"max_of": [{"var": "staff"}, {"row": "mixed"}]}, None),
        ({"avg": [{"var": "gone"}, {"row": "temp"}]}, None),
        ({"avg": [{"var": "staff"}, {"row": "on"}]}, None),
    ],
)
def test_rows(tree, wanted):
    staff = [
        {"temp": 36.5, "on": "2020-02-01", "mixed": 1},
        {"temp": 37.2, "on": "2020-02-03", "mixed": "x"},
        {},
    ]
    assert value(tree, staff=staff) == wanted


def test_a_list_inside_a_list_is_empty_and_one_that_holds_itself_ends():
    circle: list = [1]
    circle.append(circle)
    assert value({"var": "a"}, a=circle) == [1, None]


def test_a_lookup_asks_the_reference_and_stops_at_its_budget():
    asked = []
    here = Reference(find=lambda *names: asked.append(names) or "浙江省")
    assert value({"lookup": ["regions", {"var": "code"}, "name"]}, here, code="33") == "浙江省"
    assert asked == [("regions", "33", "name")]
    assert value({"lookup": ["regions", {"var": "gone"}, "name"]}, here) is None
    assert value({"lookup": ["regions", 33, "name"]}, here) is None
    many = {"count": [{"var": "rows"}, {"filled": {"lookup": ["regions", {"row": "c"}, "name"]}}]}
    with pytest.raises(RuleError):
        value(many, here, rows=[{"c": "33"}] * 401)
