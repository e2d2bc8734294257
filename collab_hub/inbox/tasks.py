"""The clock's errand for the inbox: Celery beat calls it once a night."""

from celery import shared_task

from .snoozing import forget_ended


@shared_task(name="inbox.forget_snoozes", ignore_result=True)
def forget_snoozes() -> int:
    """Remove what says only that a line was once put off."""
    return forget_ended()
