"""The clock of supervised matters: red lights, and what nobody objected to in 30 days."""

from celery import shared_task
from django.utils import timezone

from platform_core.common.errors import Conflict
from security.actors import Actor

from . import selectors
from .services import mark_late
from .verdict_services import archive_supervision


@shared_task(name="collab_hub.sweep_supervision", ignore_result=True)
def sweep_supervision(now=None) -> int:
    """Mark what is late and archive what is settled; returns how many. What is missed comes next
    time.
    """
    actor, now, done = Actor.system("supervision sweep"), now or timezone.now(), 0
    for item in selectors.newly_late(now):
        done += mark_late(actor=actor, item=item, at=now)
    for item in selectors.to_archive(now):
        try:
            archive_supervision(actor=actor, item=item, at=now)
            done += 1
        except Conflict:
            # Somebody objected or archived it meanwhile.
            continue
    return done
