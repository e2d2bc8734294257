from celery import shared_task

from .idempotency import forget_old_answers


@shared_task(name="common.forget_old_answers", ignore_result=True)
def forget_old_answers_task() -> None:
    """Hourly: answers to Idempotency-Keys hold personal data and are replayed for a day only."""
    forget_old_answers()
