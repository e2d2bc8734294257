"""The after-action report in the reader's language, from the facts of the log."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from platform_core.common.days import duration
from platform_core.common.i18n import pick
from platform_core.common.organs import organ_words
from platform_core.common.templatetags.ui import moment

from .aftermath import Facts
from .models import Incident
from .words import level_words


def figures(facts: Facts) -> list[dict]:
    """The four numbers at the top: how long, how soon, what was late, what is open."""
    return [
        {"k": _("It lasted"), "v": duration(facts.lasted) or _("still running")},
        {"k": _("First response after"), "v": duration(facts.first_response) or "—"},
        {"k": _("Tasks late"), "v": len(facts.late)},
        {"k": _("Tasks left open"), "v": len(facts.open)},
    ]


def head(incident: Incident) -> list[tuple[str, str]]:
    """What was, where and who commanded, as (label, text)."""
    rows = [
        (_("Number"), incident.number),
        (_("Plan"), str(incident.plan_version.plan)),
        (_("Level"), level_words(incident.level)),
        (pgettext("incident", "Where"), incident.place),
        (_("Commanding organ"), organ_words(incident.organ)),
        (pgettext("incident", "Happened"), moment(incident.occurred_at)),
        (pgettext("incident", "Activated"), moment(incident.activated_at)),
        (pgettext("incident", "Stood down"), moment(incident.ended_at)),
    ]
    return [(label, text) for label, text in rows if text]


def answers(facts: Facts) -> list[dict]:
    """Who was called, and how long they took."""
    return [
        {
            "person": one.person,
            "told": moment(one.told_at),
            "took": duration(one.took) or _("never confirmed"),
            "is_bad": one.took is None,
            "climbed": ngettext("%(n)s step up", "%(n)s steps up", one.climbed) % {"n": one.climbed}
            if one.climbed
            else "",
        }
        for one in facts.answers
    ]


def deeds(facts: Facts) -> list[dict]:
    """The tasks: when they were first taken up, when done, how late."""
    return [
        {
            "title": pick(one.title),
            "organ": pick(one.organ),
            "first": duration(one.first_move) or "—",
            "done": moment(one.done_at) or _deed_state(one, facts),
            "late": duration(one.late) if one.late else "",
        }
        for one in facts.deeds
    ]


def _deed_state(deed, facts: Facts) -> str:
    if deed.dropped:
        return pgettext("incident task", "No longer needed")
    return _("left open") if facts.ended_at else _("not done yet")


def rest(facts: Facts) -> list[str]:
    """The smaller facts, each a sentence."""
    said = [
        ngettext("%(n)s situation report", "%(n)s situation reports", len(facts.reports))
        % {"n": len(facts.reports)},
        ngettext("%(n)s message in the log", "%(n)s messages in the log", facts.messages)
        % {"n": facts.messages},
    ]
    if facts.additions:
        said.append(
            ngettext(
                "%(n)s thing added while it ran", "%(n)s things added while it ran", facts.additions
            )
            % {"n": facts.additions}
        )
    if facts.changes_of_holder:
        said.append(
            ngettext(
                "%(n)s role changed hands", "%(n)s roles changed hands", facts.changes_of_holder
            )
            % {"n": facts.changes_of_holder}
        )
    if facts.unconfirmed:
        said.append(
            ngettext("%(n)s message was never confirmed", "%(n)s messages were never confirmed",
                     facts.unconfirmed) % {"n": facts.unconfirmed}
        )  # fmt: skip
    for name, organs in facts.out.items():
        held = _(", ").join(f"{organ} {amount}" for organ, amount in organs.items())
        said.append(_("Not given back: %(name)s (%(held)s)") % {"name": name, "held": held})
    return said
