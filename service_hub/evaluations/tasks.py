"""The clock of rectification orders: Celery beat calls it; what is missed comes next time."""

from celery import shared_task
from django.utils import timezone

from platform_core.common.errors import Conflict
from security.actors import Actor

from . import rectification_services as services
from . import selectors
from .models import Rectification

BATCH = 200


@shared_task(name="service_hub.sweep_rectifications", ignore_result=True)
def sweep_rectifications(now=None) -> int:
    """Close what nobody confirmed in time, and tell the heads of what is late. Returns how many."""
    actor, now, done = Actor.system("rectification sweep"), now or timezone.now(), 0
    for order in selectors.due_orders(now, BATCH):
        try:
            if order.state == Rectification.State.ANSWERED:
                services.lapse_rectification(actor=actor, order=order, at=now)
                done += 1
            else:
                done += services.escalate_rectification(actor=actor, order=order, at=now)
        except Conflict:
            # Somebody acted meanwhile: the order is no longer late.
            continue
    return done
