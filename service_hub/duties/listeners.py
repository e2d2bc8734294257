"""A case does a duty of its firm, and undoes it when it comes to nothing."""

from platform_core.common.events import listen
from service_hub.cases.models import Case

from . import services


@listen("case.filed")
def on_filed(case, actor, at, **_facts) -> None:
    if case.firm_id:
        services.fulfil(actor=actor, case=case, moment="filed", at=at)


@listen("case.closed")
def on_closed(case, actor, at, **_facts) -> None:
    if case.firm_id is None:
        return
    if case.state == Case.State.APPROVED:
        services.fulfil(actor=actor, case=case, moment="approved", at=at)
    else:
        services.undo(actor=actor, case=case)
