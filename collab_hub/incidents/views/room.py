"""The emergency room: board, tasks, people, checklists, situation reports, resources, log."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collab_hub.office.access import office_page
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.numbers import whole

from .. import call_services, resource_services, selectors, services, showing
from ..forms import AmountForm, MessageForm, MoveForm, ReportForm
from ..words import entries
from .acting import carried_out, done

LINES_SHOWN = 50
PART = "office/incidents/_board.html"


def _view(request) -> str:
    by = request.GET.get("by", "")
    return by if by in showing.VIEWS else "phase"


def _board(request, found, now) -> dict:
    view = _view(request)
    frame = showing.frame(request.user, found, "incident", now)
    return {
        **frame,
        **showing.board(request.user, found, view, now, frame["commands"]),
        "views": showing.board_tabs(view),
    }


@require_safe
@office_page
def board(request, incident_id):
    """The board; asked for by htmx, only the part that changes."""
    found = selectors.incident_for(request.user, incident_id)
    page = PART if "HX-Request" in request.headers else "office/incidents/board.html"
    return render(request, page, _board(request, found, timezone.now()))


@require_POST
@office_page
def move(request, incident_id, todo_id):
    """A button of the board. Whoever is second sees the board as it is, who was first, and 409."""
    found = selectors.incident_for(request.user, incident_id)
    task = selectors.task_in(found, todo_id)
    if task is None:
        raise Http404
    said, status = "", 200
    try:
        services.move_task(
            actor=request.actor, task=task, version=whole(request.POST.get("version", "")) or 0,
            to=request.POST.get("to", ""),
        )  # fmt: skip
    except Conflict as error:
        said, status = str(error), 409
    except NotAllowed as error:
        said, status = str(error), 403
    except Unusable as error:
        said, status = next(iter(error.errors.values()))[0], 422
    is_part = "HX-Request" in request.headers
    if status == 200 and not is_part:
        messages.success(request, done())
        return redirect(f"{reverse('incident', args=[found.pk])}?by={_view(request)}")
    page = PART if is_part else "office/incidents/board.html"
    context = _board(request, found, timezone.now()) | {"refused": said}
    answer = render(request, page, context, status=status)
    if is_part:
        answer["HX-Reswap"] = "innerHTML"
    return answer


@office_page
def todo(request, incident_id, todo_id):
    """One task: what it is, and moving it with words."""
    found = selectors.incident_for(request.user, incident_id)
    task = selectors.task_in(found, todo_id)
    if task is None:
        raise Http404
    now = timezone.now()
    phases = list(found.phases.all())
    form = MoveForm(request.POST if request.method == "POST" else None, task=task, phases=phases)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def call():
            services.move_task(actor=request.actor, task=task, **given)

        if carried_out(request, form, call, done()):
            return redirect("incident_task", found.pk, task.pk)
    frame = showing.frame(request.user, found, "incident", now)
    card = showing.card(request.user, task, frame["commands"], found.is_running, now)
    may_move = bool(card["buttons"]) or (frame["commands"] and task.state == "dropped")
    context = frame | {"card": card, "form": form if may_move else None, "errors": form.errors}
    return render(request, "office/incidents/task.html", context, status=_status(form))


@office_page
def people(request, incident_id):
    """The contact tree: who confirmed, who left, who comes after them."""
    found = selectors.incident_for(request.user, incident_id)
    if request.method == "POST":
        sent = request.POST
        role = selectors.role_in(found, whole(sent.get("role", "")))
        if role is None:
            raise Http404
        to = {"actor": request.actor, "incident": found}
        calls = {
            "confirm": lambda: call_services.confirm_call(**to, person=role.holder),
            "holder": lambda: call_services.set_holder(
                **to, role=role, person=selectors.official(whole(sent.get("person", ""))),
                reason=sent.get("reason", ""),
            ),
        }  # fmt: skip
        if sent.get("act") in calls:
            carried_out(request, None, calls[sent["act"]], done())
        else:
            messages.warning(request, _("Choose what to do."))
        return redirect("incident_people", found.pk)
    frame = showing.frame(request.user, found, "incident_people", timezone.now())
    rows = showing.people(request.user, found, frame["commands"])
    return render(request, "office/incidents/people.html", frame | {"rows": rows})


@office_page
def checks(request, incident_id):
    """The checklists."""
    found = selectors.incident_for(request.user, incident_id)
    if request.method == "POST":
        entry = selectors.check_in(found, whole(request.POST.get("entry", "")))
        if entry is None:
            raise Http404
        is_done = request.POST.get("done") == "1"
        carried_out(
            request, None,
            lambda: services.tick(actor=request.actor, entry=entry, is_done=is_done), done(),
        )  # fmt: skip
        return redirect(f"{reverse('incident_checks', args=[found.pk])}#check-{entry.pk}")
    frame = showing.frame(request.user, found, "incident_checks", timezone.now())
    context = frame | {"lists": showing.checklists(found)}
    return render(request, "office/incidents/checks.html", context)


@office_page
def reports(request, incident_id):
    """The situation reports, and the next one with the figures of the last."""
    found = selectors.incident_for(request.user, incident_id)
    kept = selectors.reports_of(found)
    last = kept[0] if kept else None
    form = ReportForm(request.POST if request.method == "POST" else None, incident=found, last=last)
    if request.method == "POST" and form.is_valid():

        def call():
            services.report_situation(
                actor=request.actor, incident=found, text=form.cleaned_data["text"],
                figures=form.given(),
            )  # fmt: skip

        names = {key: name for name, key in form.keys.items()}
        if carried_out(request, form, call, done(), fields=names):
            return redirect("incident_reports", found.pk)
    frame = showing.frame(request.user, found, "incident_reports", timezone.now())
    context = frame | {
        "rows": showing.report_rows(found, kept),
        "form": form,
        "next_number": last.number + 1 if last else 1,
    }
    return render(request, "office/incidents/reports.html", context, status=_status(form))


@office_page
def resources(request, incident_id):
    """The resource list, and what happens to each."""
    found = selectors.incident_for(request.user, incident_id)
    frame = showing.frame(request.user, found, "incident_resources", timezone.now())
    organs = selectors.organs_in(found)
    chosen, form = None, None
    if request.method == "POST":
        chosen = selectors.resource_in(found, whole(request.POST.get("resource", "")))
        if chosen is None:
            raise Http404
        form = _amount_form(chosen, organs, frame, request.POST)
        if form.is_valid() and carried_out(
            request, form, lambda: _moved(request, found, chosen, form.cleaned_data), done()
        ):
            return redirect(f"{reverse('incident_resources', args=[found.pk])}#res-{chosen.pk}")
    rows = showing.resource_rows(found)
    for row in rows:
        is_chosen = chosen is not None and row["resource"].pk == chosen.pk
        row["form"] = form if is_chosen else _amount_form(row["resource"], organs, frame)
        row["open"] = is_chosen
    context = frame | {"rows": rows, "form": form}
    return render(request, "office/incidents/resources.html", context, status=_status(form))


def _amount_form(resource, organs, frame: dict, data=None) -> AmountForm:
    return AmountForm(data, organs=organs, commands=frame["commands"], prefix=f"r{resource.pk}")


def _moved(request, found, resource, given: dict) -> None:
    to = {"actor": request.actor, "incident": found, "resource": resource,
          "amount": given["amount"]}  # fmt: skip
    if given["deed"] == "receive":
        resource_services.receive(**to, place=given["place"])
        return
    calls = {
        "lend": resource_services.lend,
        "give_back": resource_services.give_back,
        "use_up": resource_services.use_up,
    }
    calls[given["deed"]](**to, organ=given["organ"])


@office_page
def log(request, incident_id):
    """The message log and everything that was done; messages are noted here."""
    found = selectors.incident_for(request.user, incident_id)
    form = MessageForm(
        request.POST if request.method == "POST" and "seq" not in request.POST else None
    )
    to = {"actor": request.actor, "incident": found}
    if request.method == "POST" and not form.is_bound:
        seq = whole(request.POST["seq"]) or 0
        carried_out(request, None, lambda: services.confirm_message(**to, seq=seq), done())
        return redirect("incident_log", found.pk)
    if form.is_bound and form.is_valid():

        def call():
            services.note_message(**to, **form.cleaned_data)

        if carried_out(request, form, call, done()):
            return redirect("incident_log", found.pk)
    lines = selectors.lines_of(found)
    only = request.GET.get("only") == "messages"
    kinds = {"message", "message_confirmed"}
    chosen = [one for one in lines if not only or one.kind in kinds]
    shown = Paginator(
        entries(chosen, selectors.processes_read(request.user, found)), LINES_SHOWN
    ).get_page(request.GET.get("page"))
    context = showing.frame(request.user, found, "incident_log", timezone.now()) | {
        "form": form,
        "shown": shown,
        "entries": list(shown),
        "only": only,
        "unconfirmed": showing.unconfirmed(lines),
        "fault": selectors.log_fault(found, lines),
        "line_count": len(lines),
        "digest": lines[-1].digest[:16],
    }
    return render(request, "office/incidents/log.html", context, status=_status(form))


def _status(form) -> int:
    return 422 if form is not None and form.errors else 200
