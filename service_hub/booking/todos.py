"""What a person has to do next: come to the hall today or tomorrow."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.i18n import pick
from service_hub.todos import MOST, Todo, register_todo

from .letters import when_words
from .selectors import appointments_between


@register_todo
def appointments_near(actor) -> list[Todo]:
    """The person's appointments from now until the end of tomorrow; none for firms."""
    if actor.firm is not None:
        return []
    now = timezone.now()
    end = timezone.localtime(now).replace(hour=23, minute=59) + timedelta(days=1)
    return [
        Todo(
            key=f"appointment:{one.pk}",
            title=_("Appointment: %(when)s") % {"when": when_words(one.starts_at)},
            note=pick(one.line.hall.name),
            url_name="portal:appointment",
            url_args=(one.pk,),
            due_at=one.starts_at,
            icon="calendar-clock",
        )
        for one in appointments_between(actor.user, now, end)[:MOST]
    ]
