"""Many people press at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier, Event

import pytest
from django.db import connection, transaction
from django.utils import timezone

from platform_core.common.errors import Conflict
from security.actors import Actor
from service_hub.booking import hall_services, queue_services, services
from service_hub.booking.benchmarks import book_appointment, rush
from service_hub.booking.models import Appointment, Slot
from tests.factories import actor_of, make_citizen

from .makers import NOW, at, first_line, make_hall

pytestmark = pytest.mark.django_db(transaction=True)


def together(deeds) -> list:
    """The results of `deeds`, begun at the same moment, each on a connection of its own."""
    gate = Barrier(len(deeds))

    def run(deed):
        try:
            gate.wait()
            return deed()
        except Conflict as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_ten_places_are_taken_ten_times():
    line = first_line(make_hall(capacity=10))

    def one(number: int):
        return services.book_appointment(
            actor=Actor.anonymous(ip="10.0.0.1"), line=line, starts_at=at(9), at=NOW,
            name="王秀英", mobile=f"138000{number:05d}",
        )  # fmt: skip

    results = together([lambda n=number: one(n) for number in range(40)])
    refused = [one for one in results if isinstance(one, Conflict)]
    assert len(refused) == 30 and Appointment.objects.count() == 10
    assert Slot.objects.get().taken == 10
    assert all(one.facts["free"][0].starts_at == at(9, 30) for one in refused)


def test_one_person_pressing_ten_times_has_one():
    line, carl = first_line(make_hall(capacity=10)), make_citizen("carl")
    results = together(
        [
            lambda n=number: services.book_appointment(
                actor=actor_of(carl), line=line, starts_at=at(9, 30 * (n % 2)), at=NOW
            )
            for number in range(10)
        ]
    )
    assert sum(isinstance(one, Appointment) for one in results) == 1


def test_two_who_change_places_do_not_wait_for_one_another():
    line = first_line(make_hall(capacity=2))
    pairs = []
    for number, when in enumerate((at(9), at(10))):
        user = make_citizen(f"swap{number}")
        pairs.append(
            (user, services.book_appointment(
                actor=actor_of(user), line=line, starts_at=when, at=NOW
            ))
        )  # fmt: skip
    targets = (at(10), at(9))
    together(
        [
            lambda user=user, made=made, to=to: services.move_appointment(
                actor=actor_of(user), appointment=made, starts_at=to, at=NOW
            )
            for (user, made), to in zip(pairs, targets, strict=True)
        ]
    )
    assert sorted(Appointment.objects.values_list("starts_at", flat=True)) == [at(9), at(10)]
    assert list(Slot.objects.values_list("taken", flat=True)) == [1, 1]


def when_somebody_waits(deed, other, then=lambda: None) -> None:
    """Do `deed`, and once `other`, begun meanwhile, waits for it, `then`; both in one
    transaction.
    """
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            deed()
            waiting = pool.submit(_closing, other)
            _until_it_waits()
            then()
        waiting.result(timeout=30)


def _closing(deed):
    try:
        return deed()
    finally:
        connection.close()


def _until_it_waits() -> None:
    for _try in range(600):
        with connection.cursor() as cursor:
            # Unlike pg_stat_activity it is read anew within a transaction.
            cursor.execute("select count(*) from pg_locks where not granted")
            if cursor.fetchone()[0]:
                return
        Event().wait(0.05)
    raise AssertionError("nobody waited")


def test_nobody_books_into_a_day_that_is_just_being_closed():
    line, carl = first_line(make_hall()), make_citizen("carl")
    when_somebody_waits(
        lambda: services.book_appointment(actor=actor_of(carl), line=line, starts_at=at(9), at=NOW),
        lambda: hall_services.close_day(
            actor=Actor.system("t"), hall=line.hall, on=NOW.date(), reason="停电", at=NOW
        ),
    )
    assert Appointment.objects.get().state == Appointment.State.CALLED_OFF
    assert Slot.objects.get().taken == 0


def test_two_who_check_in_one_appointment_get_one_number():
    line, carl = first_line(make_hall()), make_citizen("carl")
    made = services.book_appointment(actor=actor_of(carl), line=line, starts_at=at(9), at=NOW)
    found = together(
        [
            lambda: queue_services.check_in(
                actor=Actor.anonymous(ip="10.0.0.1"), appointment=made, at=at(8, 50)
            )
            for _press in range(4)
        ]
    )
    assert len({one.pk for one in found}) == 1


def test_the_load_trial_finds_nothing_over_booked():
    hall = make_hall()
    for days in range(15):
        hall_services.close_day(
            actor=Actor.system("t"), hall=hall, on=timezone.localdate() + timedelta(days=days),
            opens=time(9), closes=time(17), reason="照常开放",
        )  # fmt: skip
    found = rush(20)
    assert (found["booked"], found["over-booked"]) == ("5 (counter 5)", "0")
    assert len(book_appointment(24)) == 24
