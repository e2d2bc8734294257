"""Timers of papers, carried out by the outbox."""

from platform_core.common.outbox.registry import consumer
from security.actors import Actor

from . import receiving_services
from .clerking import TIMER


@consumer(TIMER)
def on_timer(message) -> None:
    receiving_services.ring(
        actor=Actor.system("papers"),
        receipt_id=message.payload["receipt"],
        turn=message.payload["turn"],
    )
