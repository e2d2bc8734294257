"""My cases narrowed: each filter, the number, the address that keeps them, and what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from security.accounts.mandate_services import give_mandate
from service_hub.cases import choosing
from service_hub.cases.models import Case
from service_hub.cases.services import file_values
from tests.factories import actor_of, make_citizen, make_department
from tests.service_hub.makers import (
    do,
    elsewhere_values,
    file_elsewhere,
    file_rent,
    item_of,
    make_office,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(alice):
    """One that ended last year, one that runs, and one that Alice filed for Carl."""
    make_office("medical_insurance")
    make_office("housing_fund")
    ended, running = do(file_elsewhere(alice)), file_rent(alice)
    Case.objects.filter(pk=ended.pk).update(submitted_at=ended.submitted_at - timedelta(days=366))
    Case.objects.filter(pk=running.pk).update(light="y")
    carl = make_citizen("carl")
    mandate = give_mandate(actor=actor_of(carl), agent=alice, relation="child")
    make_department("medical_insurance")
    for_carl = file_values(
        actor=actor_of(alice).under(mandate), item=item_of("medical_insurance", "elsewhere"),
        values=elsewhere_values(carl),
    ).case  # fmt: skip
    return {"ended": ended, "running": running, "for_carl": for_carl, "carl": carl}


def found(alice, cases, **given) -> set[str]:
    choices = choosing.choices_for(alice)
    wish = choosing.wish_from(given, choices)
    numbers = {one.number for one in choosing.cases_wanted(alice, None, wish)}
    return {name for name in ("ended", "running", "for_carl") if cases[name].number in numbers}


def test_each_filter_finds_what_it_says(alice, cases):
    last_year = str(cases["ended"].submitted_at.year - 1)
    assert found(alice, cases, state="approved") == {"ended"}
    assert found(alice, cases, state="running") == {"running", "for_carl"}
    assert found(alice, cases, service=str(cases["running"].item_id)) == {"running"}
    assert found(alice, cases, year=last_year) == {"ended"}
    assert found(alice, cases, whom=str(cases["carl"].pk)) == {"for_carl"}
    assert found(alice, cases, whom="me") == {"ended", "running"}
    assert found(alice, cases, light="y") == {"running"}
    number = cases["running"].number
    assert found(alice, cases, q=f" {number[-20:-10]} {number[-10:].lower()}") == {"running"}
    assert found(alice, cases, q="租房 提取") == {"running"}
    assert found(alice, cases, q="no such") == set()
    assert found(alice, cases, state="running", whom="me", light="y") == {"running"}


def test_what_no_filter_offers_counts_as_not_chosen(alice, cases, bob):
    strange = {"year": "99999", "service": "1 OR 1", "whom": str(bob.pk), "light": "\x00"}
    assert not choosing.wish_from(strange, choosing.choices_for(alice)).is_any
    assert found(bob, cases, state="running") == set()


def test_the_page_keeps_the_filters_and_says_what_fits_nothing(portal, alice, cases):
    client = portal(alice)
    page = client.get("/cases/", {"state": "running", "whom": "me"}).content.decode()
    assert f"/cases/{cases['running'].pk}/" in page and f"/cases/{cases['ended'].pk}/" not in page
    assert '<option value="running" selected>' in page
    empty = client.get("/cases/", {"state": "void", "q": "77\x0077"}).content.decode()
    assert "No case fits" in empty and "State: Void" in empty and "Clear the filters" in empty


def test_narrowing_costs_the_same_for_one_and_three(portal, alice):
    make_office("housing_fund")
    client, costs = portal(alice), []
    for more in (1, 2):
        for _number in range(more):
            file_rent(alice)
        client.get("/cases/?state=running")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/cases/?state=running").content.count(b"<article") == 2 * more - 1
        costs.append(len(asked))
    assert costs[0] == costs[1]
