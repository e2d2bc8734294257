"""What the pages of an incident show, put together from the selectors."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.common.organs import organ_words
from platform_core.common.templatetags.ui import moment
from platform_core.common.workcalendar import deadline_light
from security.organs.selectors import organs_of

from . import content as plans
from . import seats, selectors
from .models import Incident, IncidentTask, SituationReport
from .policies import may_move
from .words import DUTY_WORDS, note_of

State = IncidentTask.State
TAGS = {State.WAITING: "", State.DOING: "info", State.DONE: "ok", State.DROPPED: ""}
VIEWS = ("phase", "organ", "mine")
# What a button of the board does with a task in this state: (state to, icon).
BUTTONS = {
    State.WAITING: ((State.DOING, "play"), (State.DONE, "check")),
    State.DOING: ((State.DONE, "check"), (State.WAITING, "undo-2")),
    State.DONE: ((State.DOING, "rotate-ccw"),),
    State.DROPPED: (),
}


def tabs(incident: Incident, current: str) -> list[dict]:
    """The pages of the room."""
    words = {
        "incident": _("Board"),
        "incident_people": pgettext("incident", "People"),
        "incident_checks": _("Checklists"),
        "incident_reports": _("Situation reports"),
        "incident_resources": pgettext("incident", "Resources"),
        "incident_log": pgettext("incident", "Log"),
        "incident_add": pgettext("incident", "Add and end"),
        "incident_review": pgettext("incident", "Review"),
    }
    return [
        {"url": reverse(name, args=[incident.pk]), "label": label, "current": name == current,
         "count": None}
        for name, label in words.items()
    ]  # fmt: skip


def frame(user, incident: Incident, current: str, now: datetime) -> dict:
    """What every page of the room has: its head, its tabs, what the reader may."""
    return {
        "incident": incident,
        "tabs": tabs(incident, current),
        "commands": selectors.may_command(user, incident) and incident.is_running,
        "takes_part": selectors.may_take_part(user, incident) and incident.is_running,
        "figures": selectors.figures(incident, now),
    }


def button_words(was: str, to: str) -> str:
    words = {
        State.DOING: pgettext("incident", "Begin"),
        State.DONE: pgettext("incident", "Done"),
        State.WAITING: pgettext("incident", "Put back"),
    }
    return pgettext("incident", "Once more") if was == State.DONE else words[to]


def card(user, task: IncidentTask, commands: bool, is_running: bool, now: datetime) -> dict:
    """One task of the board."""
    may = is_running and may_move(user, task, commands)
    is_open = task.state in IncidentTask.OPEN
    return {
        "task": task,
        "organ": organ_words(task.organ),
        "who": _who(task),
        "tag": TAGS[task.state],
        "due": deadline_light(task.due_at, task.warn_at, now) if is_open else None,
        "done_at": moment(task.done_at),
        "buttons": [
            {"to": to, "icon": icon, "label": button_words(task.state, to)}
            for to, icon in (BUTTONS[task.state] if may else ())
        ],
    }


def _who(task: IncidentTask) -> str:
    role = task.role
    if role is None:
        return ""
    return f"{role} · {role.holder}" if role.holder else f"{role} · {_('vacant')}"


def board(user, incident: Incident, view: str, now: datetime, commands: bool) -> dict:
    """The columns of the board: by phase, by organ, or the own tasks. Two queries."""
    mine = set(organs_of(user))
    columns: dict[object, dict] = {}
    if view == "phase":
        for phase in incident.phases.all():
            columns[phase.pk] = {"title": str(phase), "cards": [], "done": 0}
    for task in selectors.tasks_of(incident):
        if view == "mine":
            is_own = task.role.holder_id == user.pk if task.role else task.organ_id in mine
            if not is_own:
                continue
        key = {"phase": task.phase_id, "organ": task.organ_id}.get(view, task.state)
        title = {"phase": str(task.phase), "organ": organ_words(task.organ)}.get(
            view, task.get_state_display()
        )
        column = columns.setdefault(key, {"title": title, "cards": [], "done": 0})
        column["cards"].append(card(user, task, commands, incident.is_running, now))
        column["done"] += task.state in (State.DONE, State.DROPPED)
    for column in columns.values():
        # What is still to be done stands above what is done.
        column["cards"].sort(key=lambda one: one["task"].state not in IncidentTask.OPEN)
    return {"columns": list(columns.values()), "view": view}


def board_tabs(view: str) -> list[dict]:
    words = {"phase": _("By phase"), "organ": _("By organ"), "mine": _("My tasks")}
    return [
        {"url": f"?by={key}", "label": label, "current": key == view, "count": None}
        for key, label in words.items()
    ]


def people(user, incident: Incident, commands: bool) -> list[dict]:
    """The contact tree from the top down, with what can be done about each role."""
    roles = selectors.roles_of(incident)
    keyed = {one.pk: one.key for one in roles}
    by_key = {one.key: one for one in roles}
    tree = plans.in_tree_order(
        [{"key": one.key, "above": keyed.get(one.above_id, "")} for one in roles]
    )
    empty, mine = seats.vacant(roles), set(organs_of(user))
    offered = seats.candidates(roles) if incident.is_running else {}
    own = {one.pk for one in roles if one.holder_id == user.pk}
    shown = []
    for entry, depth in tree:
        role = by_key[entry["key"]]
        is_vacant = role.pk in empty
        may = incident.is_running and (commands or role.organ_id in mine or role.above_id in own)
        waits = not is_vacant and role.confirmed_at is None
        shown.append(
            {
                "role": role,
                "organ": organ_words(role.organ),
                "duty": DUTY_WORDS.get(role.duty, role.duty),
                "depth": min(depth, 3),
                "vacant": is_vacant,
                "is_mine": role.holder_id == user.pk,
                "waits": waits,
                "may_confirm": incident.is_running and waits
                and (role.holder_id == user.pk or commands or role.above_id in own),
                "candidates": offered.get(role.pk, []) if may else [],
            }
        )  # fmt: skip
    return shown


def checklists(incident: Incident) -> list[dict]:
    """The checklists, each with its lines and how many are ticked."""
    lists: dict[str, dict] = {}
    for entry in selectors.checks_of(incident):
        found = lists.setdefault(
            entry.list_key, {"title": entry.title, "phase": str(entry.phase), "lines": [],
                             "done": 0},
        )  # fmt: skip
        found["lines"].append(entry)
        found["done"] += entry.checked_at is not None
    return list(lists.values())


def report_rows(incident: Incident, reports: list[SituationReport]) -> list[dict]:
    """The situation reports with their figures in the order of the incident's."""
    return [
        {
            "report": one,
            "figures": [
                {"title": figure["title"], "unit": figure.get("unit", ""), **one.figures[key]}
                for figure in incident.figures
                if (key := figure["key"]) in one.figures
            ],
        }
        for one in reports
    ]


def resource_rows(incident: Incident) -> list[dict]:
    return [
        {
            "resource": one,
            "held": [{"organ": organ_words(held.organ), "amount": held.amount}
                     for held in one.held],
            "lacks": max(one.needed - one.total, 0),
        }
        for one in selectors.resources_of(incident)
    ]  # fmt: skip


def unconfirmed(lines) -> list[dict]:
    """Messages of the log that wait to be confirmed, oldest first."""
    done = {one.facts["message"] for one in lines if one.kind == "message_confirmed"}
    return [
        {"seq": one.seq, "said": note_of(one)}
        for one in lines
        if one.kind == "message" and one.facts.get("needs_confirming") and one.seq not in done
    ]
