"""Filing in the background, carried out by the outbox."""

from platform_core.common.outbox.registry import consumer
from security.actors import Actor

from . import services

FILER = "bulk filing"


@consumer(services.FILING)
def on_filing(message) -> None:
    facts = message.payload
    services.file_next(actor=Actor.system(FILER), batch_id=facts["batch"], step=facts["step"])


@consumer(services.FORGETTING)
def on_forgetting(message) -> None:
    facts = message.payload
    by = {"actor": Actor.system(FILER), "batch_id": facts["batch"]}
    services.forget_answers(**by, step=facts.get("step", 0))
