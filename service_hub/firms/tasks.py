"""Timers of mandates, carried out by the outbox."""

from platform_core.common.outbox.registry import consumer
from security.actors import Actor

from . import services


@consumer(services.EXPIRY)
def on_expiry(message) -> None:
    facts = message.payload
    services.warn_of_expiry(
        actor=Actor.system("mandates"),
        mandate_id=facts["mandate"],
        until=facts["until"],
        days=facts["days"],
    )
