"""The clock's errand: Celery beat calls it; what one call misses the next makes up."""

from celery import shared_task

from security.actors import Actor

from . import selectors, services, waking
from .catching_up import sweep_unknown_terms
from .escalation.services import sweep_escalations
from .suspension.selectors import past_their_plan
from .suspension.services import resume_as_planned

BATCH = 200


@shared_task(name="process.sweep_unknown", ignore_result=True)
def sweep_unknown() -> int:
    """Compute the terms that ran past the known calendar, if it is known by now."""
    return sweep_unknown_terms()


@shared_task(name="platform_core.capabilities.process.tasks.sweep_deadlines", ignore_result=True)
def sweep_deadlines() -> int:
    """Let processes go on whose timers are due, tell due and late tasks, end suspensions as
    planned, and look again for holders of stranded tasks. Returns how many were told."""
    waking.sweep_timers(actor=Actor.system("timer sweep"))
    actor = Actor.system("deadline sweep")
    told = found = services.tell_deadlines(actor=actor, limit=BATCH)
    while found == BATCH:
        found = services.tell_deadlines(actor=actor, limit=BATCH)
        told += found
    sweep_escalations(actor=actor)
    for suspension in past_their_plan():
        resume_as_planned(actor=actor, suspension_id=suspension.pk)
    for task in selectors.stranded_tasks()[:BATCH]:
        services.find_holder(actor=actor, task_id=task.pk)
    return told
