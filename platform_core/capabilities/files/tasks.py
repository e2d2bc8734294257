"""What the outbox does for files after the commit, and what runs by the clock."""

from celery import shared_task
from django.core.files.storage import default_storage

from platform_core.common.outbox.registry import consumer
from security.actors import Actor

from . import services


@consumer("files.scan")
def scan(message) -> None:
    """While the scanner is down this fails, and the outbox tries again."""
    services.scan_file(actor=Actor.system("virus scan"), file_id=message.payload["file"])


@consumer("files.drop_unlinked")
def drop_unlinked(message) -> None:
    """A file that nobody linked to anything within a month goes, unless a draft names it still."""
    services.drop_unlinked(
        actor=Actor.system("unlinked files"), file_id=message.payload["file"], turn=message.pk
    )


@consumer("files.erase")
def erase(message) -> None:
    """Deleting what is gone already is no error, so a repeated delivery is harmless."""
    default_storage.delete(message.payload["path"])


@shared_task(name="files.remove_lost_bytes", ignore_result=True)
def remove_lost_bytes() -> int:
    """Daily: what uploads left behind whose transaction was rolled back."""
    return services.remove_lost_bytes(actor=Actor.system("lost uploads"))
