"""What the outbox does for notifications after the commit, what runs by the clock, and what they
listen to.
"""

from celery import shared_task

from platform_core.common.events import listen
from platform_core.common.outbox.registry import consumer
from security.actors import Actor

from . import addresses, sending, services

GIVEN_UP = "notifications.given_up"


@consumer("notifications.deliver", when_dead=GIVEN_UP)
def deliver(message) -> None:
    """The outbox row's id is the provider's idempotency key."""
    sending.send_delivery(
        actor=Actor.system("notifications"),
        delivery_id=message.payload["delivery"],
        idempotency_key=str(message.id),
    )


@consumer(GIVEN_UP)
def fall_back(message) -> None:
    """A delivery whose retries are used up goes by another channel."""
    sending.give_up(actor=Actor.system("notifications"), delivery_id=message.payload["delivery"])


@consumer("notifications.code")
def send_code(message) -> None:
    """A code that cannot be sent before it runs out is not sent."""
    addresses.send_code(
        code_id=message.payload["code"],
        language=message.payload["language"],
        idempotency_key=str(message.id),
    )


@shared_task(name="notifications.forget_codes")
def forget_codes() -> int:
    """Codes and the addresses they were sent to are kept no longer than they are needed."""
    return addresses.forget_codes()


@listen("file.infected")
def tell_sender(file) -> None:
    """Whoever sent a file that the virus scan refused hears of it."""
    if file.owner is not None:
        services.notify_by_template(
            actor=Actor.system("virus scan"),
            recipient=file.owner,
            template="file_infected",
            values={"name": file.name},
            dedupe=f"file_infected:{file.pk}",
        )
