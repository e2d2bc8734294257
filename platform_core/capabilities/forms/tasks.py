"""What runs by the clock for forms."""

from celery import shared_task

from security.actors import Actor

from . import services


@shared_task(name="forms.remove_expired_drafts")
def remove_expired_drafts() -> int:
    """Drafts whose time is over go; personal data is kept no longer than it is needed."""
    return services.remove_expired_drafts(actor=Actor.system("expired drafts"))
