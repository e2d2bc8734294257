"""The clock's errand for cases: Celery beat calls it; what one call misses the next makes up."""

from celery import shared_task

from security.actors import Actor

from .clockwork import sweep
from .clockwork import sweep_unknown as compute_unknown


@shared_task(name="cases.sweep_clocks", ignore_result=True)
def sweep_clocks() -> dict[str, int]:
    """Let silence become acceptance, and lights change."""
    return sweep(actor=Actor.system("case clock"))


@shared_task(name="cases.sweep_unknown", ignore_result=True)
def sweep_unknown() -> int:
    """Compute the dates of cases that ran past the known calendar."""
    return compute_unknown(actor=Actor.system("case clock"))
