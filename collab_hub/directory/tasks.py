"""The clock of the directory: cards in step with names and numbers, swaps that came to nothing."""

from celery import shared_task

from security.actors import Actor

from .services import refresh_cards
from .swap_services import end_stale_swaps


@shared_task(name="directory.refresh_cards", ignore_result=True)
def refresh_directory() -> int:
    """Cards of who is new, was renamed or has another number; returns how many."""
    return refresh_cards(actor=Actor.system("address book"))


@shared_task(name="directory.end_swaps", ignore_result=True)
def end_swaps() -> int:
    """Wishes to swap that came to nothing; returns how many."""
    return end_stale_swaps(actor=Actor.system("duty rosters"))
