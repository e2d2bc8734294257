"""Timers of appointments, carried out by the outbox."""

from platform_core.common.outbox.registry import consumer
from security.actors import Actor

from . import services


@consumer(services.TIMER)
def on_timer(message) -> None:
    facts = message.payload
    services.ring(
        actor=Actor.system("appointments"),
        appointment_id=facts["appointment"],
        kind=facts["kind"],
        starts_at=facts["starts_at"],
    )
