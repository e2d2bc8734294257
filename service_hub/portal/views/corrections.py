"""What is held about me, entry by entry, and the wish to have one datum corrected."""

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import Http404
from django.utils.translation import gettext as _

from platform_core.capabilities.forms.models import Record
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from service_hub.personal_data import answers, data, holdings, services

from ..ends import actor_of, for_person, go, page

PAGE_SIZE = 20


@for_person
def section(request, table):
    """The entries of one table that hold the person."""
    model = _table(table)
    shown = Paginator(holdings.entries_of(request.user, model), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    if not shown.paginator.count:
        raise Http404
    entries = [
        {"key": one.pk, "title": holdings.title_of(one), "at": holdings.begun_at(one)}
        for one in shown
    ]
    context = {"table": table, "title": holdings.table_title(model), "shown": shown,
               "entries": entries}  # fmt: skip
    return page(request, "data/section", context)


@for_person
def entry(request, table, row):
    """Everything that one entry holds, each with how it may be corrected or why not."""
    found = data.row_of(request.user, _table(table), row)
    context = {
        "table": table,
        "row": row,
        "title": holdings.title_of(found),
        "at": holdings.begun_at(found),
        "data": data.data_of(request.user, found),
    }
    return page(request, "data/entry", context)


@for_person
def correct(request, table, row, field):
    """Ask for one datum to be corrected: how it should stand, and why."""
    found = data.row_of(request.user, _table(table), row)
    datum = data.datum_of(request.user, found, field)
    if datum.why_not:
        notes.warning(request, datum.why_not)
        return go(request, "held_entry", table, row)
    errors, typed, is_asked = {}, None, request.method == "POST"
    if is_asked:
        typed, is_asked = _typed(request, found, field)
    if is_asked:
        try:
            services.ask_correction(
                actor=actor_of(request), table=table, row=row, field=field, typed=typed,
                text=request.POST.get("text", ""),
            )  # fmt: skip
            notes.success(request, _("Your request was sent."))
            return go(request, "data_requests")
        except Unusable as error:
            errors = error.errors
        except (Conflict, NotAllowed) as error:
            errors = {"wished": [str(error)]}
    wished = errors.get("wished", [])
    context = {
        "datum": datum, "table": table, "row": row, "title": holdings.title_of(found),
        "errors": errors, "text": request.POST.get("text", ""),
        **_question(request, found, field, typed, wished),
    }  # fmt: skip
    return page(request, "data/correct", context, status=422 if errors else 200)


def _table(label: str):
    model = holdings.model_of(label)
    if model is None:
        raise Http404
    return model


def _typed(request, found, field: str):
    """What was typed, and whether it was sent; the form's own buttons only change the question."""
    if not isinstance(found, Record):
        return request.POST.get("wished", ""), True
    posted = answers.read_typed(found, field, request.POST)
    return posted.values.get(field, ""), posted.command == "next"


def _question(request, found, field: str, typed, wished: list[str]) -> dict:
    if isinstance(found, Record):
        values = None if typed is None else {field: typed}
        asked = answers.asked(found, field, actor=actor_of(request), values=values, errors=wished)
        return {"asked": asked, "focus": asked.shown.focus_id}
    said = {"id": "wished", "name": "wished", "label": _("How should it stand?"), "kind": "text",
            "value": typed or "", "errors": wished, "maxlength": 200}  # fmt: skip
    return {"plain": said, "focus": "wished"}
