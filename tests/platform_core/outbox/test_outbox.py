import random
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from platform_core.common.outbox import services
from platform_core.common.outbox.backoff import MAX_ATTEMPTS
from platform_core.common.outbox.models import OutboxMessage
from platform_core.common.outbox.selectors import counts_by_state, dead_letters
from security.actors import Actor
from security.audit.models import AuditEntry

OPERATOR = Actor(name="Olga")


def send(n, topic="test.note", **more):
    return services.send(topic=topic, key=f"{topic}:{n}", payload={"n": n}, **more)


def work_off(ids=None):
    for message_id in services.lease_due() if ids is None else ids:
        services.deliver(message_id=message_id)


@pytest.mark.django_db
class TestSend:
    def test_the_same_key_adds_nothing(self):
        first, second = send(1), send(1)
        assert first.id == second.id
        assert OutboxMessage.objects.count() == 1

    def test_costs_one_query(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            send(1)

    def test_a_rolled_back_deed_has_no_effect(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            send(1)
            raise ZeroDivisionError
        assert services.lease_due() == []


@pytest.mark.django_db
class TestLease:
    def test_oldest_due_first_and_never_before_it_is_due(self):
        now = timezone.now()
        late = send(1, due_at=now - timedelta(minutes=1))
        early = send(2, due_at=now - timedelta(minutes=2))
        send(3, due_at=now + timedelta(minutes=1))
        assert services.lease_due() == [early.id, late.id]

    def test_at_most_a_window_is_under_way(self):
        for n in range(5):
            send(n)
        assert len(services.lease_due(limit=3)) == 3
        assert services.lease_due(limit=3) == []

    def test_what_was_done_makes_room_in_the_window(self, effects):
        for n in range(5):
            send(n)
        work_off(services.lease_due(limit=3))
        assert len(services.lease_due(limit=3)) == 2

    def test_a_lease_that_ran_out_is_due_again(self):
        send(1)
        assert len(services.lease_due(lease_seconds=0)) == 1
        assert len(services.lease_due()) == 1

    def test_released_leases_are_due_at_once(self):
        ids = [send(1).id]
        services.release(ids=services.lease_due())
        assert services.lease_due() == ids

    def test_a_message_that_kills_its_worker_slows_down_and_is_given_up(self):
        message = send(1)
        for attempts, seconds in ((2, 2), (6, 64)):
            OutboxMessage.objects.update(state="ready", attempts=attempts)
            services.lease_due(lease_seconds=1)
            message.refresh_from_db()
            assert message.leased_until - timezone.now() > timedelta(seconds=seconds - 1)
        OutboxMessage.objects.update(leased_until=timezone.now(), attempts=MAX_ATTEMPTS)
        assert services.lease_due() == []
        assert dead_letters().get() == message


@pytest.mark.django_db
class TestDeliver:
    def test_repeated_and_shuffled_deliveries_do_the_work_once(self, effects):
        for n in range(30):
            send(n)
        deliveries = services.lease_due() * 3
        random.Random(7).shuffle(deliveries)
        work_off(deliveries)
        assert sorted(effects) == list(range(30))
        assert counts_by_state() == {"done": 30}

    def test_a_message_nobody_leased_is_not_carried_out(self, effects):
        assert services.deliver(message_id=send(1).id) is False
        assert effects == []

    def test_poison_waits_and_blocks_nobody(self, effects):
        for n in range(10):
            send(n)
            send(n, topic="test.poison")
        work_off()
        assert sorted(effects) == list(range(10))
        poison = OutboxMessage.objects.filter(topic="test.poison")
        assert {message.attempts for message in poison} == {1}
        assert all(message.due_at > timezone.now() for message in poison)

    def test_the_reason_of_a_failure_quotes_no_text(self, effects):
        send(1, topic="test.poison")
        work_off()
        assert OutboxMessage.objects.get().last_error == "RuntimeError in test.poison"

    def test_what_a_failing_consumer_wrote_is_rolled_back(self, effects, monkeypatch):
        from platform_core.common.outbox import registry

        @registry.consumer("test.half")
        def half(message):
            send(99)
            raise RuntimeError

        send(1, topic="test.half")
        work_off()
        assert not OutboxMessage.objects.filter(topic="test.note").exists()

    def test_a_topic_without_consumer_waits_for_the_next_release(self, effects):
        send(1, topic="test.later")
        work_off()
        message = OutboxMessage.objects.get()
        assert (message.state, message.attempts) == ("ready", 1)

    def test_after_the_last_attempt_it_is_a_dead_letter(self, effects):
        send(1, topic="test.poison")
        OutboxMessage.objects.update(attempts=MAX_ATTEMPTS - 1)
        work_off()
        assert dead_letters().count() == 1

    def test_a_dead_letter_can_be_sent_again(self, effects):
        message = send(1)
        OutboxMessage.objects.update(state="dead", attempts=MAX_ATTEMPTS)
        assert services.send_again(actor=OPERATOR, ids=[message.id]) == 1
        work_off()
        assert effects == [1]
        assert AuditEntry.objects.get().verb == "outbox.send_again"

    def test_only_the_dead_are_sent_again(self, effects):
        message = send(1)
        work_off()
        assert services.send_again(actor=OPERATOR, ids=[message.id]) == 0
        work_off()
        assert effects == [1]


@pytest.mark.django_db
def test_pruning_takes_only_what_was_done_long_ago(effects):
    for n in range(3):
        send(n)
    work_off()
    OutboxMessage.objects.filter(payload__n=1).update(done_at=timezone.now() - timedelta(days=31))
    send(9)
    assert services.prune() == 1
    assert counts_by_state() == {"done": 2, "ready": 1}


@pytest.mark.django_db(transaction=True)
def test_parallel_deliveries_of_one_message_do_the_work_once(effects):
    messages = [send(n).id for n in range(10)]
    services.lease_due()
    barrier = threading.Barrier(4)

    def worker():
        barrier.wait()
        work_off(messages)
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(effects) == list(range(10))


@pytest.mark.django_db(transaction=True)
def test_two_relays_never_lease_the_same_message():
    for n in range(40):
        send(n)
    found, barrier = [], threading.Barrier(4)

    def relay():
        barrier.wait()
        found.extend(services.lease_due(limit=40))
        connection.close()

    threads = [threading.Thread(target=relay) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(set(found)) == 40
