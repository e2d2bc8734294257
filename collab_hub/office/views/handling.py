"""What officials do beside the actions of a step: stop the clock, let it go on, urge."""

from django.contrib import messages
from django.http import HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collab_hub.inbox.query import InboxQuery
from collab_hub.inbox.services import open_task
from platform_core.capabilities.process.suspension.services import resume_process, suspend_process
from platform_core.capabilities.process.urging.services import urge_task
from platform_core.common.errors import Conflict, NotAllowed, Unusable

from ..access import office_page
from ..forms import SuspendForm, with_errors
from .task import task_address, task_page, typed_version


def view_of(request) -> InboxQuery:
    """The list that the task was opened from."""
    return InboxQuery.read(QueryDict(request.POST.get("view", "")[:500]))


def carry_out(request, task_id, call, said: str, *, form=None, name: str = ""):
    """Do `call()` and say so on the task's page, or show the page with what stands in the way.

    `form` was read from the request; the page calls it `name`.
    """
    query, more, status = view_of(request), {}, 422
    if form is not None:
        more[name] = form
    if form is None or form.is_valid():
        try:
            call()
            messages.success(request, said)
            return HttpResponseRedirect(task_address(task_id, query))
        except Unusable as error:
            with_errors(form, error.errors)
        except Conflict as error:
            more["conflict"], status = str(error), 409
        except NotAllowed as error:
            more["conflict"], status = str(error), 403
    found = open_task(actor=request.actor, task_id=task_id)
    return task_page(request, found, query, status=status, **more)


@require_POST
@office_page
def suspend(request, task_id):
    """Stop the clock for a special procedure."""
    form = SuspendForm(request.POST)

    def call():
        suspend_process(
            actor=request.actor,
            task_id=task_id,
            version=typed_version(request.POST),
            **form.cleaned_data,
        )

    said = _("The clock stands. The applicant is told why.")
    return carry_out(request, task_id, call, said, form=form, name="suspend_form")


@require_POST
@office_page
def resume(request, task_id):
    """Let the process go on."""
    return carry_out(
        request,
        task_id,
        lambda: resume_process(actor=request.actor, task_id=task_id),
        _("The clock goes on."),
    )


@require_POST
@office_page
def urge(request, task_id):
    """Ask whoever has the process to go on with it."""
    return carry_out(
        request,
        task_id,
        lambda: urge_task(actor=request.actor, task_id=task_id),
        _("They are asked to hurry."),
    )
