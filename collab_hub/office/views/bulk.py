"""Acts from the list: one line with a key, or several chosen lines after a look at them."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from collab_hub.inbox import selectors
from collab_hub.inbox.batch_services import MOST
from collab_hub.inbox.many import Chosen, act_on_line, chosen_lines, do_many, label_of
from collab_hub.inbox.query import InboxQuery
from collab_hub.inbox.refusals import REFUSALS, refused_words
from collab_hub.inbox.snoozing import snooze, wake
from collab_hub.inbox.workload import people_to_hand_to
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.templatetags.ui import moment

from ..access import office_page
from ..forms import HandOnForm, OpinionForm, SnoozeForm, with_errors
from .inbox import inbox_url

# These need no word from the person.
PLAIN = {"claim", "read", "urge", "wake"}


@require_POST
@office_page
def quick(request):
    """The act of one line, sent by the page once its time to undo is over. Answers in JSON."""
    one = Chosen.read(request.POST.get("chosen", "")[:100])
    action = request.POST.get("action", "")[:40]
    if one is None:
        return JsonResponse({"said": _("This page is out of date. Look again.")}, status=422)
    try:
        said = act_on_line(actor=request.actor, one=one, action=action)
    except REFUSALS as error:
        status = (
            409 if isinstance(error, Conflict) else 403 if isinstance(error, NotAllowed) else 422
        )
        return JsonResponse({"said": refused_words(error)}, status=status)
    counts = selectors.box_counts(request.user)
    return JsonResponse(
        {"said": said, "counts": {key: selectors.shown_count(n) for key, n in counts.items()}}
    )


@require_POST
@office_page
def bulk(request):
    """The chosen lines with what is still to be said of them; sent again, what became of them."""
    action = request.POST.get("action", "")[:40]
    chosen = chosen_in(request)
    lines = chosen_lines(request.user, chosen)
    if not lines or not label_of(action)[0]:
        messages.warning(request, _("Choose some lines first, then what to do with them."))
        return HttpResponseRedirect(back_of(request))
    if action == "wake":
        wake(actor=request.actor, chosen=[(one.what, one.id) for one in chosen])
        messages.success(request, _("Shown again."))
        return HttpResponseRedirect(back_of(request))
    if "go" not in request.POST:
        return _page(request, action, lines, form_of(request, action, lines))
    form = form_of(request, action, lines, request.POST)
    if form is not None and not form.is_valid():
        return _page(request, action, lines, form, status=422)
    given = form.cleaned_data if form is not None else {}
    try:
        return _carried_out(request, action, chosen, given)
    except Unusable as error:
        if form is None:
            messages.warning(request, refused_words(error))
            return HttpResponseRedirect(back_of(request))
        with_errors(form, error.errors)
        return _page(request, action, lines, form, status=422)


def _carried_out(request, action: str, chosen: list[Chosen], given: dict):
    if action == "snooze":
        pairs = [(one.what, one.id) for one in chosen]
        count = snooze(actor=request.actor, chosen=pairs, **given)
        words = ngettext(
            "%(count)d is put off until %(when)s.", "%(count)d are put off until %(when)s.", count
        )
        messages.success(request, words % {"count": count, "when": moment(given["until"])})
        return HttpResponseRedirect(back_of(request))
    outcomes = do_many(actor=request.actor, chosen=chosen, action=action, **given)
    done = sum(one.state == "done" for one in outcomes)
    context = {"outcomes": outcomes, "done": done, "back": back_of(request)}
    return render(request, "office/batch_done.html", context)


def _page(request, action: str, lines, form, status: int = 200):
    label, icon = label_of(action)
    fitting = [one for one in lines if fits(one, action)]
    context = {
        "action": action,
        "label": label,
        "icon_name": icon,
        "lines": fitting,
        "left_out": len(lines) - len(fitting),
        "form": form,
        "view": request.POST.get("view", "")[:1500],
        "next": request.POST.get("next", "")[:300],
        "back": back_of(request),
    }
    return render(request, "office/bulk.html", context, status=status)


def fits(line, action: str) -> bool:
    """Whether a line offers the action; what else its owner asks is found when it is done."""
    if action == "hand_on":
        return not line.is_personal
    return action in ("snooze", "urge") or action in line.bulk


def form_of(request, action: str, lines, data=None):
    """What is still to be said for an action; None when nothing is."""
    if action in PLAIN:
        return None
    if action == "hand_on":
        return HandOnForm(data, people=people_to_hand_to(request.user))
    if action == "snooze":
        return SnoozeForm(data, moments=moments())
    return OpinionForm(data)


def moments() -> list[tuple[str, str]]:
    """Usual hours to come back at, each once, as (value, words)."""
    now = timezone.localtime()
    morning = now.replace(hour=9, minute=0, second=0, microsecond=0)
    monday = morning + timedelta(days=7 - now.weekday())
    found = [
        (now.replace(second=0, microsecond=0) + timedelta(hours=3), _("In three hours")),
        (morning + timedelta(days=1), _("Tomorrow morning")),
        (monday, _("Next Monday morning")),
        (morning + timedelta(days=7), _("In a week")),
    ]
    # On a Sunday or a Monday two of them are the same: the first name stays.
    named = dict(reversed(found))
    return [(one.isoformat(), f"{named[one]} ({moment(one)})") for one in sorted(named)]


def chosen_in(request) -> list[Chosen]:
    """The ticked lines, as they were seen."""
    texts = request.POST.getlist("chosen")[: MOST + 1]
    return list(dict.fromkeys(one for text in texts if (one := Chosen.read(text[:100]))))


def back_of(request) -> str:
    """The list from which the lines were chosen."""
    page = request.POST.get("next", "")
    if page and url_has_allowed_host_and_scheme(page, None) and page.startswith("/office/"):
        return page
    query = InboxQuery.read(QueryDict(request.POST.get("view", "")[:1500]))
    return inbox_url(query)
