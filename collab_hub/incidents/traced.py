"""How the history of an incident is read (see platform_core/common/trace.py)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.common.organs import organ_words
from platform_core.common.trace import (
    About,
    Entry,
    Ref,
    Traceable,
    from_log,
    register_deeds,
    register_traceable,
)

from . import selectors
from .models import Incident
from .words import LINES, OF_PROCESSES, note_of


def found(user, text: str) -> list[Ref]:
    return [name(one) for one in selectors.incidents_for(user, text=text)[: selectors.MOST_FOUND]]


def name(incident: Incident) -> Ref:
    url = reverse("incident", args=[incident.pk])
    return Ref(str(incident.pk), incident.title, incident.number, url)


def own(incident: Incident) -> list[Entry]:
    """The log, line by line; what it says of a process leads to the process."""
    return [
        from_log(
            line, "incident", LINES, acting_as=organ_words(line.organ), note=note_of(line),
            about=About("process", line.facts["process"]) if line.kind in OF_PROCESSES else None,
        )
        for line in selectors.lines_of(incident)
    ]  # fmt: skip


register_traceable(
    Traceable(
        "incident",
        _("Incident"),
        "shield-alert",
        ("collab_hub.incident",),
        find=found,
        load=selectors.incident_for,
        name=name,
        own=own,
    )
)
register_deeds({f"incident.{key}": words for key, words in LINES.items()})
register_deeds(
    {
        "incident_plan.begin": _("Incident plan begun"),
        "incident_plan.draft": _("New version of an incident plan begun"),
        "incident_plan.ask": _("Incident plan sent to a second person"),
        "incident_plan.publish": _("Incident plan published"),
        "incident_plan.refuse": _("Incident plan sent back"),
    }
)
