"""What other modules want supervised becomes a proposal to the organ that supervises."""

import structlog

from platform_core.common.events import listen
from security.actors import Actor

from .models import Supervision
from .selectors import owner_for
from .services import join_supervision, propose_from_source, sign_supervision

log = structlog.get_logger(__name__)
KINDS = {
    "rectification": Supervision.Kind.RATING,
    "rating": Supervision.Kind.RATING,
    "meeting": Supervision.Kind.MEETING,
    "instruction": Supervision.Kind.INSTRUCTION,
    "report": Supervision.Kind.DECISION,
    "incident": Supervision.Kind.DECISION,
    "timeout": Supervision.Kind.DECISION,
}


@listen("supervision.wanted")
def propose_wanted(
    *,
    actor,
    source,
    object_type,
    object_id,
    title,
    requirement,
    lead,
    assisting=(),
    due_at=None,
    url="",
) -> None:
    """Propose it to the supervising organ of `lead`; where there is none, nobody is asked.

    The proposal is the system's: `actor`, whose deed made it necessary, may be a citizen, and the
    log keeps names for good.
    """
    owner = owner_for(lead)
    if owner is None:
        log.warning("supervision.nobody_supervises", lead=lead.code, source=source)
        return
    propose_from_source(
        actor=Actor.system("supervision"), owner=owner,
        kind=KINDS.get(source, Supervision.Kind.PUBLIC), title=title, requirement=requirement,
        lead=lead, assisting=assisting, source=source, object_type=object_type,
        object_id=object_id, due_at=due_at, url=url,
    )  # fmt: skip


def sign_from_list(*, actor, item, opinion="") -> None:
    """The quick action of the inbox: the lead organ signs, or an assisting one for its part."""
    found = Supervision.objects.get(pk=item.object_id)
    if item.pool_department_id == found.lead_id:
        sign_supervision(actor=actor, item=found)
    else:
        join_supervision(actor=actor, item=found)
