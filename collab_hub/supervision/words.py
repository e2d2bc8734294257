"""What stands in the log of a supervised matter, in the reader's language: made when shown."""

from __future__ import annotations

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from platform_core.common.i18n import pick
from platform_core.common.organs import organ_words
from platform_core.common.templatetags.ui import day
from platform_core.common.trace import shown_name

from .models import Supervision, SupervisionLine

LINES = {
    "propose": pgettext_lazy("supervision", "Proposed"),
    "open": gettext_lazy("Opened and handed over"),
    "drop": pgettext_lazy("supervision", "Not opened"),
    "sign": gettext_lazy("The lead organ signed for it"),
    "not_ours": gettext_lazy("Handed back: not its matter"),
    "join": gettext_lazy("An assisting organ signed for it"),
    "progress": gettext_lazy("Progress"),
    "urge": gettext_lazy("Urged"),
    "late": gettext_lazy("The day has passed: red light"),
    "ask_extension": gettext_lazy("Asked for more time"),
    "grant": gettext_lazy("More time granted"),
    "refuse": gettext_lazy("More time refused"),
    "report": gettext_lazy("Reported as done"),
    "redo": gettext_lazy("Sent back: once more"),
    "accept": gettext_lazy("Report recognised, verdict told"),
    "conclude": gettext_lazy("Concluded without a report, verdict told"),
    "content": gettext_lazy("The organ agrees with the verdict"),
    "object": gettext_lazy("The organ objects to the verdict"),
    "uphold": gettext_lazy("Review: the verdict stays"),
    "amend": gettext_lazy("Review: another verdict"),
    "archive": pgettext_lazy("supervision", "Archived"),
    "lapse": gettext_lazy("Archived: nobody objected in 30 days"),
    "evidence": gettext_lazy("Proof linked"),
    "summary": gettext_lazy("Public summary written"),
    "published": gettext_lazy("Public summary published"),
    "not_published": gettext_lazy("Public summary sent back"),
}
BAD = {"late", "redo", "refuse", "drop", "conclude", "not_ours", "not_published"}
FIELDS = {
    "state": gettext_lazy("State"),
    "number": gettext_lazy("Number"),
    "round": gettext_lazy("Round"),
    "lead": gettext_lazy("Lead organ"),
    "due_at": gettext_lazy("Due"),
    "verdict": gettext_lazy("Verdict"),
}
BUTTONS = {
    "open": gettext_lazy("Open and hand over"),
    "drop": gettext_lazy("Do not open it"),
    "sign": gettext_lazy("Sign for it"),
    "not_ours": gettext_lazy("Hand it back: not our matter"),
    "join": gettext_lazy("Sign for our part"),
    "progress": gettext_lazy("Note progress"),
    "urge": pgettext_lazy("action", "Urge"),
    "ask_extension": gettext_lazy("Ask for more time"),
    "grant": gettext_lazy("Grant more time"),
    "refuse": gettext_lazy("Refuse more time"),
    "report": gettext_lazy("Report that it is done"),
    "redo": gettext_lazy("Send back: once more"),
    "accept": gettext_lazy("Recognise and give the verdict"),
    "conclude": gettext_lazy("Conclude it as not done"),
    "content": gettext_lazy("Agree with the verdict"),
    "object": gettext_lazy("Object to the verdict"),
    "review": gettext_lazy("Decide on the objection"),
    "archive": gettext_lazy("Archive it"),
    "write_summary": gettext_lazy("Write the public summary"),
    "let_out": gettext_lazy("Publish the summary"),
    "hold_back": gettext_lazy("Send the summary back"),
}
ICONS = {
    "open": "clipboard-check", "drop": "ban", "sign": "file-check-2", "not_ours": "undo-2",
    "join": "file-check-2", "progress": "pencil", "urge": "bell", "ask_extension": "hourglass",
    "grant": "check", "refuse": "x", "report": "send", "redo": "rotate-ccw", "accept": "check",
    "conclude": "gavel", "content": "thumbs-up", "object": "hand", "review": "scale",
    "archive": "folder", "write_summary": "newspaper", "let_out": "globe", "hold_back": "x",
}  # fmt: skip


def value_words(field: str, value) -> str:
    """A value of the log as people read it."""
    if value in (None, ""):
        return ""
    if field == "state":
        return str(dict(Supervision.State.choices).get(value, value))
    if field == "verdict":
        return str(dict(Supervision.Verdict.choices).get(value, value))
    if field == "due_at":
        at = parse_datetime(value)
        return day(at) if at else str(value)
    return pick(value) if isinstance(value, dict) else str(value)


def note_of(line: SupervisionLine) -> str:
    """What stands under a line: what was said, with the figures that belong to it."""
    facts, parts = line.facts, []
    if "percent" in facts:
        parts.append(_("%(n)s %% done") % {"n": facts["percent"]})
    if facts.get("until"):
        parts.append(_("Wanted until %(day)s") % {"day": day(parse_date(facts["until"]))})
    if facts.get("is_late"):
        parts.append(_("After the day that was set"))
    if facts.get("lines"):
        parts.append(_("%(n)s lines of its log") % {"n": facts["lines"]})
    changed = facts.get("changed", {})
    if line.kind in {"open", "grant", "redo"} and changed.get("due_at"):
        parts.append(_("Due %(day)s") % {"day": value_words("due_at", changed["due_at"][1])})
    if line.kind in {"accept", "amend", "conclude"} and changed.get("verdict"):
        parts.append(value_words("verdict", changed["verdict"][1]))
    return "\n".join(filter(None, [" · ".join(parts), line.note]))


def entries(lines: list[SupervisionLine]) -> list[dict]:
    """The log as `ui/timeline.html` draws it, newest first."""
    shown = [
        {
            "title": LINES.get(line.kind, line.kind),
            "note": note_of(line),
            "at": line.at,
            "who": " · ".join(filter(None, [shown_name(line.actor), organ_words(line.organ)])),
            "state": "bad" if line.kind in BAD else "done",
        }
        for line in lines
    ]
    shown.reverse()
    return shown
