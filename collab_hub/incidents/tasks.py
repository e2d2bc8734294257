"""What the outbox does for incidents when a time is over, and what supervision answers."""

from celery import shared_task
from django.utils.dateparse import parse_datetime

from platform_core.common.events import listen
from platform_core.common.outbox.registry import consumer
from security.actors import Actor

from . import call_services, point_services, selectors
from .calling import CLIMB


def _actor() -> Actor:
    return Actor.system("incidents")


@consumer(CLIMB)
def climb(message) -> None:
    facts = message.payload
    call_services.climb(
        actor=_actor(),
        incident_id=facts["incident"],
        person_id=facts["person"],
        step=facts["step"],
        told_at=parse_datetime(facts["told_at"]),
    )


@shared_task(name="collab_hub.sweep_incidents", ignore_result=True)
def sweep_incidents() -> int:
    """Note who left a role in an incident that runs; returns how many. What is missed comes next
    time.
    """
    actor = _actor()
    return sum(
        call_services.note_vacancies(actor=actor, incident_id=one)
        for one in selectors.running_ids()
    )


@listen("supervision.closed")
def supervision_closed(*, source, object_type, object_id, outcome="", **_more) -> None:
    if source == point_services.SOURCE:
        point_services.note_outcome(actor=_actor(), point_id=object_id, outcome=str(outcome))
