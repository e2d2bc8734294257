"""What the outbox does for notices after the commit and when a time is over."""

from platform_core.common.events import listen
from platform_core.common.outbox.registry import consumer
from security.actors import Actor

from . import meeting_services, reaching_services, roll_services, step_services

GIVEN_UP = "notices.reach_given_up"


def _actor() -> Actor:
    return Actor.system("notices")


@consumer("notices.deliver")
def deliver(message) -> None:
    facts = message.payload
    roll_services.deliver_chunk(
        actor=_actor(), notice_id=facts["notice"], after=facts["after"], only=facts.get("only")
    )


@consumer("notices.tell")
def tell(message) -> None:
    facts = message.payload
    roll_services.tell_chunk(
        actor=_actor(), notice_id=facts["notice"], what=facts["what"], number=facts["number"],
        after=facts["after"],
    )  # fmt: skip


@consumer("notices.escalate")
def escalate(message) -> None:
    facts = message.payload
    reaching_services.escalate_chunk(
        actor=_actor(), notice_id=facts["notice"], step=facts["step"], after=facts["after"]
    )


@consumer("notices.reach", when_dead=GIVEN_UP)
def reach(message) -> None:
    """The outbox row's id is the provider's idempotency key."""
    reaching_services.reach(
        actor=_actor(), **_attempt(message.payload), idempotency_key=str(message.id)
    )


@consumer(GIVEN_UP)
def give_up(message) -> None:
    reaching_services.give_up_reaching(actor=_actor(), **_attempt(message.payload))


def _attempt(facts: dict) -> dict:
    return {
        "recipient_id": facts["recipient"], "channel": facts["channel"], "wave": facts["wave"],
    }  # fmt: skip


@listen("process.notice_wanted")
def notice_wanted(*, instance, notice, node, actor, **_more) -> None:
    step_services.want_notice(actor=actor, instance=instance, node=node, key=notice)


@consumer(step_services.TOPIC)
def from_step(message) -> None:
    facts = message.payload
    step_services.send_from_step(
        actor=_actor(), instance_id=facts["instance"], key=facts["notice"], by=facts["by"]
    )


@listen("supervision.closed")
def supervision_closed(*, source, object_type, object_id, outcome="", **_more) -> None:
    if source == meeting_services.SOURCE and object_type == meeting_services.ITEM:
        meeting_services.note_outcome(actor=_actor(), item_id=object_id, outcome=str(outcome))
