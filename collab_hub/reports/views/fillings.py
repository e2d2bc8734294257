"""Filling in: one organ's page, one value with its trace, and the spreadsheet of many organs."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from collab_hub.office.forms import with_errors
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.i18n import pick
from platform_core.common.numbers import whole
from security.access import may

from .. import selectors, services
from ..forms import CorrectionForm
from ..periods import period_words
from ..sheets import read_filled, sheet_to_fill
from ..showing import source_words
from ..signing import last_return, reviews_of, signs_for
from ..values import plain, shown, shown_amount
from .doors import office_page, said, workbook
from .reviews import act_on_one

KINDS = {"number": "text", "money": "text", "date": "date", "choice": "select"}


@dataclass
class Known:
    """A value that need not be asked, as the page shows it."""

    column: object
    text: str
    source: str
    value: object
    has_page: bool


@office_page
def fill(request, filling_id):
    """What is known with its source, and only what is missing as questions."""
    filling = selectors.filling_for(request.user, filling_id)
    errors, typed, status = {}, None, 200
    if request.method == "POST":
        try:
            return _send(request, filling)
        except Unusable as error:
            errors, status = error.errors, 422
        except (Conflict, NotAllowed) as error:
            errors = {"": [str(error)]}
            status = 409 if isinstance(error, Conflict) else 403
            filling = selectors.filling_for(request.user, filling_id)
        typed = request.POST.dict()
    return _page(request, filling, errors, typed, status)


def _send(request, filling):
    if "_review" in request.POST:
        messages.success(request, act_on_one(request, filling))
        return redirect("report_fill", filling.pk)
    given = {key: request.POST[key] for key in request.POST}
    facts = {"actor": request.actor, "filling": filling, "given": given,
             "version": whole(given.get("version", "")) or 0}  # fmt: skip
    if "save" in given:
        services.save_draft(**facts)
        messages.success(request, _("Kept for you and your colleagues."))
        return redirect("report_fill", filling.pk)
    outcome = services.submit_filling(**facts)
    messages.success(request, _("Submitted. Every department that asked has it now."))
    for column in outcome.taken_over:
        words = _("“%(field)s” was answered in another report meanwhile: its value was taken.")
        messages.info(request, words % {"field": pick(column.version.title)})
    return redirect("report_fill", filling.pk)


def _page(request, filling, errors: dict, typed: dict | None, status: int):
    columns, answers = selectors.columns_of(filling.campaign), selectors.answers_of(filling)
    asked, found, old = selectors.still_asked(filling, columns, answers)
    known = [
        Known(
            column, shown(column.version, value), source_words(value), value, column.pk in answers
        )
        for column in columns
        if (value := _value_of(column, answers, found)) is not None
    ]
    given = filling.draft if typed is None else typed
    beside = filling if status == 409 else None
    is_open = filling.state == "open" and filling.campaign.state == "running"
    context = {
        "filling": filling, "campaign": filling.campaign, "known": known, "errors": errors,
        "period": period_words(filling.campaign.period),
        "questions": [_question(one, given, errors, one.pk in old, beside) for one in asked],
        "may_fill": is_open and may(request.user, "enter", filling),
        "missing": asked,
        "signs": signs_for(request.user, filling) if filling.state == "submitted" else [],
        "reviews": reviews_of(filling) if filling.campaign.needs_sign_off else [],
        "back": last_return(filling),
        "typed_reason": (typed or {}).get("reason", ""),
        "now": timezone.now(),
        "error_list": _summary(errors, asked),
    }  # fmt: skip
    return render(request, "office/reports/fill.html", context, status=status)


def _value_of(column, answers: dict, found: dict):
    return answers[column.pk].value if column.pk in answers else found.get(column.pk)


def _summary(errors: dict, asked) -> list[dict]:
    titles = {one.version.field.code: pick(one.version.title) for one in asked}
    return [
        {"id": f"id_{code}" if code in titles else "",
         "message": f"{titles[code]}: {word}" if code in titles else word}
        for code, words in errors.items()
        for word in words
    ]  # fmt: skip


def _question(column, given: dict, errors: dict, is_changed: bool, beside) -> dict:
    """A field's box; `beside` is the filling whose draft a colleague kept meanwhile, or None."""
    version = column.version
    code = version.field.code
    hint = pick(version.meaning)
    if is_changed:
        changed = _("The definition has changed: the value reported earlier cannot be used again.")
        hint = f"{hint} {changed}"
    theirs = beside.draft.get(code, "") if beside else ""
    if theirs and theirs != plain(given.get(code, "")):
        kept = _("%(who)s has kept: %(value)s.")
        hint = f"{hint} {kept % {'who': beside.drafted_by, 'value': theirs}}"
    options = [("", _("Choose")), *((one["zh"], pick(one)) for one in version.choices)]
    return {
        "name": code, "label": pick(version.title), "hint": hint, "value": given.get(code, ""),
        "kind": KINDS.get(version.kind, "text"), "errors": errors.get(code, []),
        "suffix": version.shown_unit, "options": options if version.kind == "choice" else [],
        "inputmode": "decimal" if version.is_amount else "", "width": "m",
    }  # fmt: skip


