"""What incidents register: policies, kinds of work with their quick actions, menu, what runs on the
home page, history, effects, samples.
"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from collab_hub.inbox.work import WorkAction, register_work_kind
from platform_core.common.menus import Entry, register_menu
from platform_core.common.panels import Waiting, register_waiting

from . import listeners, panels, policies, samples, tasks, traced  # noqa: F401
from .building import TASK
from .call_services import confirm_call
from .calling import CALL
from .models import IncidentTask
from .plan_services import PUBLISH
from .selectors import incident_of_item, running_count, sees_incidents, task_of_item
from .services import move_task


def _move(actor, item, to: str, note: str) -> None:
    task = task_of_item(item)
    move_task(actor=actor, task=task, version=task.version, to=to, note=note)


def start(*, actor, item, opinion="") -> None:
    _move(actor, item, IncidentTask.State.DOING, opinion)


def finish(*, actor, item, opinion="") -> None:
    _move(actor, item, IncidentTask.State.DONE, opinion)


def confirm(*, actor, item, opinion="") -> None:
    """Whoever has the item, or their deputy, confirms."""
    confirm_call(actor=actor, incident=incident_of_item(item), person=item.assignee)


@register_waiting
def running(user) -> Waiting | None:
    """Incidents that run now and concern the person's organs."""
    return Waiting(
        "incidents", _("Incidents running"), running_count(user), reverse("incidents"),
        "shield-alert", order=5,
    )  # fmt: skip


register_work_kind(
    TASK,
    _("Task in an incident"),
    "shield-alert",
    actions=[
        WorkAction("finish", pgettext_lazy("incident", "Done"), finish, "check",
                   pgettext_lazy("incident task", "Done"), usual=True),
        WorkAction("start", pgettext_lazy("incident", "Begin"), start, "play",
                   pgettext_lazy("incident task", "Being done")),
    ],
)  # fmt: skip
register_work_kind(
    CALL,
    _("Call in an incident"),
    "siren",
    actions=[WorkAction("confirm", _("Confirm"), confirm, done=_("Confirmed"), usual=True)],
    is_personal=True,
)
register_work_kind(PUBLISH, _("Incident plan to publish"), "file-check-2")
register_menu(
    Entry(
        "office",
        "incidents",
        pgettext_lazy("menu", "Incidents"),
        "incidents",
        "shield-alert",
        37,
        group="together",
        shown=lambda request: sees_incidents(request.user),
    )
)
