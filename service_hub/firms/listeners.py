"""What members do with cases stands in the firm's history."""

from platform_core.common.events import listen

from .history import note


@listen("case.filed")
def on_filed(case, actor, at, **_facts) -> None:
    if case.firm_id and actor.user:
        note(case.firm, "filed", actor=actor, at=at, number=case.number)


@listen("case.closed")
def on_closed(case, actor, at, **_facts) -> None:
    if case.firm_id and case.state == case.State.WITHDRAWN and actor.user:
        note(case.firm, "withdrew", actor=actor, at=at, number=case.number)
