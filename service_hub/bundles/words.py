"""What a life event stands at, in the reader's language."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platform_core.common.workcalendar import deadline_light

from . import standing

# The kind of a tag and its icon.
SHOWN = {
    standing.NEEDS_YOU: ("warn", "circle-alert"),
    standing.RUNNING: ("info", "clock"),
    standing.DONE: ("ok", "circle-check"),
    standing.PARTLY: ("warn", "circle-check"),
    standing.WITHDRAWN: ("", "undo-2"),
    standing.ENDED: ("bad", "circle-x"),
}


def state_words(state: str) -> str:
    """The state of a life event as its applicant reads it."""
    return {
        standing.NEEDS_YOU: _("Needs you"),
        standing.RUNNING: _("On its way"),
        standing.DONE: _("Done"),
        standing.PARTLY: _("Partly granted"),
        standing.WITHDRAWN: _("Withdrawn"),
        standing.ENDED: _("Not granted"),
    }[state]


def office_words(state: str) -> str:
    """The same for an official."""
    return _("Waits for the applicant") if state == standing.NEEDS_YOU else state_words(state)


def light(children: list[standing.Child], now: datetime) -> dict | None:
    """{"level", "words"} for `due_light`: the worst light of the parts that run, counted towards
    the day by which everything is finished; None while no clock runs.
    """
    level, due = standing.light_of(children), standing.due_of(children)
    if not level:
        return None
    if level == "r":
        late = sum(one.light == "r" for one in children if not one.is_ended)
        words = ngettext("%(n)d part is late", "%(n)d parts are late", late) % {"n": late}
        return {"level": level, "words": words}
    if due is None:
        return {"level": level, "words": _("In time") if level == "g" else _("Soon due")}
    return {"level": level, "words": deadline_light(due, None, now)["words"]}
