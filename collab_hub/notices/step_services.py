"""Notices that a step of a process sends. Two people have read and approved whom they are for when
the N-app was published, so that no third one lets them out.
"""

from __future__ import annotations

import structlog
from django.db import transaction

from platform_core.capabilities.process.models import ProcessInstance
from platform_core.common.outbox.services import send
from security.accounts.models import User
from security.actors import Actor
from security.organs.models import Department
from security.organs.selectors import heads_at

from . import roll_services
from .audience import written
from .checks import LONGEST_TITLE
from .models import Notice
from .people import members, posts_today
from .templates import of_step

TOPIC = "notices.from_step"
log = structlog.get_logger(__name__)


@transaction.atomic
def want_notice(*, actor: Actor, instance: ProcessInstance, node: str, key: str) -> None:
    """Let the notice `key` go out after the commit, once for each time the step is passed."""
    passed = f"{instance.pk}:{node}:{instance.event_count}"
    send(
        topic=TOPIC,
        key=f"{TOPIC}:{passed}",
        payload={
            "instance": str(instance.pk), "node": node, "notice": key,
            "by": actor.user.pk if actor.user else None,
        },
    )  # fmt: skip


@transaction.atomic
def send_from_step(*, actor: Actor, instance_id, key: str, by: int | None) -> Notice | None:
    """Send the notice in the name of whoever moved the process, or of who heads the department;
    None where nobody is there to send or to get it.
    """
    found = ProcessInstance.objects.select_related("napp_version__napp", "department__region")
    instance = found.get(pk=instance_id)
    sender = _sender(instance.department, by)
    if sender is None:
        log.warning("notice.nobody_sends", instance=str(instance_id), notice=key)
        return None
    one, title, body, audience = of_step(instance, key)
    if not members(audience).exists():
        log.warning("notice.nobody_gets_it", instance=str(instance_id), notice=key)
        return None
    notice = Notice.objects.create(
        sender=sender, department=instance.department, body=body, audience=written(audience),
        title={name: words[:LONGEST_TITLE] for name, words in title.items()},
        needs_confirming=one.confirm, escalate_minutes=one.escalate_minutes,
    )  # fmt: skip
    roll_services.release_roll(actor=actor, notice=notice)
    return notice


def _sender(department: Department | None, by: int | None) -> User | None:
    if department is None:
        return None
    working = posts_today().filter(department=department, user=by)
    if by and working.exists():
        return User.objects.get(pk=by)
    # Whoever heads it, else the nearest head above.
    return next(iter(heads_at(department)), None)
