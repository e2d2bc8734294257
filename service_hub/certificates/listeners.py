"""A certificate is issued in the transaction of the decision, so that both commit or neither."""

from platform_core.common.events import listen
from service_hub.items.definitions import definition_of

from .services import issue_certificate


@listen("case.closed")
def on_case_closed(*, case, outcome, actor, at, **_facts) -> None:
    """An approved case ends with a certificate when its item says so."""
    result = definition_of(case.item, case.napp_version).result
    if outcome == "approved" and result is not None and result.kind == "certificate":
        issue_certificate(actor=actor, case=case, at=at)
