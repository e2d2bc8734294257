"""The clock's errand for personal data: Celery beat calls it once a day."""

from celery import shared_task

from security.actors import Actor

from .retention_services import erase_overdue


@shared_task(name="personal_data.erase_overdue", ignore_result=True)
def erase_overdue_answers() -> dict[str, int]:
    """Delete the answers whose declared time is over."""
    return erase_overdue(actor=Actor.system("retention"))
