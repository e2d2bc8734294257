"""The roll of a sent notice: live, narrowed, exported; urging, recalling, closing, successors."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collab_hub.office.access import office_page
from collab_hub.office.forms import with_errors
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.i18n import pick
from platform_core.common.numbers import whole
from platform_core.common.paging import page_of
from platform_core.common.spreadsheets import write_csv, write_xlsx

from . import meeting_services, roll_services, selectors, services
from . import roll as rolls
from .audience import read
from .explaining import explained
from .forms import ReasonForm
from .places import is_lost
from .policies import OUT

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": SHEET}


def _kept(user, notice_id):
    found = selectors.notice_for(user, notice_id, "manage")
    if found.state not in OUT:
        raise Http404
    return found


def _narrowed(request) -> tuple[str, int | None, str]:
    view = request.GET.get("view", "")
    organ = whole(request.GET.get("organ", ""))
    q = request.GET.get("q", "").replace("\x00", "")[:60].strip()
    return view if view in rolls.VIEWS else "", organ, q


def _reason(request) -> str:
    return request.POST.get("reason", "").replace("\x00", "")


@require_safe
@office_page
def roll(request, notice_id):
    """The live roll. Asked for by htmx, only the part that changes is drawn."""
    found = _kept(request.user, notice_id)
    view, organ, q = _narrowed(request)
    meeting = selectors.meeting_of(found)
    page = page_of(rolls.rows_of(found, view, organ, q), rolls.PAGE, request.GET.get("page"))
    counts = rolls.counts(found)
    context = {
        "notice": found, "meeting": meeting, "counts": counts, "page": page,
        "lines": rolls.lines(found, list(page.object_list)), "view": view, "organ": organ, "q": q,
        "views": [
            {"key": key, "words": words, "count": counts.get(key or "total"),
             "current": key == view}
            for key, (words, _condition) in rolls.VIEWS.items()
            if meeting or key not in rolls.OF_MEETINGS
        ],
    }  # fmt: skip
    if request.headers.get("HX-Request") == "true":
        return render(request, "office/notices/_roll.html", context)
    context |= {
        "organs": rolls.organs(found), "words": explained(read(found.audience)),
        "steps": rolls.steps(found), "is_live": found.state == found.State.SENT,
        "is_lost": found.state == found.State.SENT and meeting is not None and is_lost(meeting),
    }  # fmt: skip
    return render(request, "office/notices/roll.html", context)


@require_safe
@office_page
def export(request, notice_id, ending):
    """The roll as a spreadsheet; narrowed as the page was."""
    found = _kept(request.user, notice_id)
    if ending not in TYPES:
        raise Http404
    meeting = selectors.meeting_of(found)
    headers, rows = rolls.headers(meeting), rolls.exported(found, meeting, *_narrowed(request))
    if ending == "csv":
        content = write_csv(headers, rows)
    else:
        content = write_xlsx(pick(found.title), headers, rows)
    roll_services.note_export(actor=request.actor, notice=found, ending=ending)
    answer = HttpResponse(content, content_type=TYPES[ending])
    answer["Content-Disposition"] = f'attachment; filename="roll-{str(found.pk)[:8]}.{ending}"'
    return answer


@require_POST
@office_page
def act(request, notice_id):
    """Urge the rest, recall or close."""
    found = _kept(request.user, notice_id)
    try:
        words = _acted(request, found)
    except (Conflict, NotAllowed, Unusable) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, words)
    return redirect("notices:roll", found.pk)


def _acted(request, found) -> str:
    if "urge" in request.POST:
        count = roll_services.urge_rest(actor=request.actor, notice=found)
        words = ngettext("%(n)d person is asked again.", "%(n)d people are asked again.", count)
        return words % {"n": count}
    if "recall" in request.POST:
        services.recall_notice(actor=request.actor, notice=found, reason=_reason(request))
        return _("Recalled. Everybody who got it is told.")
    services.close_notice(actor=request.actor, notice=found)
    return _("Closed. Nobody has to confirm it any more.")


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def row(request, notice_id, recipient_id):
    """One line of the roll: add a successor, enter attendance by hand."""
    found = _kept(request.user, notice_id)
    line = rolls.rows_of(found).filter(pk=recipient_id).first()
    if line is None:
        raise Http404
    if request.method != "POST":
        return _row_page(request, found, line, ReasonForm())
    try:
        words = _done_with_row(request, found, line)
    except Unusable as error:
        form = ReasonForm(request.POST)
        form.is_valid()
        return _row_page(request, found, line, with_errors(form, error.errors), status=422)
    except (Conflict, NotAllowed) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, words)
    asked, home = request.POST.get("next", ""), reverse("notices:roll", args=[found.pk])
    return redirect(asked if asked.startswith(f"{home}?") else home)


def _row_page(request, found, line, form, status: int = 200):
    if selectors.meeting_of(found) is None:
        raise Http404
    context = {"notice": found, "row": line, "form": form}
    return render(request, "office/notices/row.html", context, status=status)


def _done_with_row(request, found, line) -> str:
    if "successor" in request.POST:
        person = rolls.successor(found, line.pk, whole(request.POST["successor"]) or 0)
        if person is None:
            raise Conflict(_("This person is on the roll already, or no longer there."))
        roll_services.add_successor(
            actor=request.actor, notice=found, recipient_id=line.pk, user=person
        )
        return _("%(who)s is on the roll now.") % {"who": person}
    meeting_services.enter_attendance(
        actor=request.actor, notice=found, recipient_id=line.pk,
        is_there="there" in request.POST, reason=_reason(request),
    )  # fmt: skip
    return _("Entered.")
