"""Plans in the office: the list, one with its parts, its publication, and the one click."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collab_hub.office.access import office_page
from collab_hub.office.forms import with_errors
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.numbers import whole
from platform_core.common.organs import organ_words
from platform_core.common.refusals import say_refused
from security.access import may
from security.organs.selectors import own_organs

from .. import content as plans
from .. import plan_services, selectors, services
from ..activating import activating_organs, contacts, holders, refusal
from ..forms import ActivateForm, AnswerForm, MinutesForm, PlanForm, part_form
from ..models import PlanVersion
from ..planned import parts, version_rows
from .acting import carried_out

State = PlanVersion.State


@require_safe
@office_page
def plan_list(request):
    """The plans of the own organs and those below."""
    if not selectors.sees_incidents(request.user):
        raise Http404
    active = activating_organs(request.user)
    rows = [
        {"plan": one, "organ": organ_words(one.owner), "may_activate": one.owner_id in active}
        for one in selectors.plans_for(request.user)
    ]
    context = {"rows": rows, "may_write": bool(own_organs(request.user))}
    return render(request, "office/incidents/plans.html", context)


@office_page
def plan_new(request):
    """Begin a plan of one's organ."""
    organs = own_organs(request.user)
    if not organs:
        raise Http404
    form = PlanForm(request.POST if request.method == "POST" else None, organs=organs)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        owner = next(one for one in organs if str(one.pk) == given["owner"])
        title = {"zh": given["title"], "en": given["title_en"]}
        try:
            version = plan_services.begin_plan(
                actor=request.actor, owner=owner, title=title, kind=given["kind"]
            )
        except Unusable as error:
            with_errors(form, error.errors)
        else:
            return redirect("incident_plan", version.plan_id)
    status = 422 if form.errors else 200
    return render(request, "office/incidents/plan_new.html", {"form": form}, status=status)


@office_page
def plan(request, plan_id):
    """One plan: what it says, its draft part by part, who publishes it."""
    found = selectors.plan_for(request.user, plan_id)
    bound = {}
    if request.method == "POST":
        selectors.plan_for(request.user, plan_id, "keep")
        bound = _posted(request, found)
        if not bound:
            return redirect("incident_plan", found.pk)
    versions = selectors.versions_of(found)
    shown = _shown(versions, request.GET.get("version", ""))
    is_draft = shown.state == State.DRAFT
    own = found.owner_id in {one.pk for one in own_organs(request.user)}
    context = {
        "plan": found,
        "organ": organ_words(found.owner),
        "version": shown,
        "versions": version_rows(versions, shown),
        "parts": parts(shown.content, bound, editable=own and is_draft),
        "may_edit": own and is_draft,
        "may_decide": own and shown.state == State.ASKED and shown.asked_by_id != request.user.pk,
        "may_begin": own and not any(one.state in (State.DRAFT, State.ASKED) for one in versions),
        **_activation(request.user, found, versions),
        "faults": plans.faults(shown.content) if is_draft else [],
        "minutes": bound.get("minutes")
        or MinutesForm(initial={"minutes": shown.content.get("escalate_minutes")}),
        "answer": bound.get("answer") or AnswerForm(),
        "errors": next(iter(bound.values()), None),
    }
    return render(request, "office/incidents/plan.html", context, status=422 if bound else 200)


def _activation(user, found, versions: list[PlanVersion]) -> dict:
    """Who activates the plan; with a version in force, and for somebody who may not, whom to
    call.
    """
    in_force = next((one for one in versions if one.state == State.APPROVED), None)
    may_activate = in_force is not None and may(user, "activate", found)
    calls = in_force is not None and not may_activate
    return {
        "may_activate": may_activate,
        "holders": holders(user, found.owner),
        "calls": calls,
        "contacts": contacts(user, found, in_force) if calls else [],
    }


def _shown(versions: list[PlanVersion], wanted: str) -> PlanVersion:
    """The version asked for, else the one that is worked on, else the newest."""
    number = whole(wanted)
    asked = next((one for one in versions if one.number == number), None)
    return asked or versions[0]


