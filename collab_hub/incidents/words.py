"""What stands in the log of an incident, in the reader's language: made when shown."""

from __future__ import annotations

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from collab_hub.inbox.dossier import OUTCOMES
from platform_core.common.i18n import pick
from platform_core.common.organs import organ_words
from platform_core.common.templatetags.ui import moment
from platform_core.common.trace import shown_name

from .content import TITLES
from .models import IncidentLine, IncidentTask, Level

LINES = {
    "activate": pgettext_lazy("incident", "Activated"),
    "call": pgettext_lazy("incident", "Called"),
    "confirm": pgettext_lazy("incident", "Confirmed the call"),
    "climb": gettext_lazy("No answer: the next one up was told"),
    "vacant": gettext_lazy("Nobody holds this role"),
    "holder": gettext_lazy("Role given to somebody else"),
    "task": pgettext_lazy("incident", "Task given"),
    "move": pgettext_lazy("incident", "Task moved"),
    "shift": gettext_lazy("Task moved to another phase"),
    "note": pgettext_lazy("incident", "Note on a task"),
    "tick": gettext_lazy("Ticked"),
    "untick": gettext_lazy("Tick taken back"),
    "report": gettext_lazy("Situation report"),
    "message": pgettext_lazy("incident", "Message"),
    "message_confirmed": gettext_lazy("Message confirmed"),
    "receive": gettext_lazy("Resource received"),
    "lend": gettext_lazy("Resource given to an organ"),
    "give_back": gettext_lazy("Resource given back"),
    "use_up": gettext_lazy("Resource used up"),
    "part": gettext_lazy("Added while it runs"),
    "piece": gettext_lazy("Piece of a plan added"),
    "process": gettext_lazy("Process started"),
    "process_closed": gettext_lazy("Process ended"),
    "point": gettext_lazy("Open point"),
    "hand_over": gettext_lazy("Open point handed to supervision"),
    "point_answered": gettext_lazy("Supervision of an open point ended"),
    "end": pgettext_lazy("incident", "Stood down"),
}
BAD = {"climb", "vacant"}
OF_PROCESSES = {"process", "process_closed"}
CHANNELS = {
    "phone": pgettext_lazy("message log", "Telephone"),
    "radio": pgettext_lazy("message log", "Radio"),
    "fax": pgettext_lazy("message log", "Fax"),
    "visit": pgettext_lazy("message log", "In person"),
    "network": pgettext_lazy("message log", "Network"),
}
DUTY_WORDS = {
    "head": gettext_lazy("Head"),
    "reviewer": gettext_lazy("Reviewer"),
    "clerk": gettext_lazy("Clerk"),
}


def level_words(level: int) -> str:
    return str(Level(level).label) if level in Level.values else str(level)


def _state(key: str) -> str:
    return str(dict(IncidentTask.State.choices).get(key, key))


def _amount(facts: dict) -> str:
    said = f"{pick(facts['title'])}: {facts['amount']} {facts.get('unit', '')}".strip()
    if facts.get("organ_title"):
        said = f"{said} · {pick(facts['organ_title'])}"
    return said


def _message(facts: dict) -> str:
    way = pgettext("message log", "In") if facts["direction"] == "in" else pgettext(
        "message log", "Out"
    )  # fmt: skip
    channel = str(CHANNELS.get(facts["channel"], facts["channel"]))
    at = parse_datetime(facts["happened_at"])
    return " · ".join([way, channel, facts["counterpart"], moment(at)])


def _move(facts: dict) -> str:
    words = {
        "title": pick(facts["title"]),
        "was": _state(facts["from"]),
        "now": _state(facts["to"]),
    }
    said = _("%(title)s: %(was)s → %(now)s") % words
    if facts.get("phase"):
        said = f"{said} · {pick(facts['phase'])}"
    return said


def _holder(facts: dict) -> str:
    words = {"role": pick(facts["role"]), "was": facts["from"] or "—", "now": facts["to"]}
    return _("%(role)s: %(was)s → %(now)s") % words


def _climb(facts: dict) -> str:
    names = _(", ").join(facts["to"]) or _("nobody is left to be told")
    return f"{facts['name']} ({pick(facts['role'])}) → {names}"


def _ending(facts: dict) -> str:
    words, _mark = OUTCOMES.get(facts["outcome"], (facts["outcome"], ""))
    return " · ".join(filter(None, [pick(facts["title"]), str(words)]))


def _answered(facts: dict) -> str:
    again = _("not taken up, open again") if facts.get("is_dropped") else ""
    return " · ".join(filter(None, [pick(facts["title"]), pick(facts["organ"]), again]))


SAID = {
    "activate": lambda f: f"{pick(f['plan'])} · {level_words(f['level'])}",
    "call": lambda f: f"{f['name']} · {pick(f['role'])}",
    "confirm": lambda f: f["name"],
    "climb": _climb,
    "vacant": lambda f: " · ".join(filter(None, [pick(f["role"]), f.get("name")])),
    "holder": _holder,
    "task": lambda f: f"{pick(f['title'])} · {pick(f['organ'])}",
    "move": _move,
    "shift": lambda f: f"{pick(f['title'])} · {pick(f.get('phase'))}",
    "note": lambda f: pick(f["title"]),
    "tick": lambda f: f"{pick(f['list'])}: {f['text']}",
    "untick": lambda f: f"{pick(f['list'])}: {f['text']}",
    "report": lambda f: _("No. %(n)s") % {"n": f["number"]},
    "message": _message,
    "message_confirmed": lambda f: _("No. %(n)s") % {"n": f["message"]},
    "receive": _amount,
    "lend": _amount,
    "give_back": _amount,
    "use_up": _amount,
    "part": lambda f: f"{TITLES.get(f['part'], f['part'])}: {pick(f['title'])}",
    "piece": lambda f: " · ".join(filter(None, [pick(f["title"]), pick(f.get("piece"))])),
    "process": lambda f: pick(f["title"]),
    "process_closed": _ending,
    "point": lambda f: f"{pick(f['title'])} · {pick(f['organ'])}",
    "hand_over": lambda f: f"{pick(f['title'])} · {pick(f['organ'])}",
    "point_answered": _answered,
}


def note_of(line: IncidentLine) -> str:
    """What stands under a line: the facts in words, then what was said."""
    said = SAID.get(line.kind)
    return "\n".join(filter(None, [said(line.facts) if said else "", line.note]))


def _link(line: IncidentLine, processes) -> dict:
    key = line.facts.get("process") if line.kind in OF_PROCESSES else None
    if key not in processes:
        return {}
    return {"url": reverse("trace", args=["process", key]), "link": _("History of the process")}


def entries(lines: list[IncidentLine], processes=frozenset()) -> list[dict]:
    """The log as `ui/timeline.html` draws it, newest first. What it says of `processes` (their
    keys) leads to their history.
    """
    shown = [
        {
            "title": LINES.get(line.kind, line.kind),
            "note": note_of(line),
            "at": line.at,
            "who": " · ".join(
                filter(None, [shown_name(line.actor) or _("System"), organ_words(line.organ)])
            ),
            "state": "bad" if line.kind in BAD else "done",
            **_link(line, processes),
        }
        for line in lines
    ]
    shown.reverse()
    return shown
