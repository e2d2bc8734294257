"""What the clock does by itself: silence, lights, and dates that were not known yet."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_core.capabilities.notifications.models import Message
from platform_core.capabilities.process import catching_up
from platform_core.capabilities.process.catching_up import sweep_unknown_terms
from platform_core.common import workcalendar
from platform_core.common.events import listen
from platform_core.common.models import CalendarDay
from security.actors import Actor
from security.organs.models import Post
from service_hub.cases import services
from service_hub.cases.clocks import acceptance_due, clock_from, level
from service_hub.cases.clockwork import sweep, sweep_unknown
from service_hub.cases.models import Case, CaseEvent
from service_hub.cases.timeline import history, overview
from service_hub.items.models import ServiceItem
from tests.factories import actor_of

from ..makers import do, file_elsewhere, item_of, make_office, open_tasks, rent_values

CHINA = ZoneInfo("Asia/Shanghai")
CLOCK = Actor.system("case clock")


def on(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=CHINA)


@pytest.fixture
def office(db):
    found = make_office("housing_fund")
    Post.objects.filter(user=found["head"]).update(is_head=True)
    return found


def filed(user, at: datetime) -> Case:
    item = item_of("housing_fund", "rent")
    values = rent_values(user)
    return services.file_values(actor=actor_of(user), item=item, values=values, at=at).case


class TestVectors:
    """Worked examples with the notices of 2020 and 2026 (domain: working days)."""

    @pytest.mark.parametrize(
        ("accepted", "days", "due", "pauses"),
        [
            ((2020, 1, 22), 5, (2020, 2, 6), []),
            ((2020, 1, 22), 20, (2020, 2, 27), []),
            ((2026, 9, 18), 5, (2026, 9, 24), []),
            ((2026, 2, 10), 20, (2026, 3, 23), [(date(2026, 2, 12), date(2026, 2, 25))]),
        ],
    )
    def test_the_promise_ends_with_the_office_hours_of_its_last_day(
        self, db, accepted, days, due, pauses
    ):
        clock = clock_from(on(*accepted), days, 60, pauses)
        assert clock.promise_due_at == on(*due, 18)

    def test_past_the_calendar_there_is_no_date_and_no_guess(self, db):
        clock = clock_from(on(2099, 1, 5), 5, 20)
        assert (clock.promise_due_at, clock.promise_warn_at, clock.legal_due_at) == (None,) * 3
        assert acceptance_due(on(2099, 1, 5)) is None


class TestSilence:
    def test_after_five_working_days_it_counts_as_accepted_since_it_was_sent(self, alice, office):
        case = filed(alice, on(2026, 9, 18))
        assert case.acceptance_due_at == on(2026, 9, 24, 18)
        assert sweep(actor=CLOCK, now=on(2026, 9, 24, 18))["accepted"] == 0
        assert sweep(actor=CLOCK, now=on(2026, 9, 24, 18, 1))["accepted"] == 1
        assert sweep(actor=CLOCK, now=on(2026, 9, 24, 18, 2))["accepted"] == 0
        case.refresh_from_db()
        assert (case.state, case.accepted_at) == ("accepted", on(2026, 9, 18))
        assert case.promise_due_at == on(2026, 9, 22, 18)
        said = [line["title"] for line in history(case, list(case.events.all()))]
        assert "The application counts as accepted" in said
        told = Message.objects.filter(recipient=office["head"], template="case.light")
        assert told.filter(title__en__startswith="Not accepted in time").exists()

    def test_who_accepted_or_asked_in_time_is_left_alone(self, alice, office):
        accepted = do(filed(alice, on(2026, 9, 18)), at=on(2026, 9, 21))
        asked = do(filed(alice, on(2026, 9, 18)), "correct", fields=["rent"], opinion="?",
                   at=on(2026, 9, 21))  # fmt: skip
        assert sweep(actor=CLOCK, now=on(2026, 9, 30))["accepted"] == 0
        accepted.refresh_from_db()
        asked.refresh_from_db()
        assert accepted.accepted_at == on(2026, 9, 21)
        assert asked.accepted_at is None

    def test_the_term_begins_anew_with_the_correction(self, alice, office):
        case = do(filed(alice, on(2026, 9, 18)), "correct", fields=["rent"], opinion="?",
                  at=on(2026, 9, 21))  # fmt: skip
        services.answer_correction(
            actor=actor_of(alice), case=case, values={"rent": "3300.00"}, at=on(2026, 10, 12)
        )
        case.refresh_from_db()
        assert case.acceptance_due_at == on(2026, 10, 19, 18)
        sweep(actor=CLOCK, now=on(2026, 10, 20))
        case.refresh_from_db()
        assert case.accepted_at == on(2026, 10, 12)

    def test_one_case_that_cannot_be_moved_holds_up_no_other(self, alice, office):
        make_office("medical_insurance")
        broken, other = file_elsewhere(alice), filed(alice, on(2026, 9, 18))
        Case.objects.filter(pk=broken.pk).update(acceptance_due_at=on(2026, 9, 1))
        ServiceItem.objects.filter(pk=broken.item_id).update(key="gone")
        assert sweep(actor=CLOCK, now=on(2026, 9, 30))["accepted"] == 1
        other.refresh_from_db()
        assert other.accepted_at


class TestLights:
    def test_each_change_is_told_once_to_whom_it_concerns(self, alice, office):
        heard = []
        listen("case.light_changed")(lambda case, light, **_: heard.append((case.pk, light)))
        case = do(filed(alice, on(2026, 9, 14)), at=on(2026, 9, 14))
        assert case.light == "g"
        for moment in (on(2026, 9, 15), on(2026, 9, 16, 18), on(2026, 9, 16, 19),
                       on(2026, 9, 17, 18), on(2026, 9, 17, 18, 1), on(2026, 9, 20)):  # fmt: skip
            sweep(actor=CLOCK, now=moment)
        assert [light for pk, light in heard if pk == case.pk] == ["y", "r"]
        told = Message.objects.filter(template="case.light", recipient=office["head"])
        assert [one.title["en"].split(":")[0] for one in told] == ["Late"]
        case.refresh_from_db()
        assert case.light == "r"
        do(case, at=on(2026, 9, 21))
        assert case.light == ""

    @given(
        days=st.integers(1, 30),
        moments=st.lists(st.integers(0, 90 * 24 * 60), min_size=2, max_size=12),
    )
    def test_a_light_never_goes_back_by_itself(self, days, moments):
        begun = on(2026, 2, 10)
        due = begun + timedelta(days=days)
        case = Case(state="reviewing", promise_due_at=due, promise_warn_at=due - timedelta(days=1))
        seen = [level(case, begun + timedelta(minutes=one)) for one in sorted(moments)]
        assert seen == sorted(seen, key="gyr".index)


class TestUnknownCalendar:
    @pytest.fixture
    def next_year(self, db):
        yield [date(2099, 1, 1) + timedelta(days=n) for n in range(365)]
        workcalendar.forget_overrides()

    def test_dates_are_computed_when_the_calendar_is_entered(self, alice, office, next_year):
        case = do(filed(alice, on(2099, 1, 5)), at=on(2099, 1, 5))
        assert case.promise_due_at is None
        assert overview(case)["expected_on"] is None
        assert sweep_unknown(actor=CLOCK, now=on(2099, 1, 5)) == 0
        CalendarDay.objects.bulk_create(
            CalendarDay(on=day, is_workday=day.weekday() < 5) for day in next_year
        )
        workcalendar.forget_overrides()
        assert sweep_unknown(actor=CLOCK, now=on(2099, 1, 5)) == 1
        case.refresh_from_db()
        assert (case.promise_due_at, case.light) == (on(2099, 1, 8, 18), "g")
        (task,) = open_tasks(case)
        assert task.due_at is None
        assert sweep_unknown_terms() == 1
        (task,) = open_tasks(case)
        assert task.due_at is not None
        assert sweep_unknown_terms() == 0

    def test_terms_of_every_batch_are_computed(self, alice, office, next_year, monkeypatch):
        monkeypatch.setattr(catching_up, "BATCH", 2)
        cases = [do(filed(alice, on(2099, 1, 5)), at=on(2099, 1, 5)) for _number in range(5)]
        # Nothing is entered: each is looked at once, not again and again.
        assert sweep_unknown_terms() == 5
        assert all(open_tasks(case)[0].due_at is None for case in cases)
        CalendarDay.objects.bulk_create(
            CalendarDay(on=day, is_workday=day.weekday() < 5) for day in next_year
        )
        workcalendar.forget_overrides()
        assert sweep_unknown_terms() == 5
        assert all(open_tasks(case)[0].due_at is not None for case in cases)
        assert sweep_unknown_terms() == 0


def test_an_application_turned_away_unread_was_not_accepted(alice, office):
    case = do(filed(alice, on(2026, 9, 14)), "reject", opinion="Another city is responsible.")
    assert case.state == Case.State.NOT_ACCEPTED
    assert overview(case)["headline"] == "Your application was not accepted"
    assert CaseEvent.objects.filter(case=case, kind="not_accepted").exists()
    refused = do(do(filed(alice, on(2026, 9, 14))), "reject", opinion="No lease.")
    assert refused.state == Case.State.REFUSED
