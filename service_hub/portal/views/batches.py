"""Many applications of a firm by spreadsheet: template, upload, errors by cell, filing, results."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.i18n import pick
from service_hub.bulk import files, selectors, services
from service_hub.items.selectors import item_for, takes_new_cases

from ..ends import for_firm
from ..ends import page as draw

PAGE_SIZE = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATES = {
    "wrong": ("wrong", "refused"),
    "ready": ("ready",),
    "filed": ("filed",),
}


@for_firm
def batches(request, firm):
    """The firm's spreadsheets so far, and the services that take one."""
    found = selectors.batches_of(request.user, firm)
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"shown": shown, "items": selectors.items_by_sheet()}
    return draw(request, "firm/batches", context)


@for_firm
def batch_new(request, firm, slug, key):
    """Upload a spreadsheet for one service; what cannot be read is named by its cell."""
    item = _item(slug, key)
    problem, errors = selectors.reason_against(item), {}
    if request.method == "POST" and not problem:
        file = request.FILES.get("file")
        try:
            if file is None:
                raise Unusable({"file": [_("Choose the file first.")]})
            made = services.check_sheet(
                actor=request.actor, item=item, file=file.file, name=file.name
            )
            return redirect("firm:batch", made.pk)
        except Unusable as error:
            errors = error.errors
        except (Conflict, NotAllowed) as error:
            errors = {"file": [str(error)]}
    context = {
        "item": item,
        "problem": problem,
        "file_errors": errors.pop("file", []),
        "cell_errors": [(cell, " ".join(said)) for cell, said in errors.items()],
        "most": services.MOST_ROWS,
    }
    status = 422 if request.method == "POST" else 200
    return draw(request, "firm/batch_new", context, status=status)


def _item(slug, key):
    item = item_for(slug, key)
    if "firm" not in item.audience or not takes_new_cases(item):
        raise Http404
    return item


@for_firm
def template(request, firm, slug, key):
    """The empty spreadsheet of one service, in the reader's language."""
    item = _item(slug, key)
    if selectors.reason_against(item):
        raise Http404
    return _download(files.template_file(item), f"{pick(item.title)}.xlsx")


def _download(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


@for_firm
def batch(request, firm, batch_id):
    """What is right and wrong in a spreadsheet, then how far it is filed; POST files it."""
    found = selectors.batch_for(request.user, firm, batch_id)
    if request.method == "POST":
        try:
            services.start_filing(actor=request.actor, batch=found)
        except (Conflict, NotAllowed) as error:
            messages.warning(request, str(error))
        return redirect("firm:batch", found.pk)
    counts = selectors.counts_of(found)
    state = request.GET.get("state", "")
    state = state if state in STATES else _first(counts)
    rows = selectors.rows_of(found, STATES[state])
    shown = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "batch": found,
        "counts": counts,
        "state": state,
        "shown": shown,
        "lines": [{"row": row, "wrong": selectors.cells_wrong(found, row)} for row in shown],
    }
    return draw(request, "firm/batch", context)


def _first(counts) -> str:
    """What the reader wants to see first."""
    if counts.wrong or counts.refused:
        return "wrong"
    return "filed" if counts.filed else "ready"


@for_firm
def result(request, firm, batch_id):
    """Every row with its number or what is wrong, as a spreadsheet."""
    found = selectors.batch_for(request.user, firm, batch_id)
    return _download(files.result_file(found), f"{found.name.rpartition('.')[0]}.xlsx")
