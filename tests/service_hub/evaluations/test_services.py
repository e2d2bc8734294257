"""Ratings: once for each service event, and what a bad one sets going."""

import pytest

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from service_hub.evaluations import selectors, services
from service_hub.evaluations.models import Evaluation, FollowUp
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
    assert not FollowUp.objects.exists()


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


class TestABadRating:
    @pytest.fixture
    def follow_up(self, decided, alice):
        return rate(decided, alice, 2, options=["unclear"], text="指南不清楚").follow_up

    def test_it_has_clocks(self, follow_up):
        assert follow_up.call_back_due_at < follow_up.answer_due_at

    def test_who_was_rated_can_do_nothing_with_it(self, follow_up, office):
        actor = actor_of(office["reviewer"])
        assert follow_up.officer == office["reviewer"]
        for act in (
            lambda: services.note_call_back(actor=actor, follow_up=follow_up),
            lambda: services.answer_follow_up(actor=actor, follow_up=follow_up, answer="没问题"),
            lambda: services.close_follow_up(actor=actor, follow_up=follow_up),
        ):
            with pytest.raises(NotAllowed, match="your own work"):
                act()

    def test_a_colleague_calls_answers_and_closes(self, follow_up, office, decided, alice):
        actor = actor_of(office["head"])
        services.note_call_back(actor=actor, follow_up=follow_up)
        with pytest.raises(Conflict, match="before closing"):
            services.close_follow_up(actor=actor, follow_up=follow_up)
        services.answer_follow_up(actor=actor, follow_up=follow_up, answer="已补充指南")
        closed = services.close_follow_up(actor=actor, follow_up=follow_up)
        assert closed.state == FollowUp.State.CLOSED
        assert closed.closed_by == office["head"]

    def test_another_department_does_not_see_it(self, follow_up, office):
        stranger = make_official("mallory", kind="health", duties=["head"])
        assert list(selectors.follow_ups_for(stranger)) == []
        assert list(selectors.follow_ups_for(office["head"])) == [follow_up]

    def test_the_rater_adds_words_once(self, follow_up, alice):
        actor, evaluation = actor_of(alice), follow_up.evaluation
        services.add_to_rating(actor=actor, evaluation=evaluation, text="已解决，谢谢")
        with pytest.raises(Conflict):
            services.add_to_rating(actor=actor, evaluation=evaluation, text="还有")
        evaluation.refresh_from_db()
        assert (evaluation.text, evaluation.addition) == ("指南不清楚", "已解决，谢谢")

    def test_the_office_pages(self, follow_up, office, client):
        from django.urls import reverse

        from tests.factories import sign_in

        sign_in(client, office["head"])
        assert client.get(reverse("follow_ups")).status_code == 200
        page = reverse("follow_up", args=[follow_up.pk])
        assert client.get(page).status_code == 200
        assert client.post(page, {"answer": " "}).status_code == 422
        assert client.post(page, {"answer": "已处理"}).status_code == 302
        follow_up.refresh_from_db()
        assert follow_up.answer == "已处理"
        sign_in(client, make_official("mallory", kind="health"))
        assert client.get(page).status_code == 404
