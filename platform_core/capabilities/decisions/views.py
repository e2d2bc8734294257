"""Pages of the admin site on which a table is tried, and a DMN file is read before it is used."""

from __future__ import annotations

import json

from django import forms
from django.contrib import admin
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.common.i18n import pick
from platform_core.napps import selectors
from platform_core.napps.models import NApp

from .capability import decisions_of
from .checks import check_decision
from .dmn import DMNRefused, read_dmn
from .dmn.xml import MAX_BYTES
from .grid import grid, proof_lines, test_lines
from .trying import TrialForm, told
from .wording import shown_outputs, why_silent

FOLDER = "admin/platform_core/napp"


class DMNForm(forms.Form):
    """A document to be looked at; nothing is kept of it."""

    file = forms.FileField(label=gettext_lazy("DMN 1.3 file"), max_length=200)


def _page(request, template: str, title: str, **context):
    if not request.user.has_perm("platform_core.view_napp"):
        raise Http404
    known = admin.site.each_context(request) | {"title": title, "opts": NApp._meta}
    return TemplateResponse(request, template, known | context)


def trial(request, pk: int, version_id: int, key: str):
    """A table of a version: answers in, result, rows that fired, and why the others did not."""
    napp = selectors.napp_by_id(pk)
    version = selectors.version_in(napp, version_id) if napp else None
    decision = decisions_of(version).get(key) if version else None
    if decision is None:
        raise Http404
    form = TrialForm(decision, request.POST if request.method == "POST" else None)
    found = None
    if form.is_bound and form.is_valid():
        found = told(decision, form.cleaned_data, timezone.localdate())
    context = {"napp": napp, "version": version, "form": form, "grid": grid(decision)}
    if found is not None:
        silent = found.result.problem is not None
        context |= {
            "said": why_silent(decision, found.result) if silent
            else shown_outputs(decision, found.result.outputs),
            "fired": found.result.rows,
            "by_default": not silent and not found.result.rows,
            "failed": [reason for reason in found.rows if reason.failed],
        }  # fmt: skip
    return _page(request, "decisions/trial.html", pick(decision.title), **context)


def reading(request):
    """A DMN file as a table: what it would be here, what is wrong with it, and its definition."""
    form = DMNForm(request.POST, request.FILES) if request.method == "POST" else DMNForm()
    context: dict = {"form": form}
    if form.is_bound and form.is_valid():
        try:
            found = read_dmn(form.cleaned_data["file"].read(MAX_BYTES + 1))
        except DMNRefused as error:
            context["refused"] = error.problems
        else:
            context |= _read(found)
    return _page(request, "decisions/reading.html", _("Read a DMN file"), **context)


def _read(found) -> dict:
    problems = [message for _path, message in check_decision(found.decision)]
    shown: dict = {
        "problems": problems,
        "text": json.dumps(found.raw, ensure_ascii=False, indent=2),
    }
    if not problems:
        proof = [*proof_lines(found.decision), *test_lines(found.decision)]
        shown |= {"grid": grid(found.decision), "proof": proof}
    return shown
