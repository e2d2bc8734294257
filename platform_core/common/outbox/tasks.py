from celery import shared_task

from . import services


@shared_task(name="outbox.deliver", acks_late=False, ignore_result=True)
def deliver(message_id: int) -> None:
    """Carry out one outbox message.

    Acknowledged before the work: if this process dies, the lease in Postgres runs out and the relay
    sends the message again. A second redelivery by the broker would only add duplicates to drop.
    """
    services.deliver(message_id=message_id)
