"""How the history of a process is read (see platform_core/common/trace.py)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from platform_core.common.i18n import pick
from platform_core.common.organs import organ_words
from platform_core.common.trace import (
    About,
    Entry,
    Ref,
    Traceable,
    kind_of_audited,
    register_deeds,
    register_traceable,
    shown_name,
)
from security.access import visible_to
from security.access.policies import is_auditor

from . import selectors
from .event_words import words_of
from .models import ProcessInstance, Task

MOST = 20


def _instances(user):
    found = ProcessInstance.objects.all()
    return found if is_auditor(user) else visible_to(user, "see", found)


def found(user, text: str) -> list[Ref]:
    instances = _instances(user)
    if text:
        instances = instances.filter(subject_number__startswith=text)
    return [name(one) for one in instances.order_by("-started_at")[:MOST]]


def load(user, object_id: str) -> ProcessInstance:
    try:
        return _instances(user).get(pk=object_id)
    except (ProcessInstance.DoesNotExist, ValidationError):
        raise Http404 from None


def name(instance: ProcessInstance) -> Ref:
    return Ref(str(instance.pk), gettext("Process"), instance.subject_number)


def objects(instance: ProcessInstance) -> list[tuple[str, str]]:
    tasks = Task.objects.filter(instance=instance).values_list("pk", flat=True)
    return [
        ("platform_core.processinstance", str(instance.pk)),
        *(("platform_core.task", str(key)) for key in tasks),
    ]


def lines_of(instance: ProcessInstance) -> list[Entry]:
    """Every event of the process; opinions stand as they were written. Its beginning leads to what
    it is about.
    """
    lines, subject = [], _subject(instance)
    for event in selectors.history(instance):
        words, _mark = words_of(event)
        step = pick(event.task.title if event.task else event.data.get("step") or "")
        department = event.post.department if event.post else None
        lines.append(
            Entry(
                at=event.at,
                what=f"{step} · {words}" if step else words,
                verb=f"process.{event.kind}",
                who=shown_name(event.actor, event.actor_name),
                acting_as=organ_words(department),
                note=event.opinion,
                key=f"process-{event.pk}",
                actor_id=event.actor_id,
                about=subject if event.kind == "started" else None,
            )
        )
    return lines


def _subject(instance: ProcessInstance) -> About | None:
    kind = kind_of_audited(instance.subject_type)
    return About(kind.key, instance.subject_id) if kind else None


register_traceable(
    Traceable(
        "process",
        _("Process"),
        "workflow",
        ("platform_core.processinstance", "platform_core.task"),
        find=found,
        load=load,
        name=name,
        objects=objects,
        own=lines_of,
    )
)
register_deeds({
    "process.start": _("Process started"),
    "process.suspend": _("Clock stopped"),
    "process.resume": _("Clock goes on"),
    "process.urge": _("Urged"),
    "task.escalate": _("Told the head: late"),
    "task.reassign": _("Given to somebody else"),
})  # fmt: skip