def _posted(request, found) -> dict:
    """Carry out the act; forms that have to be shown again, by name."""
    sent, act = request.POST, request.POST.get("act", "")
    to = {"actor": request.actor, "plan": found}
    revision = whole(sent.get("revision", ""))
    if act == "add":
        return _add(request, found, to, revision)
    if act == "minutes":
        form = MinutesForm(sent)
        is_done = form.is_valid() and carried_out(
            request, form,
            lambda: plan_services.set_minutes(
                **to, minutes=form.cleaned_data["minutes"], revision=revision
            ),
            _("Kept in the draft."),
        )  # fmt: skip
        return {} if is_done else {"minutes": form}
    if act in {"publish", "refuse"}:
        form = AnswerForm(sent)
        is_done = form.is_valid() and carried_out(
            request, form,
            lambda: plan_services.decide_plan(
                **to, is_fit=act == "publish", answer=form.cleaned_data["answer"],
                number=whole(sent.get("number", "")),
            ),
            _("The plan is in force.") if act == "publish" else _("Sent back."),
        )  # fmt: skip
        return {} if is_done else {"answer": form}
    calls = {
        "drop": lambda: plan_services.drop_entry(
            **to, part=sent.get("part", ""), key=sent.get("key", ""), revision=revision
        ),
        "begin": lambda: plan_services.begin_version(**to),
        "ask": lambda: plan_services.ask_for_publication(**to, revision=revision),
    }
    said = {
        "drop": _("Taken out of the draft."),
        "begin": _("A new draft is open."),
        "ask": _("A colleague publishes it now."),
    }
    if act in calls:
        carried_out(request, None, calls[act], said[act])
    else:
        messages.warning(request, _("Choose what to do."))
    return {}


def _add(request, found, to: dict, revision) -> dict:
    part = request.POST.get("part", "")
    draft = next((one for one in selectors.versions_of(found) if one.state == State.DRAFT), None)
    form = part_form(part, draft.content if draft else plans.empty(), request.POST)
    if form is None:
        messages.warning(request, _("Choose what to do."))
        return {}
    is_done = form.is_valid() and carried_out(
        request, form,
        lambda: plan_services.add_entry(
            **to, part=part, values=form.cleaned_data, revision=revision
        ),
        _("Kept in the draft."),
    )  # fmt: skip
    return {} if is_done else {part: form}


@office_page
def activate(request, plan_id):
    """Activate the plan in force: everybody is called, tasks go out. Who reads it and may not is
    told who may.
    """
    found = selectors.plan_for(request.user, plan_id)
    version = selectors.version_in_force(found)
    if version is None:
        messages.warning(request, _("No version of this plan is in force yet."))
        return redirect("incident_plan", found.pk)
    if not may(request.user, "activate", found):
        # The plan's page says it to whoever came by a link.
        if request.method == "POST":
            messages.warning(request, refusal(found))
        return redirect("incident_plan", found.pk)
    runs = selectors.running_of(request.user, found)
    form = ActivateForm(
        request.POST if request.method == "POST" else None,
        version=version, regions=selectors.regions_for(found.owner), runs=bool(runs),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            incident = services.activate_incident(
                actor=request.actor, version=version, **form.cleaned_data
            )
        except Unusable as error:
            with_errors(form, error.errors)
        except NotAllowed as error:
            say_refused(request, error)
        except Conflict as error:
            say_refused(request, error)
            first = error.facts.get("incident")
            return redirect("incident", first) if first else redirect("incident_plan", found.pk)
        else:
            messages.success(request, _("Activated. Everybody is being called."))
            return redirect("incident", incident.pk)
    context = {
        "plan": found,
        "version": version,
        "organ": organ_words(found.owner),
        "form": form,
        "runs": runs,
        "counts": {part: len(plans.of(version.content, part)) for part in plans.PARTS},
    }
    status = 422 if form.errors else 200
    return render(request, "office/incidents/activate.html", context, status=status)
