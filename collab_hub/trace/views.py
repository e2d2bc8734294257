"""The history of one thing, replayed step by step, and the auditor's search over all of them."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from collab_hub.office.access import office_page
from platform_core.common.numbers import whole
from platform_core.common.paging import page_of
from platform_core.common.trace import (
    from_audit,
    history_for,
    kind_of_audited,
    state_after,
)
from security.access.policies import is_auditor

from .forms import SearchForm
from .services import search_trail

PAGE_SIZE = 50
LONGEST_ID = 64


@require_safe
@office_page
def history(request, kind, object_id):
    """Everything that happened to one thing. With `step` the thing as it stood after that entry."""
    found = history_for(request.user, kind, object_id[:LONGEST_ID])
    count = len(found.entries)
    step = whole(request.GET.get("step", ""))
    step = count if step is None else max(1, min(step, count))
    now, before = state_after(found.entries, step), state_after(found.entries, step - 1)
    context = {
        "history": found,
        "entries": list(enumerate(found.entries, 1)),
        "step": step,
        "count": count,
        "entry": found.entries[step - 1] if count else None,
        "state": [(name, value, before.get(name) != value) for name, value in now.items()],
        "printed_at": timezone.now(),
    }
    return render(request, "office/trace/history.html", context)


@require_safe
@office_page
def search(request):
    """What anybody did, anywhere: person, organ, kind, deed, days. For auditors; it is audited."""
    if not is_auditor(request.user):
        raise Http404
    is_asked = any(request.GET.get(name) for name in SearchForm.base_fields)
    form = SearchForm(request.GET if is_asked else None)
    context = {"form": form, "shown": None}
    if is_asked and form.is_valid():
        rows = search_trail(actor=request.actor, **form.cleaned_data)
        context["shown"] = page_of(rows, PAGE_SIZE, request.GET.get("page"))
        context["rows"] = [_row(row) for row in context["shown"]]
    return render(request, "office/trace/search.html", context)


def _row(row) -> dict:
    kind = kind_of_audited(row.object_type)
    url = reverse("trace", args=[kind.key, row.object_id]) if kind and row.object_id else ""
    return {
        "entry": from_audit(row),
        "url": url,
        "kind": kind.title if kind else row.object_type,
        "label": row.object_label or row.object_id,
    }
