import threading
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from platform_core.common import idempotency
from platform_core.common.api import idempotent
from platform_core.common.models import CalendarDay, IdempotentResponse
from security.actors import Actor
from tests.factories import make_citizen

requests = APIRequestFactory()


class View(APIView):
    """Each effect adds a calendar day."""

    permission_classes = ()
    hold = None

    @idempotent
    def post(self, request):
        number = CalendarDay.objects.count() + 1
        CalendarDay.objects.create(on=f"2030-01-{number:02}", is_workday=True, source="test")
        if View.hold:
            View.hold()
        if "fail" in request.data:
            return Response({"title": "no"}, status=request.data["fail"])
        if "crash" in request.data:
            raise RuntimeError
        return Response({"number": number}, status=201)


def post(key="k", body=None, user=None, ip="10.0.0.1"):
    headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    request = requests.post("/x", body or {}, format="json", **headers)
    request.actor = Actor.of(user, ip=ip) if user else Actor.anonymous(ip=ip)
    force_authenticate(request, user or AnonymousUser())
    return View.as_view()(request)


@pytest.fixture(autouse=True)
def _no_hold(monkeypatch):
    monkeypatch.setattr(View, "hold", None)


@pytest.mark.django_db
class TestOneAfterAnother:
    def test_the_same_key_gets_the_first_answer(self):
        first, second = post(), post()
        assert (
            (first.status_code, first.data)
            == (second.status_code, second.data)
            == (
                201,
                {"number": 1},
            )
        )
        assert second["Idempotent-Replay"] == "true"
        assert CalendarDay.objects.count() == 1

    def test_without_a_key_each_call_has_its_effect(self):
        post(key="")
        post(key="")
        assert CalendarDay.objects.count() == 2

    def test_the_same_key_with_another_body_is_refused(self):
        post(body={"a": 1, "b": 2})
        assert post(body={"b": 2, "a": 1}).status_code == 201
        assert post(body={"a": 2}).status_code == 422
        assert CalendarDay.objects.count() == 1

    def test_a_key_belongs_to_its_client(self):
        alice, bob = make_citizen("alice"), make_citizen("bob")
        assert [post(user=user).data["number"] for user in (alice, bob, alice)] == [1, 2, 1]
        assert post(ip="10.0.0.2").data["number"] == 3
        assert post(ip="10.0.0.3").data["number"] == 4

    @pytest.mark.parametrize("status", [400, 409, 422, 500, 503])
    def test_an_answer_that_is_no_success_is_not_kept_and_its_effect_undone(self, status):
        assert post(body={"fail": status}).status_code == status
        assert CalendarDay.objects.count() == IdempotentResponse.objects.count() == 0
        assert post().status_code == 201

    def test_a_crash_leaves_neither_key_nor_effect(self):
        with pytest.raises(RuntimeError):
            post(body={"crash": 1})
        assert CalendarDay.objects.count() == IdempotentResponse.objects.count() == 0

    @pytest.mark.parametrize("key", ["x" * 129, "a\tb"])
    def test_unusable_keys(self, key):
        assert post(key=key).status_code == 400

    def test_answers_are_forgotten_after_a_day(self):
        post()
        with time_machine.travel(timezone.now() + timedelta(hours=25)):
            assert post().data["number"] == 2
        with time_machine.travel(timezone.now() + timedelta(hours=60)):
            assert idempotency.forget_old_answers() == 1


def together(count, call):
    answers, barrier = [], threading.Barrier(count)

    def run():
        barrier.wait()
        try:
            answers.append(call())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_have_one_effect():
    answers = together(50, post)
    assert CalendarDay.objects.count() == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {answer.data["number"] for answer in answers if answer.status_code == 201} == {1}


@pytest.mark.django_db(transaction=True)
def test_while_the_first_runs_the_second_is_told_so():
    begun, go_on = threading.Event(), threading.Event()

    def hold():
        begun.set()
        go_on.wait(10)

    View.hold = staticmethod(hold)
    results = []

    def first():
        results.append(post().status_code)
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert begun.wait(10)
    second = post()
    assert (second.status_code, second["Retry-After"]) == (409, "1")
    go_on.set()
    thread.join()
    assert results == [201]
    assert post().status_code == 201
