"""Keeping the address book in step with names and numbers."""

from celery import shared_task

from security.actors import Actor

from .services import refresh_cards


@shared_task(name="directory.refresh_cards", ignore_result=True)
def refresh_directory() -> int:
    """Cards of who is new, was renamed or has another number; returns how many."""
    return refresh_cards(actor=Actor.system("address book"))
