"""What happened to a question, in the reader's language."""

from django.utils.translation import gettext as _

from service_hub.cases.people import officer_name, organ_name

from .models import Question, QuestionEvent

BAD = {"not_helped"}
OFFICE_ONLY = {"taken"}


def sentence(kind: str) -> str:
    """What a line says."""
    return {
        "asked": _("The question was sent"),
        "taken": _("Somebody took it up"),
        "answered": _("The office answered"),
        "passed_on": _("It was passed on to the office that can answer it"),
        "asked_again": _("Asked once more"),
        "helped": _("The answer helped"),
        "not_helped": _("The answer did not help"),
        "published": _("Published without personal data"),
    }.get(kind, kind)


def entries(events: list[QuestionEvent], question: Question, *, for_office: bool) -> list[dict]:
    """The lines as `ui/timeline.html` draws them, newest first; the asker reads no full names."""
    shown = [
        {
            "title": sentence(event.kind),
            "note": event.note,
            "at": event.at,
            "who": _who(event, for_office),
            "state": "bad" if event.kind in BAD else "done",
        }
        for event in events
        if for_office or event.kind not in OFFICE_ONLY
    ]
    shown.reverse()
    if shown and question.state in Question.WAITING:
        shown[0]["state"] = "now"
    return shown


def _who(event: QuestionEvent, for_office: bool) -> str:
    if event.actor_id is None or not event.actor.is_official:
        return ""
    name = event.actor.name if for_office else officer_name(event.actor)
    return " · ".join(filter(None, [name, organ_name(event.organ)]))
