"""The applicant's view of a case: sentence, steps, history, who handles it. Built when shown."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.common.i18n import pick
from platform_core.common.templatetags.ui import day, moment

from .clocks import light
from .models import Case, CaseEvent
from .moving import ways_of
from .people import officer_name, organ_name
from .selectors import ends_with_answer
from .states import SEEN
from .words import headline, sentence

State = Case.State
BAD = {
    "refused", "not_accepted", "sent_back", "withdrawn", "void", "certificate_revoked",
    "document_revoked",
}  # fmt: skip


@dataclass(frozen=True)
class Handler:
    """Who handles the case, as the applicant may know it."""

    name: str
    organ: str
    phone: str


def steps(case: Case) -> list[dict]:
    """The steps of the tracker: {label, state, note}."""
    ended_badly = case.is_ended and case.state != State.APPROVED
    due = case.promise_due_at
    rows = [
        (_("Sent"), case.submitted_at),
        (_("Accepted"), case.accepted_at),
        (pgettext("step", "Check"), case.decided_at),
        (_ended_word(case), case.closed_at),
    ]
    shown, reached_now = [], False
    for label, at in rows:
        if at:
            state, note = "done", moment(at)
        elif case.is_ended:
            continue
        elif not reached_now:
            state, note, reached_now = "now", _needs_you(case) or _("in progress"), True
        else:
            state, note = "todo", _("expected %(day)s") % {"day": day(due)} if due else ""
        shown.append({"label": label, "state": state, "note": note})
    if ended_badly and shown:
        shown[-1]["state"] = "bad"
    return shown


def _ended_word(case: Case) -> str:
    if case.is_ended and case.state != State.APPROVED:
        return str(State(case.state).label)
    return pgettext("step", "Handed over") if ways_of(case) else _("Done")


def _needs_you(case: Case) -> str:
    if case.state == State.SUSPENDED:
        return _("the clock stands")
    if case.state == State.DELIVERING:
        return _("on its way")
    return _("waits for you") if case.state == State.CORRECTING else ""


def progress(case: Case) -> tuple[int, int]:
    """(step reached, steps) for a progress bar."""
    return SEEN[case.state].step, 4


def history(case: Case, events: list[CaseEvent]) -> list[dict]:
    """The public history, newest first, as `ui/timeline.html` draws it, with what comes next
    on top.
    """
    lines = [
        {
            "title": said.title,
            "note": said.note,
            "at": event.at,
            "who": _who(event, case),
            "state": _mood(event),
            "kind": event.kind,
        }
        for event in events
        if event.is_public
        for said in [sentence(event.kind, event.params)]
    ]
    lines.reverse()
    if not case.is_ended and lines:
        is_held = case.state in (State.CORRECTING, State.SUSPENDED)
        lines[0]["state"] = "warn" if is_held else "now"
        lines.insert(0, _next_line(case))
    return lines


def _who(event: CaseEvent, case: Case) -> str:
    if event.actor_id and event.actor.is_official:
        return f"{officer_name(event.actor)} · {organ_name(event.organ or case.department)}"
    return organ_name(event.organ) if event.organ_id else ""


def _mood(event: CaseEvent) -> str:
    return "bad" if event.kind in BAD else "done"


def _next_line(case: Case) -> dict:
    if case.state == State.CORRECTING:
        return {"title": _("Next: you send the correction"), "state": "todo", "who": ""}
    if case.state == State.SUSPENDED:
        return {"title": _("Next: the procedure ends and the clock goes on"), "state": "todo",
                "who": ""}  # fmt: skip
    if case.state == State.DELIVERING:
        return {"title": _("Next: the paper is handed over to you"), "state": "todo", "who": ""}
    if case.accepted_at is None:
        return {"title": _("Next: the office accepts the application"), "state": "todo",
                "who": _("at the latest after 5 working days")}  # fmt: skip
    by = (
        _("at the latest on %(day)s") % {"day": day(case.promise_due_at)}
        if case.promise_due_at
        else ""
    )
    return {"title": _("Next: the office decides"), "state": "todo", "who": by}


def handler(case: Case, events: list[CaseEvent]) -> Handler:
    """The official who acted last, else the office; the phone is the office's."""
    last = next((e for e in reversed(events) if e.actor_id and e.actor.is_official), None)
    organ = last.organ if last and last.organ_id else case.department
    return Handler(
        officer_name(last.actor) if last else organ_name(organ),
        organ_name(organ),
        organ.phone or case.department.phone,
    )


def rated_officer(events):
    """The official whose work a rating is about: who acted last on the case."""
    return next((e.actor for e in reversed(events) if e.actor_id and e.actor.is_official), None)


def joint_organs(events: list[CaseEvent]) -> list[dict]:
    """The other organs that act on a joint case: {name, has_answered}, as they were asked."""
    answered = [e.params["organ"] for e in events if e.kind == "opinion_given"]
    asked = [organ for e in events if e.kind == "joint_asked" for organ in e.params["organs"]]
    once = {organ["zh"]: organ for organ in asked}.values()
    return [{"name": pick(organ), "has_answered": organ in answered} for organ in once]


def overview(case: Case) -> dict:
    """What the head of the tracking page says."""
    due = light(case, timezone.now())
    return {
        "headline": headline(case, due["level"] if due else "", is_answer=ends_with_answer(case)),
        "due": due,
        "expected_on": case.promise_due_at if not case.is_ended else case.closed_at,
        "service": pick(case.item.title),
        "steps": steps(case),
    }
