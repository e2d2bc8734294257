"""The errands of a migration, carried by the outbox: list the cases, move one, give one up."""

from platform_core.common.outbox.registry import consumer
from security.actors import Actor

from . import services

ACTOR = Actor.system(services.SYSTEM)


@consumer(services.LIST)
def list_cases(message) -> None:
    """The next batch of cases; it sends for the one after it."""
    services.list_cases(
        actor=ACTOR,
        migration_id=message.payload["migration"],
        after=message.payload.get("after", ""),
    )


@consumer(services.MOVE, when_dead=services.FAILED)
def migrate_case(message) -> None:
    """One case, in the transaction that marks the message done."""
    services.migrate_case(
        actor=ACTOR,
        migration_id=message.payload["migration"],
        instance_id=message.payload["instance"],
    )


@consumer(services.FAILED)
def give_up(message) -> None:
    """What failed again and again is left as it was."""
    services.give_up(
        actor=ACTOR,
        migration_id=message.payload["migration"],
        instance_id=message.payload["instance"],
    )
