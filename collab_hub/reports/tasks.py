"""Effects of reports: people are told after the commit."""

from platform_core.common.outbox.registry import consumer
from security.actors import Actor

from .campaign_services import TOLD, tell_organ


@consumer(TOLD)
def on_told(message) -> None:
    facts = message.payload
    tell_organ(actor=Actor.system("reports"), kind=facts["kind"], filling_id=facts["filling"])
