"""The daily look at mandates that end soon: Celery beat calls it; what is missed comes next day."""

from celery import shared_task

from security.actors import Actor

from . import services


@shared_task(name="mandates.remind", ignore_result=True)
def remind() -> None:
    """Tell both people of every mandate that ends soon."""
    after = services.warn_of_expiry(actor=Actor.system("mandates"))
    while after:
        after = services.warn_of_expiry(actor=Actor.system("mandates"), after=after)
