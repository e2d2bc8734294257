"""Shared data come from any source that is registered, and only what counts today."""

from datetime import timedelta

import pytest
from django.utils import timezone

from service_hub.cases import services as cases
from service_hub.materials import sources
from service_hub.materials.knowing import Subject, codes_held
from service_hub.materials.models import MaterialReceipt, SharedFact
from service_hub.materials.words import how
from tests.factories import actor_of, make_department

from ..makers import item_of, make_office, rent_values

pytestmark = pytest.mark.django_db
KIND = "tenancy_contract"
TODAY = timezone.localdate()


def fact(days: int = -3, until: int | None = None, kind: str = KIND) -> sources.Fact:
    return sources.Fact(
        kind=kind,
        organ={"zh": "住建局", "en": "Housing Office"},
        value={"zh": "已备案", "en": "On file"},
        as_of=TODAY + timedelta(days=days),
        valid_until=None if until is None else TODAY + timedelta(days=until),
        ref="row-7",
    )


@pytest.fixture
def register():
    """A register of another platform: what it says can be changed."""
    said = {"facts": [], "asked": []}

    def find(subject, kinds):
        said["asked"].append((subject, frozenset(kinds)))
        if said["facts"] is None:
            raise sources.Unreachable("the line is down")
        return said["facts"]

    sources.register_shared_source("register", find)
    yield said
    del sources._sources["register"]


def test_a_second_source_spares_the_paper_and_the_receipt_names_it(alice, register):
    make_office("housing_fund")
    register["facts"] = [fact(until=30)]
    values = rent_values(alice)
    values.pop("lease_photo")
    item = item_of("housing_fund", "rent")
    case = cases.file_values(actor=actor_of(alice), item=item, values=values).case
    kept = MaterialReceipt.objects.get(case=case, code=KIND)
    assert (kept.way, kept.facts["source"], kept.facts["id"]) == ("shared", "register", "row-7")
    said = how("shared", kept.facts)
    assert "Housing Office" in said and "as of" in said and "counts until" in said


def test_the_newest_that_counts_today_wins_whoever_says_it(alice, register):
    entered = SharedFact.objects.create(
        kind=KIND, user=alice, department=make_department("housing"), value={"zh": "甲", "en": "A"},
        as_of=TODAY - timedelta(days=2),
    )  # fmt: skip

    def found():
        name, one = sources.facts_of(Subject(alice), [KIND])[KIND]
        return name, one.ref

    assert found() == ("entered", entered.pk)
    register["facts"] = [fact(-3), fact(-1)]
    assert found() == ("register", "row-7")
    # Run out, of tomorrow, or of another kind: none of them counts.
    register["facts"] = [fact(-1, until=-1), fact(1), fact(-1, kind="something_else")]
    assert found() == ("entered", entered.pk)


def test_the_counter_asks_every_source_and_one_that_is_down_stops_nobody(alice, register):
    register["facts"] = [fact()]
    assert codes_held(Subject(alice), [KIND, "plan"]) == {KIND}
    register["facts"] = None
    assert codes_held(Subject(alice), [KIND]) == set()
    assert sources.facts_of(Subject(), [KIND]) == {}


def test_a_name_is_given_once(register):
    with pytest.raises(ValueError, match="already"):
        sources.register_shared_source("register", lambda _subject, _kinds: [])