@office_page
def value(request, filling_id, code):
    """One value: where it comes from, each correction, the sums that it changed; correcting it."""
    filling = selectors.filling_for(request.user, filling_id)
    answer = selectors.answer_for(filling, code)
    may_correct = may(request.user, "fill", filling)
    data = request.POST if request.method == "POST" else None
    form = CorrectionForm(data, initial={"turn": answer.value.turn})
    if data is not None and form.is_valid():
        given = form.cleaned_data
        try:
            if said(request, lambda: services.correct_value(
                actor=request.actor, answer=answer, raw=given["value"], reason=given["reason"],
                turn=given["turn"],
            )):  # fmt: skip
                messages.success(request, _("Corrected, in every sum that contains it."))
            return redirect("report_value", filling.pk, code)
        except Unusable as error:
            with_errors(form, error.errors)
    version = answer.column.version
    history = [
        {"value": one, "text": shown(one.version, one), "source": source_words(one),
         "changes": [_change_words(change) for change in one.changes]}
        for one in selectors.history_of(answer.value)
    ]  # fmt: skip
    context = {
        "filling": filling, "campaign": filling.campaign, "version": version, "answer": answer,
        "text": shown(version, answer.value), "history": history,
        "form": form if may_correct else None,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "office/reports/value.html", context, status=status)


def _change_words(change) -> dict:
    return {"region": change.region, "before": shown_amount(change.before) or "—",
            "after": shown_amount(change.after) or "—",
            "report": change.column.campaign.number}  # fmt: skip


@require_safe
@office_page
def sheet_out(request, campaign_id):
    """The spreadsheet of the organs that I may enter, with what is known in it."""
    campaign = selectors.campaign_for(request.user, campaign_id)
    columns = selectors.columns_of(campaign)
    fillings = selectors.enterable(request.user, campaign)
    known = selectors.known_values(fillings, columns)
    return workbook(sheet_to_fill(campaign, columns, fillings, known), f"{campaign.number}-fill")


@office_page
def sheet(request, campaign_id):
    """Reading the spreadsheet back, what is wrong at its cell, and submitting what was read."""
    campaign = selectors.campaign_for(request.user, campaign_id)
    if request.method != "POST":
        return _sheet_page(request, campaign)
    if "submit" in request.POST:
        done, refused, after = services.submit_drafts(
            actor=request.actor, campaign=campaign, after=request.POST.get("after", "")
        )
        words = ngettext("%(n)d organ was submitted.", "%(n)d organs were submitted.", done)
        messages.success(request, words % {"n": done})
        return _sheet_page(request, campaign, refused=refused, after=after)
    try:
        n = _keep(request, campaign)
    except Unusable as error:
        return _sheet_page(request, campaign, errors=error.errors)
    messages.success(
        request, ngettext("%(n)d organ was read.", "%(n)d organs were read.", n) % {"n": n}
    )
    return redirect("report_sheet", campaign.pk)


def _keep(request, campaign) -> int:
    file = request.FILES.get("file")
    if file is None:
        raise Unusable({"file": [_("Choose a spreadsheet (.xlsx) or a CSV file.")]})
    columns = selectors.columns_of(campaign)
    fillings = selectors.enterable(request.user, campaign)
    known = selectors.known_values(fillings, columns)
    preview = read_filled(file, file.name, columns, fillings, known)
    if preview.errors:
        raise Unusable({cell: [words] for cell, words in preview.errors.items()})
    return services.keep_sheet(actor=request.actor, campaign=campaign, rows=preview.rows)


def _sheet_page(request, campaign, *, errors=None, refused=(), after=""):
    errors = errors or {}
    fillings = selectors.enterable(request.user, campaign)
    drafted = [one for one in fillings if one.drafted_at]
    context = {
        "campaign": campaign,
        "size": len(fillings),
        "error": errors.get("file", [""])[0],
        "cells": [(cell, said[0]) for cell, said in errors.items() if cell != "file"],
        "refused": refused,
        "after": after,
        "drafted": drafted[:50],
        "drafts": len(drafted),
    }
    status = 422 if errors else 200
    return render(request, "office/reports/sheet.html", context, status=status)
