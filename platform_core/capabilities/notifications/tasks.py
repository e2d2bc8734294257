"""What the outbox does for notifications after the commit, and what they listen to."""

from platform_core.common.events import listen
from platform_core.common.outbox.registry import consumer
from security.actors import Actor

from . import services


@consumer("notifications.deliver")
def deliver(message) -> None:
    """The outbox row's id is the provider's idempotency key."""
    services.send_delivery(
        actor=Actor.system("notifications"),
        delivery_id=message.payload["delivery"],
        idempotency_key=str(message.id),
    )


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
