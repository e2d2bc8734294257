"""On duty in two rosters at once: said with both names, refused only within one roster."""

from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collab_hub.directory import double_selectors, swap_services
from collab_hub.directory.models import DutySwap
from collab_hub.inbox.models import WorkItem
from tests.factories import actor_of

from .makers import DAY, MONDAY, clerk, duty_of, head, plan, roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(db):
    return head(), [clerk("alice", "Alice"), clerk("bob", "Bob")]


def html(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_planning_warns_with_both_rosters_and_plans_all_the_same(office, team):
    keeper, (alice, bob) = team
    days = roster(keeper, [alice], name="Days", weekdays=[0])
    nights = roster(keeper, [bob], name="Floods", weekdays=[0, 3], begins=time(19), ends=time(7))
    client = office(keeper)
    shift = {
        "shift-weekdays": [0, 3], "shift-begins": "06:00", "shift-ends": "09:00",
        "shift-first_on": MONDAY.isoformat(), "shift-person_1": bob.pk,
    }  # fmt: skip
    pattern = reverse("directory:pattern", args=[days.pk])
    said = html(client.post(pattern, shift, follow=True))
    assert "The shifts stand in the roster." in said
    # Tuesday at dawn is another day than Monday's night: only what really overlaps is named.
    assert "in two rosters at once" not in said
    said = html(client.post(pattern, shift | {"shift-weekdays": [1]}, follow=True))
    assert "Bob is on duty in two rosters at once: “Days” (" in said and "“Floods” (" in said
    assert "06:00–09:00" in said and "19:00–07:00 (+1)" in said and "more days." in said
    month = f"{reverse('directory:roster', args=[days.pk])}?month={MONDAY + DAY:%Y-%m}"
    assert "Also on duty in “Floods”" in html(client.get(month))
    # Put on one duty, the same.
    other, on = duty_of(nights, bob)
    put = reverse("directory:put", args=[nights.pk, other, on])
    said = html(client.post(put, {"put-person": alice.pk, "put-reason": "Ill"}, follow=True))
    assert "Alice is on duty in two rosters at once: “Floods” (" in said and "“Days” (" in said


def test_a_swap_into_two_rosters_is_said_to_both_and_may_be_agreed(office, team):
    keeper, (alice, bob) = team
    made = roster(keeper, [alice, bob], name="Days")
    mine, theirs = duty_of(made, alice), duty_of(made, bob)
    roster(keeper, [bob], name="Floods", weekdays=[mine[1].weekday()], begins=time(19),
           ends=time(7))  # fmt: skip
    ask = reverse("directory:swap", args=[made.pk, *mine])
    told = html(office(alice).post(ask, {"swap-theirs": f"{theirs[0]}/{theirs[1]}"}, follow=True))
    words = "Bob is on duty in two rosters at once: “Days” ("
    assert "Asked. It holds when your colleague agrees." in told and words in told
    assert words in WorkItem.objects.get(kind="duty_swap").reason["en"]
    assert words in html(office(bob).get(reverse("directory:roster", args=[made.pk])))
    swap_services.agree_swap(actor=actor_of(bob), swap=DutySwap.objects.get())
    assert duty_of(made, bob) == mine


def test_what_is_double_asks_as_often_for_three_rosters_as_for_one(team):
    keeper, people = team
    made = roster(keeper, people, name="Days")
    roster(keeper, people, name="a", first_on=date.today())

    def asked() -> int:
        planned = plan(made).duties
        with CaptureQueriesContext(connection) as queries:
            found = double_selectors.doubles(made, planned)
        assert len(found) == len(planned)
        return len(queries)

    first = asked()
    for number, name in enumerate("bc"):
        roster(keeper, [*people, clerk(f"zoe{number}")], name=name, weekdays=range(5))
    assert asked() == first
