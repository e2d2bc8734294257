"""Terms that ran past the known calendar: computed once the working days are entered."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from .locking import lock_instance
from .models import ProcessInstance, Task, Wait
from .suspension.setting import set_clocks

BATCH = 200
log = structlog.get_logger(__name__)


def sweep_unknown_terms() -> int:
    """Look at every process with a term that has no date; how many were looked at."""
    done, met = 0, set()
    while batch := list(_without_date().exclude(pk__in=met).values_list("pk", flat=True)[:BATCH]):
        for instance_id in batch:
            met.add(instance_id)
            try:
                with transaction.atomic():
                    set_clocks(lock_instance(id=instance_id))
                done += 1
            except Exception as error:  # whatever stops one, the others go on
                name = type(error).__name__
                log.exception("process.no_date", process=str(instance_id), error=name)
    return done


def _without_date():
    tasks = Task.objects.filter(
        instance=OuterRef("pk"), state=Task.State.OPEN, awaits_calendar=True
    )
    waits = Wait.objects.filter(
        instance=OuterRef("pk"), state=Wait.State.WAITING, kind="timer", due_at=None
    )
    return ProcessInstance.objects.filter(
        Q(Exists(tasks)) | Q(Exists(waits)), status=ProcessInstance.Status.RUNNING
    )
