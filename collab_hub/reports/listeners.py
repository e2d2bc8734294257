"""Supervision has ended what was handed to it: the organ may be handed over again."""

from platform_core.common.events import listen

from .campaign_services import end_supervision


@listen("supervision.closed")
def on_closed(source, object_id, actor=None, **_facts) -> None:
    if source == "report":
        end_supervision(actor=actor, filling_id=object_id)
