"""Ratings: once for each service event, and what a bad one sets going."""

from datetime import timedelta

import pytest

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from service_hub.evaluations import selectors, services
from service_hub.evaluations.models import Evaluation, Rectification
from tests.factories import actor_of, make_official
from tests.service_hub.makers import do, file_rent, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return make_office("housing_fund")


@pytest.fixture
def decided(alice, office):
    """A case of Alice's that was approved."""
    return do(do(file_rent(alice)))


def rate(case, alice, grade, **more):
    return services.rate_case(actor=actor_of(alice), case=case, service_no=2, grade=grade, **more)


def test_a_good_rating_is_once_and_for_all(decided, alice):
    rate(decided, alice, 5, options=["fast"], text="比说的还快")
    with pytest.raises(Conflict, match="already rated"):
        rate(decided, alice, 1)
    assert Evaluation.objects.get().grade == 5
    assert not Rectification.objects.exists()


def test_each_service_event_is_rated_on_its_own(decided, alice):
    assert [event.no for event in selectors.service_events(decided)] == [1, 2]
    services.rate_case(actor=actor_of(alice), case=decided, service_no=1, grade=4)
    rate(decided, alice, 5)
    assert selectors.to_rate(decided, selectors.ratings_of(decided)) is None


@pytest.mark.parametrize("grade", [0, 6, "", None, "five", -1, "🦖"])
def test_there_is_no_grade_by_default(decided, alice, grade):
    with pytest.raises(Unusable) as refused:
        rate(decided, alice, grade)
    assert list(refused.value.errors) == ["grade"]


def test_the_options_belong_to_the_grade(decided, alice):
    with pytest.raises(Unusable) as refused:
        rate(decided, alice, 5, options=["late"])
    assert list(refused.value.errors) == ["options"]


def test_nothing_to_rate_before_the_office_acted(alice, office):
    with pytest.raises(Conflict, match="once the office has acted"):
        services.rate_case(actor=actor_of(alice), case=file_rent(alice), service_no=1, grade=5)


def test_the_rater_adds_words_once(decided, alice):
    evaluation = rate(decided, alice, 2, options=["unclear"], text="指南不清楚")
    add = {"actor": actor_of(alice), "evaluation": evaluation}
    services.add_to_rating(**add, text="已解决，谢谢")
    with pytest.raises(Conflict):
        services.add_to_rating(**add, text="还有")
    evaluation.refresh_from_db()
    assert (evaluation.text, evaluation.addition) == ("指南不清楚", "已解决，谢谢")


def test_a_caller_rates_through_an_agent_of_another_office(decided, alice, office):
    stranger = make_official("mallory", kind="health")
    said = {"case": decided, "service_no": 2, "grade": 4}
    with pytest.raises(NotAllowed, match="own office"):
        services.rate_for_caller(actor=actor_of(office["clerk"]), **said)
    rated = services.rate_for_caller(actor=actor_of(stranger), **said)
    assert (rated.channel, rated.rater, rated.entered_by) == ("phone", alice, stranger)
    known = selectors.case_on_the_phone(decided.number, "2046")
    assert known == decided
    assert selectors.case_on_the_phone(decided.number, "0000") is None


def test_the_officer_reads_ratings_of_the_own_work_when_the_month_is_over(decided, alice, office):
    rated = rate(decided, alice, 5)
    assert selectors.ratings_beside(office["head"], decided) == [rated]
    assert selectors.ratings_beside(office["reviewer"], decided) == []
    rated.rated_at -= timedelta(days=40)
    rated.save()
    assert selectors.ratings_beside(office["reviewer"], decided) == [rated]
