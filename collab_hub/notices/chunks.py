"""How work on a long roll goes on: chunk by chunk, each asked for by the one before it."""

from platform_core.common.organs import organ_text
from platform_core.common.outbox.services import send

from .models import Notice, Recipient

CHUNK = 500


def go_on(topic: str, notice: Notice, after: int, **facts) -> None:
    """Ask for the people of the roll after the row `after`; once for the same chunk."""
    named = ":".join([str(notice.pk), *map(str, facts.values()), str(after)])
    send(
        topic=f"notices.{topic}",
        key=f"notices.{topic}:{named}",
        payload={"notice": str(notice.pk), "after": after, **facts},
    )


def words_of(notice: Notice) -> dict:
    """What the blanks of the wordings are filled with."""
    return {
        "title": notice.title,
        "organ": organ_text(notice.department),
        "reason": notice.ended_why,
    }


def rest_states(notice: Notice) -> list[str]:
    """In which states somebody still has to do something about the notice."""
    rest = [*Recipient.UNREAD]
    return [*rest, Recipient.State.READ] if notice.needs_confirming else rest
