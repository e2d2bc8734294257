"""The daily look at what firms have to do: Celery beat begins it, the outbox carries it on."""

from celery import shared_task

from platform_core.common.outbox.registry import consumer
from security.actors import Actor

from . import services


@shared_task(name="duties.remind", ignore_result=True)
def remind() -> None:
    """Tell the managers of firms what is due soon and what is late."""
    services.begin_reminding(actor=Actor.system("duties"))


@consumer(services.REMINDING)
def on_reminding(message) -> None:
    facts = message.payload
    services.remind_next(actor=Actor.system("duties"), day=facts["day"], after=facts["after"])
