"""What the pages of supervised matters show, put together from the selectors."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.common.organs import organ_words
from platform_core.common.templatetags.ui import day, moment
from platform_core.common.trace import may_open

from . import doing, selectors, stages
from .forms import form_of
from .models import Supervision
from .policies import supervising_organs
from .words import BUTTONS, ICONS, entries

State = Supervision.State
TAGS = {
    State.ISSUED: "info", State.DOING: "info", State.REPORTED: "warn", State.OBJECTED: "warn",
    State.DROPPED: "bad",
}  # fmt: skip
VERDICT_TAGS = {"done": "ok", "partly": "warn", "not_done": "bad"}


def row(item: Supervision, now: datetime) -> dict:
    """One line of the list."""
    return {
        "item": item,
        "lead": organ_words(item.lead),
        "owner": organ_words(item.owner),
        "due": selectors.light_of(item, now),
        "tag": TAGS.get(item.state, ""),
        "verdict_tag": VERDICT_TAGS.get(item.verdict, ""),
    }


def tabs(box: str, user) -> list[dict]:
    words = {
        "ours": _("Ours to do"),
        "owned": _("Supervised by us"),
        "late": pgettext("supervision", "Late"),
        "ended": pgettext("supervision", "Ended"),
        "all": _("All"),
    }
    if not user.is_official:
        words = {key: words[key] for key in ("all", "late", "ended")}
    elif not supervising_organs(user):
        words.pop("owned")
    return [
        {"url": f"?box={key}", "label": label, "current": key == box, "count": None}
        for key, label in words.items()
    ]


def kinds() -> list[tuple[str, str]]:
    return [("", _("All kinds")), *Supervision.Kind.choices]


def at_fields(errors: dict) -> dict:
    """Errors of the service at the fields that the forms have."""
    return {("assisting_1" if name == "assisting" else name): said for name, said in errors.items()}


def page_after(user, item: Supervision) -> str:
    """Where to go on: the same page while the person may still read it."""
    still = selectors.items_for(user, box="all").filter(pk=item.pk).exists()
    if still:
        return reverse("supervision_item", args=[item.pk])
    return reverse("supervision_items")


def page(user, item: Supervision, bound: dict) -> dict:
    """Everything about one item. `bound` holds forms that were sent and are not right yet."""
    lines = selectors.lines_of(item)
    acts = doing.offered(user, item)
    log = entries(lines)
    if log and item.state not in stages.FINAL:
        log[0]["state"] = "now" if log[0]["state"] == "done" else log[0]["state"]
    fault = selectors.log_fault(item, lines)
    return {
        "item": item,
        "source_url": source_url(user, item),
        "due": selectors.light_of(item),
        "tag": TAGS.get(item.state, ""),
        "verdict_tag": VERDICT_TAGS.get(item.verdict, ""),
        "steps": steps(item),
        "facts": facts(item),
        "deeds": deeds(acts, item, bound),
        "errors": next(iter(bound.values()), None),
        "extension": selectors.open_extension(item),
        "summary": selectors.current_summary(item),
        "evidence": evidence(item),
        "may_link": selectors.handles(user, item) and item.state in (State.DOING, State.REPORTED),
        "entries": log,
        "line_count": len(lines),
        "fault": fault,
        "digest": lines[-1].digest[:16] if lines else "",
    }


def source_url(user, item: Supervision) -> str:
    """Where the matter grew out of; "" where that has a history which the reader may not read."""
    is_open = item.source_url and may_open(user, item.object_type, item.object_id)
    return item.source_url if is_open else ""


def deeds(acts: list[str], item: Supervision, bound: dict) -> list[dict]:
    """The acts as the page draws them: button only, or a form that opens."""
    found = []
    for act in [*acts, *(one for one in bound if one not in acts)]:
        form = bound.get(act) or form_of(act, item)
        found.append(
            {
                "act": act,
                "label": BUTTONS[act],
                "icon": ICONS[act],
                "form": form,
                "open": act in bound or (act == acts[0] if acts else False),
                "apart": act in doing.APART,
            }
        )
    return found


def steps(item: Supervision) -> list[dict]:
    """The way of the item as `ui/steps.html` draws it."""
    if item.state == State.DROPPED:
        return [{"label": pgettext("supervision", "Not opened"), "state": "bad", "note": ""}]
    rows = [
        (_("Handed over"), item.opened_at, State.PROPOSED),
        (_("Signed for"), item.signed_at, State.ISSUED),
        (pgettext("supervision", "Reported"), item.reported_at, State.DOING),
        (pgettext("supervision", "Verdict"), item.verdict_at, State.REPORTED),
        (pgettext("supervision", "Archived"), item.archived_at, State.CLOSED),
    ]
    order = [State.PROPOSED, State.ISSUED, State.DOING, State.REPORTED, State.CLOSED]
    here = State.CLOSED if item.state == State.OBJECTED else item.state
    reached = order.index(here) if here in order else len(order)
    shown = []
    for number, (label, at, _before) in enumerate(rows):
        state = "done" if number < reached else "now" if number == reached else "todo"
        note = moment(at) if at and state == "done" else ""
        shown.append({"label": label, "state": state, "note": note})
    return shown


def facts(item: Supervision) -> list[tuple[str, str]]:
    """The facts of the item as (label, text); what is empty is left out."""
    assisting = []
    for one in item.assistances.select_related("organ"):
        words = "%(organ)s" if one.signed_at else _("%(organ)s (has not signed yet)")
        assisting.append(words % {"organ": organ_words(one.organ)})
    rows = [
        (_("Number"), item.number or ""),
        (pgettext("supervision", "Source"), item.get_kind_display()),
        (_("Basis"), item.basis),
        (pgettext("supervision", "Supervised by"), organ_words(item.owner)),
        (_("Lead organ"), organ_words(item.lead)),
        (pgettext("supervision", "Helped by"), _(", ").join(assisting)),
        (_("Due"), day(item.due_at)),
        (_("Round"), str(item.round) if item.round > 1 else ""),
        (_("Proposed by"), item.proposed_by.name if item.proposed_by else _("another module")),
        (_("Opened by"), item.opened_by.name if item.opened_by else ""),
        (_("Verdict"), item.get_verdict_display()),
        (_("Objection until"), last_day(item)),
        (_("Objection to be decided until"), day(item.review_due_at)),
    ]
    return [(label, text) for label, text in rows if text]


def last_day(item: Supervision) -> str:
    """The last day of the 30 to object, while it can be used."""
    if item.state != State.CLOSED or item.has_objected or item.is_content:
        return ""
    return day(stages.last_day_to_object(timezone.localdate(item.verdict_at)))


def evidence(item: Supervision) -> list[dict]:
    """The linked things with the lines that were chosen."""
    return [
        {
            "title": one.title,
            "url": reverse("trace", args=[one.kind, one.object_id]),
            "added_by": one.added_by.name,
            "added_at": one.added_at,
            "lines": [{**line, "at": parse_datetime(line["at"])} for line in one.lines],
        }
        for one in selectors.evidence_of(item)
    ]
