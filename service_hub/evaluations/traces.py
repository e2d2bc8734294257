"""What happened to a rating, in the reader's language: sentences are made when shown."""

from django.utils.translation import gettext as _

from service_hub.cases.people import officer_name, organ_name

from .models import Rectification, RectificationEvent

# Of these the person reads that they happened, not what the office noted for itself.
UNSAID = {"call_back", "fix_now", "explain"}
BAD = {"exclude", "not_solved", "escalated"}


def sentence(kind: str, is_real_name: bool = True) -> str:
    """What a line of the trace says; nobody is called back who left no number."""
    if kind == "call_back" and not is_real_name:
        return _("The office checked what was said")
    return {
        "opened": _("The rating came in"),
        "sign": _("A colleague took it up"),
        "call_back": _("The office called back and checked"),
        "fix_now": _("It is put right at once"),
        "fix_by": _("It takes longer, with the head's consent"),
        "explain": _("There is no ground in law to change it; the office explains why"),
        "appeal": _("The office asked for a review of the rating"),
        "exclude": _("The review found the rating mistaken: it is not counted"),
        "keep": _("The review found that the rating stands"),
        "answer": _("The office answered"),
        "solved": _("The person says that it is solved"),
        "not_solved": _("The person says that it is not solved"),
        "lapse": _("Closed: nobody said otherwise in time"),
        "escalated": _("Overdue: the head of the office was told"),
    }.get(kind, kind)


def act_words(act: str) -> str:
    """What the button of an act says."""
    return {
        "sign": _("Take it up"),
        "call_back": _("I have called back and checked"),
        "fix_now": _("It is true: put it right at once"),
        "explain": _("No ground in law: explain it"),
        "fix_by": _("Give more time"),
        "appeal": _("It is mistaken: ask for a review"),
        "exclude": _("Exclude the rating"),
        "keep": _("The rating stands"),
        "answer": _("Send the answer"),
    }[act]


def entries(events: list[RectificationEvent], order: Rectification, *, for_office: bool) -> list:
    """The trace as `ui/timeline.html` draws it, newest first; the person reads public lines only,
    and no name of an official in full.
    """
    shown = [
        {
            "title": sentence(event.kind, order.evaluation.is_real_name),
            "note": event.note if for_office or event.kind not in UNSAID else "",
            "at": event.at,
            "who": _who(event, for_office),
            "state": "bad" if event.kind in BAD else "done",
        }
        for event in events
        if for_office or event.is_public
    ]
    shown.reverse()
    if shown and order.state not in Rectification.FINAL:
        shown[0]["state"] = "now"
    return shown


def _who(event: RectificationEvent, for_office: bool) -> str:
    if event.actor_id is None or not event.actor.is_official:
        return ""
    name = event.actor.name if for_office else officer_name(event.actor)
    return " · ".join(filter(None, [name, organ_name(event.organ)]))
