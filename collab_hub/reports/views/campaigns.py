"""Collections: what waits for me, starting one, its progress and figures, and their acts."""

import json
from datetime import datetime, time

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from collab_hub.office.forms import with_errors
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.paging import page_of

from .. import campaign_services as services
from .. import selectors
from ..counters import shown_counters
from ..forms import StartForm
from ..periods import period_words
from ..sheets import sheet_of_figures
from ..signing import collections_waiting, waiting_at
from ..sums import table
from .doors import office_page, said, workbook

PAGE_SIZE = 30
FIRST_LINES = 10


@require_safe
@office_page
def reports(request):
    """What my organs fill in and sign for, the collections I may read, and the counter."""
    show = "own" if request.GET.get("show") == "own" else ""
    found = selectors.campaigns(request.user, show)
    context = {
        "to_do": selectors.fillings_to_do(request.user)[:FIRST_LINES],
        "to_sign": selectors.receipts_to_sign(request.user)[:FIRST_LINES],
        "to_review": collections_waiting(request.user)[:FIRST_LINES],
        "shown": page_of(found, PAGE_SIZE, request.GET.get("page")),
        "show": show,
        **shown_counters(),
        "now": timezone.now(),
    }
    return render(request, "office/reports/home.html", context)


@office_page
def start(request, code):
    """Ask organs for a report; the same that is collected already is joined instead."""
    template = selectors.template_for(request.user, code)
    lists = {
        "departments": selectors.own_departments(request.user),
        "regions": selectors.regions_to_ask(request.user),
        "organs": selectors.askable(request.user),
        "consumers": selectors.possible_consumers(request.user),
    }
    data = request.POST if request.method == "POST" else None
    form, same = StartForm(data, initial=_usual(template, lists), **lists), None
    if data is not None and form.is_valid():
        try:
            found = _start(request, template, form.cleaned_data, lists)
        except Unusable as error:
            with_errors(form, {_FORM.get(k, k): v for k, v in error.errors.items()})
        except NotAllowed as error:
            form.add_error(None, str(error))
        except Conflict as error:
            same = error.facts["campaign"]
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("The collection has begun. Only what is not known is asked.")
            )
            return redirect("report_campaign", found.pk)
    context = {
        "template": template, "form": form, "same": same,
        "versions": selectors.template_versions(template),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "office/reports/start.html", context, status=status)


def _usual(template, lists: dict) -> dict:
    """The owner of the template asks the organs of its kind one level below."""
    owner = next((one for one in lists["departments"] if one.pk == template.owner_id), None)
    if owner is None:
        return {}
    organs = json.dumps([owner.kind, owner.region.level + 1])
    return {"owner": str(owner.pk), "region": owner.region.code, "organs": organs}


_FORM = {"due_at": "due_on", "template": None}


def _start(request, template, given: dict, lists: dict):
    kind, level = json.loads(given["organs"])
    owner = next(one for one in lists["departments"] if str(one.pk) == given["owner"])
    region = next(one for one in lists["regions"] if one.code == given["region"])
    due = timezone.make_aware(datetime.combine(given["due_on"], time(18)))
    return services.start_campaign(
        actor=request.actor, template=template, owner=owner, region=region, organ_kind=kind,
        level=level, period=given["period"], due_at=due,
        consumers=selectors.departments_named(given["consumers"]),
    )  # fmt: skip


@office_page
def campaign(request, campaign_id):
    """The progress and the figures of a collection, region by region."""
    found = _readable(request, campaign_id)
    errors = {}
    if request.method == "POST":
        try:
            said(request, lambda: _act(request, found))
            return redirect("report_campaign", found.pk)
        except Unusable as error:
            errors = error.errors
    scopes = selectors.scopes_of(request.user, found)
    region = selectors.region_in(scopes, request.GET.get("region", "")[:12])
    now = timezone.now()
    only_signed = found.needs_sign_off and request.GET.get("sums") == "signed"
    columns, rows = table(request.user, found, region, now, only_signed=only_signed)
    receipts = selectors.receipts_of(found)
    mine = {one.pk for one in selectors.own_departments(request.user)}
    joined = {one.department_id for one in receipts}
    context = {
        "campaign": found,
        "period": period_words(found.period),
        "region": region,
        "up": region.parent if region.path not in scopes else None,
        "others": selectors.regions_at(set(scopes) - {region.path}).values() if scopes[1:] else (),
        "columns": columns,
        "rows": rows,
        "top": rows[0],
        "receipts": receipts,
        "signs": [one for one in receipts if one.department_id in mine and not one.signed_at
                  and one.edition == found.edition and found.state == "closed"],
        "joins": [one for one in selectors.own_departments(request.user)
            if one.pk not in joined and found.region.path.startswith(one.region.path)],
        "manages": selectors.may_manage(request.user, found),
        "is_late": found.due_at < now,
        "only_signed": only_signed,
        "waiting": waiting_at(mine, found).count() if found.needs_sign_off else 0,
        "enters": found.state == "running" and bool(selectors.enterable(request.user, found)),
        "errors": errors,
        "note": request.POST.get("note", ""),
    }  # fmt: skip
    status = 422 if errors else 200
    return render(request, "office/reports/campaign.html", context, status=status)


def _readable(request, campaign_id):
    """The collection; whoever is sent to it as a possible user of it may join it from there."""
    if request.method == "POST" and request.POST.get("act") == "join":
        return selectors.joinable_for(request.user, campaign_id)
    return selectors.campaign_for(request.user, campaign_id)


def _act(request, found) -> None:
    act, to = request.POST.get("act", ""), {"actor": request.actor, "campaign": found}
    if act == "urge":
        filling = None
        if request.POST.get("filling"):
            filling = selectors.filling_for(request.user, request.POST["filling"])
        n = services.urge(**to, filling=filling)
        words = ngettext("%(n)d organ was urged.", "%(n)d organs were urged.", n)
        messages.success(request, words % {"n": n} if n else _("All were urged today already."))
    elif act == "close":
        services.close_campaign(**to, note=request.POST.get("note", ""))
        messages.success(request, _("Closed. The departments that use it are asked to sign."))
    elif act == "join":
        own = selectors.own_departments(request.user)
        wanted = request.POST.get("department", "")
        department = next((one for one in own if str(one.pk) == wanted), None)
        if department is None:
            raise Conflict(_("This is not known here."))
        services.join_campaign(**to, department=department)
        messages.success(request, _("Your department uses it too. Nobody is asked again."))
    elif act == "sign":
        receipts = {str(one.pk): one for one in selectors.receipts_of(found)}
        receipt = receipts.get(request.POST.get("receipt", ""))
        if receipt is None:
            raise Conflict(_("The figures have changed. Read them again, then sign."))
        services.sign_receipt(actor=request.actor, receipt=receipt)
        messages.success(request, _("Signed for."))
    elif act == "supervise":
        filling = selectors.filling_for(request.user, request.POST.get("filling", ""))
        services.ask_supervision(actor=request.actor, filling=filling)
        messages.success(request, _("Handed to supervision."))
    else:
        raise Conflict(_("This is not known here."))


@require_safe
@office_page
def figures(request, campaign_id):
    """The figures as a spreadsheet."""
    found = selectors.campaign_for(request.user, campaign_id)
    scopes = selectors.scopes_of(request.user, found)
    region = selectors.region_in(scopes, request.GET.get("region", "")[:12])
    only_signed = found.needs_sign_off and request.GET.get("sums") == "signed"
    columns, rows = table(request.user, found, region, timezone.now(), only_signed=only_signed)
    return workbook(sheet_of_figures(found, columns, rows), f"{found.number}-{region.code}")
