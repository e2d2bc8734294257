"""Beside a task of the office: what says the same as this case."""

from django.utils.translation import gettext as _

from platform_core.common.panels import Panel, register_panel
from service_hub.cases.selectors import case_for
from service_hub.cases.services import SUBJECT

from .duplicates import duplicates_of, merged_with


def twin_panels(user, case_id: str, _hidden=frozenset()) -> list[Panel]:
    """Nothing unless something says the same or was put together with it."""
    case = case_for(user, case_id)
    context = {"case": case, "twins": duplicates_of(user, case), "joined": merged_with(case)}
    if not (context["twins"] or context["joined"] or case.merged_into_id):
        return []
    return [Panel(_("Sent twice?"), "service_hub/panels/twins.html", context, order=15)]


register_panel(SUBJECT, twin_panels)
