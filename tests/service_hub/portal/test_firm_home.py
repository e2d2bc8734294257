"""The home of a firm: what waits first, its cases with filters, its members."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from service_hub.benefits.models import Benefit
from service_hub.cases import choosing
from service_hub.cases.models import Case
from service_hub.cases.services import withdraw_case
from service_hub.firms import services as firms
from tests.factories import actor_of, make_citizen, make_department, make_official
from tests.service_hub.firms.makers import make_members, mandate_of
from tests.service_hub.firms.test_members import again, file_refund, invited
from tests.service_hub.portal.test_views import text_of

pytestmark = pytest.mark.django_db


def make_policy(title: str = "New grant") -> Benefit:
    """A policy for every registered firm, in force since today."""
    department = make_department("economy")
    writer, second = (make_official(department=department) for _person in range(2))
    return Benefit.objects.create(
        title={"zh": title, "en": title}, gets={"zh": "钱", "en": "Money"}, department=department,
        rule={"==": [{"var": "state"}, "active"]}, valid_from=timezone.localdate(),
        state="approved", asked_by=writer, decided_by=second, decided_at=timezone.now(),
    )  # fmt: skip


def test_what_waits_stands_before_cases_and_members(portal):
    firm, people = make_members("agent")
    boss = again(people["legal"])
    make_policy()
    invited(firm, boss, make_citizen(name="王芳"))
    firms.change_member(
        actor=actor_of(boss, firm), mandate=mandate_of(firm, people["agent"]), role="agent",
        valid_until=timezone.localdate() + timedelta(days=9),
    )  # fmt: skip
    case = file_refund(people["agent"], firm)
    page = portal(boss, firm).get("/enterprise/").content.decode()
    order = (
        "A new policy fits: New grant", "has not answered the invitation", 'id="mine"',
        f"/enterprise/cases/{case.pk}/", 'id="mem"', "9 days left",
    )  # fmt: skip
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    viewed = text_of(portal(people["agent"], firm).get("/enterprise/"))
    assert "has not answered" not in viewed and "All members" in viewed


def test_cases_are_filtered_by_state_person_and_year(portal):
    firm, people = make_members("agent", "manager")
    boss = again(people["legal"])
    first, second = (file_refund(people[one], firm) for one in ("agent", "manager"))
    withdraw_case(actor=actor_of(people["agent"], firm), case=first)
    earlier = timezone.now() - timedelta(days=400)
    Case.objects.filter(pk=first.pk).update(submitted_at=earlier)
    choices, year = choosing.choices_for(boss, firm), str(timezone.localdate().year)
    for asked, expected in (
        ({}, {first, second}), ({"state": "withdrawn"}, {first}), ({"state": "running"}, {second}),
        ({"by": str(people["agent"].pk)}, {first}), ({"year": year}, {second}),
        ({"q": "稳岗 返还"}, {first, second}), ({"by": "-1"}, {first, second}),
    ):  # fmt: skip
        wanted = choosing.cases_wanted(boss, firm, choosing.wish_from(asked, choices))
        assert set(wanted) == expected, asked
    client = portal(boss, firm)
    page = client.get("/enterprise/cases/?state=withdrawn").content.decode()
    assert str(first.pk) in page and str(second.pk) not in page
    assert "No case fits" in text_of(client.get("/enterprise/cases/?q=zzz"))


def test_the_home_and_the_cases_cost_the_same_for_one_and_for_three(portal):
    firm, people = make_members("agent")
    boss = again(people["legal"])

    def add(number):
        invited(firm, boss, make_citizen(name="王芳"))
        make_policy(f"Grant {number}")
        file_refund(people["agent"], firm)

    def cost():
        client, found = portal(boss, firm), []
        for path in ("/enterprise/", "/enterprise/cases/?state=running"):
            client.get(path)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(path).status_code == 200
            found.append(len(seen))
        return found

    add(1)
    one = cost()
    add(2), add(3)
    assert cost() == one


def test_a_manager_renews_a_mandate_of_the_firm_in_one_step(portal):
    firm, people = make_members("agent")
    boss, mandate = again(people["legal"]), mandate_of(firm, people["agent"])
    client = portal(boss, firm)
    assert "Renew for a year" not in text_of(client.get("/enterprise/firm/members/"))
    mandate.valid_until = timezone.localdate() - timedelta(days=1)
    mandate.save(update_fields=["valid_until"])
    assert "Renew for a year" in text_of(client.get("/enterprise/firm/members/"))
    client.post(f"/enterprise/firm/members/{mandate.pk}/", {"do": "renew"})
    mandate.refresh_from_db()
    assert (mandate.valid_until - timezone.localdate()).days == 365
    assert mandate.role == "agent"
