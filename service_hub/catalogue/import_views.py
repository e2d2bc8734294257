"""The office's pages for spreadsheets of items: what one sees goes out, a file comes in by way of
a preview.
"""

from io import BytesIO

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.common.errors import Conflict, NotAllowed, Unusable

from . import importing, selectors, sheets
from .elements import ELEMENTS, INHERITED
from .forms import FilterForm, ImportForm, label_of
from .shown import said, words_of
from .views import for_keepers

PAGE_SIZE = 20
MOST_WRONG = 200
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


@for_keepers
def export(request, kind, ending):
    """What the list shows, as a file: the same filters, every page."""
    if ending not in sheets.ENDINGS:
        raise Http404
    narrowed = FilterForm(request.GET).narrowed()
    found = selectors.items_found(request.user, kind, **narrowed)
    if found.count() > sheets.MOST_ROWS:
        message = _("These are more than %(n)d items. Narrow the list and export it in parts.")
        messages.warning(request, message % {"n": sheets.MOST_ROWS})
        return redirect(f"{reverse('catalogue')}?{request.GET.urlencode()}")
    content = sheets.written(kind, ending, found)
    answer = HttpResponse(content, content_type=TYPES[ending])
    answer["Content-Disposition"] = f'attachment; filename="{kind}.{ending}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@for_keepers
def upload(request):
    """A file to look at; nothing is written of it yet."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        kind, file = form.cleaned_data["kind"], form.cleaned_data["file"]
        try:
            kept = importing.keep_upload(actor=request.actor, kind=kind, file=file, name=file.name)
            return redirect("catalogue_preview", kept.pk)
        except Unusable as error:
            form.refuse_cells(error.errors)
    return render(
        request, "catalogue/import.html", {"form": form}, status=422 if form.errors else 200
    )


@for_keepers
def preview(request, upload_id):
    """What a file would change, row by row, and the proposal of it."""
    kept = selectors.upload_for(request.user, upload_id)
    file = BytesIO(bytes(kept.content))
    found = importing.preview(actor=request.actor, kind=kept.kind, file=file, name=kept.name)
    errors = {}
    if request.method == "POST":
        try:
            return _act(request, kept, found)
        except Unusable as error:
            errors = error.errors
        except (Conflict, NotAllowed) as error:
            messages.warning(request, str(error))
            return redirect("catalogue_preview", kept.pk)
    wrong = found.of("wrong")
    shown = Paginator(found.to_write, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "upload": kept,
        "counts": {
            state: len(found.of(state)) for state in ("new", "changed", "unchanged", "wrong")
        },
        "wrong": list(_cells(kept.kind, wrong[:MOST_WRONG])),
        "more_wrong": max(0, len(wrong) - MOST_WRONG),
        "entries": [_entry(kept.kind, line) for line in shown],
        "shown": shown,
        "errors": errors,
        "typed": request.POST,
    }
    return render(request, "catalogue/preview.html", context, status=422 if errors else 200)


def _cells(kind: str, lines):
    for line in lines:
        for key, problems in line.errors.items():
            element = ELEMENTS[kind].get(key)
            column = label_of(element) if element else INHERITED.get(key, pgettext("item", "Code"))
            yield {"row": line.number, "code": line.code, "column": column, "said": problems[0]}


def _entry(kind: str, line) -> dict:
    differences = [
        {
            "label": label_of(element),
            "old": words_of(element, old) or "—",
            "new": words_of(element, new) or "—",
        }
        for element, old, new in line.changed
    ]
    name = said(line.elements, "task_name")
    if not name and line.item is not None:
        name = said(line.item.basic.current.elements, "task_name")
    return {"line": line, "name": name or line.code, "differences": differences}


def _act(request, kept, found):
    act = request.POST.get("act", "")
    if act == "discard":
        importing.discard_upload(actor=request.actor, upload=kept)
        messages.success(request, _("The file was thrown away."))
        return redirect("catalogue_import")
    if act not in {"all", "right"}:
        raise Conflict(_("This was already done, or is not its turn. See below how it stands."))
    why = request.POST.get("why", "")
    change = importing.take_in(
        actor=request.actor, found=found, why=why, only_right=act == "right", upload=kept
    )
    messages.success(request, _("Proposed. A second person publishes it."))
    return redirect("catalogue_change", change.pk)
