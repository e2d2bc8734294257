"""Supervised matters in the office: the list, proposing one, one with everything about it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from collab_hub.office.access import office_page
from collab_hub.office.forms import with_errors
from platform_core.capabilities.documents.typesetting import Unprintable
from platform_core.common import trace
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.paging import page_of
from platform_core.common.refusals import say_refused

from . import doing, evidence_services, selectors, services, showing
from .forms import ProposeForm, form_of
from .policies import supervising_organs
from .record import record_pdf

PAGE_SIZE = 50


@require_safe
@office_page
def items(request):
    """What our organs have to do, what they supervise, what is late."""
    if not selectors.sees_supervision(request.user):
        raise Http404
    sent, now = request.GET, timezone.now()
    owns = bool(supervising_organs(request.user))
    first = "owned" if owns else "ours" if request.user.is_official else "all"
    box = sent.get("box") if sent.get("box") in selectors.BOXES else first
    kind, text = sent.get("kind", ""), sent.get("q", "").replace("\x00", "").strip()[:100]
    found = selectors.items_for(request.user, box=box, kind=kind, text=text, now=now)
    shown = page_of(found, PAGE_SIZE, sent.get("page"))
    context = {
        "shown": shown,
        "rows": [showing.row(one, now) for one in shown],
        "tabs": showing.tabs(box, request.user),
        "box": box,
        "kind": kind,
        "kinds": showing.kinds(),
        "q": text,
        "figures": selectors.figures(request.user, now),
        "may_propose": owns,
    }
    return render(request, "office/supervision/list.html", context)


@office_page
def propose(request):
    """Propose a matter in the name of one's organ; a colleague opens it."""
    owners = supervising_organs(request.user)
    if not owners:
        raise Http404
    wanted = request.POST.get("owner") or request.GET.get("owner", "")
    owner = next((one for one in owners if str(one.pk) == wanted), owners[0])
    form = ProposeForm(request.POST if request.method == "POST" else None, owner=owner)
    if request.method == "POST" and form.is_valid():
        try:
            item = services.propose_supervision(
                actor=request.actor, owner=owner, **form.cleaned_data
            )
        except Unusable as error:
            with_errors(form, showing.at_fields(error.errors))
        else:
            messages.success(request, _("Proposed. A colleague of your organ opens it."))
            return redirect("supervision_item", item.pk)
    context = {"form": form, "owner": owner, "owners": owners}
    status = 422 if form.errors else 200
    return render(request, "office/supervision/propose.html", context, status=status)


@office_page
def item(request, item_id):
    """One matter: what can be done with it, its facts, its proof, its log."""
    found = selectors.item_for(request.user, item_id)
    bound = {}
    if request.method == "POST":
        act = request.POST.get("act", "")
        form = form_of(act, found, request.POST)
        is_done = False
        if act not in doing.ORDER:
            messages.warning(request, _("Choose what to do."))
        elif form is None or form.is_valid():
            is_done = _carried_out(request, act, found, form)
        if is_done or form is None or not form.errors:
            return redirect(showing.page_after(request.user, found))
        bound = {act: form}
    context = showing.page(request.user, found, bound)
    return render(request, "office/supervision/item.html", context, status=422 if bound else 200)


def _carried_out(request, act: str, found, form) -> bool:
    """Do what the form says; what is wrong with it is shown at its field."""
    data = form.cleaned_data if form is not None else {}
    try:
        messages.success(request, doing.carry_out(act, actor=request.actor, item=found, data=data))
    except Unusable as error:
        with_errors(form, showing.at_fields(error.errors))
        return False
    except (Conflict, NotAllowed) as error:
        say_refused(request, error)
    return True


@office_page
def proof(request, item_id):
    """Link lines of another thing's log as proof: choose the thing, then the lines."""
    found = selectors.item_for(request.user, item_id, "handle")
    kind, object_id = request.GET.get("kind", ""), request.GET.get("object", "")
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    context = {
        "item": found,
        "kinds": [(one.key, one.title) for one in trace.traceable_kinds()],
        "kind": kind,
        "q": text,
        "refs": trace.found(request.user, kind, text) if kind and not object_id else [],
    }
    if object_id:
        history = context["history"] = trace.history_for(request.user, kind, object_id)
        if request.method == "POST" and _linked(request, found, history, context):
            return redirect("supervision_item", found.pk)
    status = 422 if context.get("errors") else 200
    return render(request, "office/supervision/proof.html", context, status=status)


def _linked(request, found, history, context) -> bool:
    chosen = context["chosen"] = request.POST.getlist("key")
    try:
        evidence_services.add_evidence(
            actor=request.actor,
            item=found,
            kind=history.kind,
            object_id=history.object_id,
            keys=chosen,
        )
    except Unusable as error:
        said = next(iter(error.errors.values()))[0]
        context["errors"] = [{"id": "key_0", "message": said}]
        return False
    except (Conflict, NotAllowed) as error:
        say_refused(request, error)
    else:
        messages.success(request, _("Linked. It stands in the log."))
    return True


@require_safe
@office_page
def printed(request, item_id):
    """Everything about one matter on one page, to be printed."""
    found = selectors.item_for(request.user, item_id)
    context = showing.page(request.user, found, {}) | {"printed_at": timezone.now()}
    return render(request, "office/supervision/print.html", context)


@require_safe
@office_page
def record(request, item_id):
    """The same as PDF."""
    found = selectors.item_for(request.user, item_id)
    try:
        pdf = record_pdf(found)
    except Unprintable:
        messages.warning(request, _("The record could not be set. Print the page instead."))
        return redirect("supervision_print", found.pk)
    name = pgettext("file name", "supervision-record.pdf")
    return HttpResponse(
        pdf, content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"},
    )  # fmt: skip


@require_safe
def published(request):
    """What the public reads of concluded matters."""
    shown = Paginator(selectors.published_summaries(), 20).get_page(request.GET.get("page"))
    return render(request, "office/supervision/public.html", {"shown": shown})
