"""Adding to a running incident, ending it, and what is learnt from it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from collab_hub.office.access import office_page
from platform_core.capabilities.documents.typesetting import Unprintable
from platform_core.common.organs import organ_words

from .. import adding_services, aftermath, point_services, selectors, services, showing
from .. import review as reviews
from ..building import content_of
from ..content import PARTS, TITLES
from ..forms import EndForm, PieceForm, PointForm, ProcessForm, part_form
from ..offered import processes_offered
from ..planned import ICONS
from ..record import review_pdf
from ..words import entries
from .acting import carried_out, done


@office_page
def add(request, incident_id):
    """Add to a running incident, or end it."""
    found = selectors.incident_for(request.user, incident_id)
    bound = {}
    if request.method == "POST":
        bound = _added(request, found)
        if not bound:
            found = selectors.incident_for(request.user, incident_id)
            return redirect("incident_add" if found.is_running else "incident_review", found.pk)
    context = showing.frame(request.user, found, "incident_add", timezone.now())
    if context["commands"]:
        here = content_of(found)
        versions, offered = selectors.versions_to_use(request.user), processes_offered(request.user)
        context |= {
            "parts": [
                {"key": part, "title": TITLES[part], "icon": ICONS[part],
                 "form": bound.get(part) or part_form(part, here), "open": part in bound}
                for part in PARTS
            ],
            "piece": bound.get("piece") or PieceForm(versions=versions, prefix="piece"),
            "process": bound.get("process") or ProcessForm(offered=offered, prefix="process"),
            "has_processes": bool(offered),
            "end": bound.get("end") or EndForm(prefix="end"),
            "open_act": next(iter(bound), ""),
        }  # fmt: skip
    context["errors"] = next(iter(bound.values()), None)
    return render(request, "office/incidents/add.html", context, status=422 if bound else 200)


def _added(request, found) -> dict:
    """Carry out the act; forms that have to be shown again, by name."""
    act, part = request.POST.get("act", ""), request.POST.get("part", "")
    to = {"actor": request.actor, "incident": found}
    if act == "part":
        form = part_form(part, content_of(found), request.POST)
        if form is None:
            raise Http404
        return _run(request, part, form, lambda given: adding_services.add_part(
            **to, part=part, values=given
        ))  # fmt: skip
    if act == "piece":
        form = PieceForm(
            request.POST, versions=selectors.versions_to_use(request.user), prefix="piece"
        )
        return _run(request, "piece", form, lambda given: adding_services.add_piece(
            **to, version=given["piece"][0], phase=given["piece"][1]
        ))  # fmt: skip
    if act == "process":
        form = ProcessForm(request.POST, offered=processes_offered(request.user), prefix="process")
        return _run(request, "process", form, lambda given: adding_services.start_beside(
            **to, napp=given["process"].split(":")[0], process=given["process"].split(":")[1]
        ))  # fmt: skip
    if act == "end":
        form = EndForm(request.POST, prefix="end")
        return _run(request, "end", form, lambda given: services.stand_down(**to, **given))
    messages.warning(request, _("Choose what to do."))
    return {}


def _run(request, name: str, form, call) -> dict:
    is_done = form.is_valid() and carried_out(
        request, form, lambda: call(form.cleaned_data), done()
    )
    return {} if is_done else {name: form}


def _reviewed(request, found) -> dict:
    now = timezone.now()
    lines = selectors.lines_of(found)
    facts = aftermath.facts_of(lines, now)
    return showing.frame(request.user, found, "incident_review", now) | {
        "top": reviews.figures(facts),
        "head": reviews.head(found),
        "answers": reviews.answers(facts),
        "deeds": reviews.deeds(facts),
        "rest": reviews.rest(facts),
        "points": [
            {"point": one, "lead": organ_words(one.lead)} for one in selectors.points_of(found)
        ],
        "entries": entries(lines),
        "fault": selectors.log_fault(found, lines),
        "line_count": len(lines),
        "digest": lines[-1].digest[:16],
        "may_note": selectors.may_command(request.user, found),
        "printed_at": now,
    }


@office_page
def review(request, incident_id):
    """The after-action report from the log; open points go to supervision."""
    found = selectors.incident_for(request.user, incident_id)
    organs = selectors.organs_in(found)
    form = PointForm(None, organs=organs)
    if request.method == "POST":
        if request.POST.get("act") == "hand_over":
            point = selectors.point_in(found, request.POST.get("point", ""))
            if point is None:
                raise Http404
            carried_out(
                request, None,
                lambda: point_services.hand_over_point(actor=request.actor, point=point),
                _("Proposed to the organ that supervises."),
            )  # fmt: skip
            return redirect("incident_review", found.pk)
        form = PointForm(request.POST, organs=organs)
        if not _run(request, "point", form, lambda given: point_services.add_point(
            actor=request.actor, incident=found, **given
        )):  # fmt: skip
            return redirect("incident_review", found.pk)
    context = _reviewed(request, found) | {"form": form}
    status = 422 if form.errors else 200
    return render(request, "office/incidents/review.html", context, status=status)


@require_safe
@office_page
def printed(request, incident_id):
    """The after-action report on one page, to be printed."""
    found = selectors.incident_for(request.user, incident_id)
    return render(request, "office/incidents/print.html", _reviewed(request, found))


@require_safe
@office_page
def record(request, incident_id):
    """The same as PDF."""
    found = selectors.incident_for(request.user, incident_id)
    try:
        pdf = review_pdf(found)
    except Unprintable:
        messages.warning(request, _("The record could not be set. Print the page instead."))
        return redirect("incident_print", found.pk)
    name = pgettext("file name", "after-action-report.pdf")
    return HttpResponse(
        pdf, content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"},
    )  # fmt: skip
