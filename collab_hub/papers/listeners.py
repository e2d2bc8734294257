"""What other modules tell papers."""

from platform_core.common.events import listen
from security.actors import Actor

from .receiving_services import SUPERVISED, note_supervision


@listen("supervision.closed")
def supervision_closed(*, object_type, object_id, outcome, **_facts) -> None:
    if object_type == SUPERVISED:
        note_supervision(actor=Actor.system("supervision"), receipt_id=object_id, outcome=outcome)
