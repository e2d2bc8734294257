"""Effects of reports: people are told after the commit."""

from platform_core.common.outbox.registry import consumer
from security.actors import Actor

from .asking_services import ASK, ask_chunk
from .campaign_services import tell_organ
from .wanting import TOLD


@consumer(ASK)
def on_ask(message) -> None:
    ask_chunk(actor=Actor.system("reports"), campaign_id=message.payload["campaign"])


@consumer(TOLD)
def on_told(message) -> None:
    facts = message.payload
    tell_organ(actor=Actor.system("reports"), kind=facts["kind"], filling_id=facts["filling"])
