"""Several tasks of one step decided at once: choose the step, then the tasks, then read what became
of each."""

from uuid import UUID

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from collab_hub.inbox import selectors
from collab_hub.inbox.batch_services import MOST, decide_many
from platform_core.common.errors import Unusable

from ..access import office_page

ERROR_IDS = {"tasks": "t0", "opinion": "opinion", "action": ""}


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def batch(request):
    """The steps to choose from, the tasks of one, or, when sent, what became of them."""
    if request.method != "POST":
        return _choices(request, request.GET.get("step", ""))
    opinion = request.POST.get("opinion", "")
    chosen = [pair for one in request.POST.getlist("tasks")[: MOST + 1] if (pair := _pair(one))]
    try:
        outcomes = decide_many(
            actor=request.actor,
            chosen=chosen,
            action=request.POST.get("action", ""),
            opinion=opinion,
        )
    except Unusable as error:
        typed = {"errors": error.errors, "opinion": opinion, "ticked": {one for one, _v in chosen}}
        return _choices(request, request.POST.get("step", ""), status=422, **typed)
    done = sum(outcome.state == "done" for outcome in outcomes)
    context = {"outcomes": outcomes, "done": done, "step": request.POST.get("step", "")}
    return render(request, "office/batch_done.html", context)


def _pair(value: str) -> tuple[str, int] | None:
    """(task id, version) of a ticked box; None for what no page of ours sends."""
    task_id, _colon, version = value.partition(":")
    try:
        return str(UUID(task_id)), int(version)
    except ValueError:
        return None


def _choices(request, step: str, status: int = 200, **typed):
    steps = selectors.batch_steps(request.user)
    slug, _colon, node = step[:120].partition(":")
    rows = selectors.batch_tasks(request.user, slug, node, MOST) if node else []
    errors = typed.get("errors", {})
    context = {
        "steps": steps,
        "step": step,
        "current": next((one for one in steps if f"{one['slug']}:{one['node']}" == step), None),
        "rows": rows,
        "most": MOST,
        "error_list": [
            {"id": ERROR_IDS.get(part, ""), "message": message}
            for part, found in errors.items()
            for message in found
        ],
        **typed,
    }
    return render(request, "office/batch.html", context, status=status)
