"""Beside a task of a process that was begun beside an incident: the incident."""

from django.utils.translation import gettext as _

from platform_core.common.panels import Panel, register_panel

from .policies import PROCESSES
from .selectors import incident_for


def incident_panels(user, incident_id: str, _hidden=frozenset()) -> list[Panel]:
    """The incident with the way to it, for whoever may read it; Http404 for others."""
    context = {"incident": incident_for(user, incident_id)}
    return [Panel(_("Incident"), "office/incidents/_panel.html", context, order=10)]


register_panel(PROCESSES, incident_panels)
