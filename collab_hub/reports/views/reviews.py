"""The way up: reports that wait for my organ, and what may be done with one of them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platform_core.common.errors import Conflict
from platform_core.common.numbers import whole
from security.organs.selectors import organs_of

from .. import selectors, signing, signing_services
from ..values import shown
from .doors import office_page, said

PAGE_SIZE = 50


@office_page
def reviews(request, campaign_id):
    """What waits for my organs to be signed off, with what it says; one or all of a page."""
    campaign = selectors.campaign_for(request.user, campaign_id)
    if not campaign.needs_sign_off:
        raise Http404
    if request.method == "POST":
        said(request, lambda: _sign(request, campaign))
        return redirect("report_reviews", campaign.pk)
    waiting = signing.waiting_at(organs_of(request.user), campaign)
    page = Paginator(waiting, PAGE_SIZE).get_page(request.GET.get("page"))
    columns = selectors.columns_of(campaign)
    values = selectors.known_values(list(page), columns)
    rows = [
        {"filling": one,
         "cells": [(column, shown(column.version, values.get((one.pk, column.pk))))
                   for column in columns]}
        for one in page
    ]  # fmt: skip
    context = {"campaign": campaign, "columns": columns, "rows": rows, "page": page}
    return render(request, "office/reports/reviews.html", context)


def _sign(request, campaign) -> None:
    """What was ticked, by the organ that it waited for."""
    seen: dict[str, dict] = {}
    for text in request.POST.getlist("seen"):
        organ, _bar, rest = text.partition(":")
        key, _bar, version = rest.partition(":")
        seen.setdefault(organ, {})[key] = version
    if not seen:
        raise Conflict(_("Choose at least one report."))
    done = left = 0
    for organ in selectors.own_departments(request.user):
        wanted = selectors.keys_only(seen.get(str(organ.pk), {}))
        if wanted:
            n, rest = signing_services.sign_off(
                actor=request.actor, campaign=campaign, department=organ, seen=wanted
            )
            done, left = done + n, left + rest
    words = ngettext("%(n)d report was signed off.", "%(n)d reports were signed off.", done)
    messages.success(request, words % {"n": done})
    if left:
        words = ngettext(
            "%(n)d has changed meanwhile: read it again.",
            "%(n)d have changed meanwhile: read them again.",
            left,
        )
        messages.warning(request, words % {"n": left})


def act_on_one(request, filling) -> str:
    """Take note of a report, sign it off or return it, for one of the organs above; what is said.
    Raises what the services raise.
    """
    organs = {str(one.pk): one for one in signing.signs_for(request.user, filling)}
    organ = organs.get(request.POST.get("organ", ""))
    if organ is None:
        raise Conflict(_("This is not known here."))
    act, to = request.POST["_review"], {"actor": request.actor, "department": organ}
    if act == "note":
        signing_services.take_note(**to, filling=filling)
        return _("Noted: the organ sees that you have read it.")
    if act == "return":
        signing_services.return_filling(
            **to, filling=filling, reason=request.POST.get("reason", ""),
            version=whole(request.POST.get("version", "")) or 0,
        )  # fmt: skip
        return _("Returned. Its values are kept, and nothing is asked again.")
    seen = {str(filling.pk): request.POST.get("version", "")}
    done, _left = signing_services.sign_off(**to, campaign=filling.campaign, seen=seen)
    if not done:
        raise Conflict(_("The report has changed meanwhile. Read it again."))
    return _("Signed off.")
