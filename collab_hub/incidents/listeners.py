"""What the processes beside an incident tell it."""

from platform_core.common.events import listen

from .adding_services import note_process_end
from .policies import PROCESSES


@listen("process.closed")
def on_process_closed(*, instance, actor, at, outcome: str = "", **_facts) -> None:
    """A process that was begun beside an incident has ended."""
    if instance.subject_type == PROCESSES:
        note_process_end(actor=actor, process=instance, outcome=outcome, at=at)
