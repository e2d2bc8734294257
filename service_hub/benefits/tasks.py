"""Telling firms of new policies, carried out by the outbox."""

from platform_core.common.outbox.registry import consumer
from security.actors import Actor

from . import services


@consumer(services.TELLING)
def on_telling(message) -> None:
    facts = message.payload
    services.tell_next_firms(
        actor=Actor.system("policies"), benefit_id=facts["benefit"], after=facts["after"]
    )
