"""A bound page as what its template draws. Every question becomes one `Asked`."""

import json
import re
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from platform_core.common.fields import Shown, from_dict
from platform_core.common.i18n import pick

from . import directory, display, live, privacy
from .asked import TEMPLATES, Asked, described, typed
from .binding import BoundForm
from .composed import add_parts, add_rows, place
from .compound import PARTS
from .engine import key_of
from .pages import most_files, takes_pages
from .ruling import SEEN_PART, kind_of
from .schema import Page
from .sources import source_words


@dataclass
class Drawn:
    """A whole page as drawn: its questions, the error summary and what the browser needs for
    conditions.
    """

    bound: BoundForm
    page: object
    questions: list[Asked] = field(default_factory=list)
    summary: list[dict] = field(default_factory=list)
    facts: str = "{}"
    today: str = ""
    calendar: str = "{}"
    pen: str = ""


def draw_open(bound: BoundForm) -> Drawn:
    """The open questions of a correction, wherever they stand in the form, on one page.

    The browser is given no other answer of the record.
    """
    fields = [q for _page, q in bound.form.all_fields() if q.type != "note" and q.key in bound.only]
    page = Page.model_construct(key="open", title=bound.form.title, help=None, fields=fields)
    return draw(bound, page, is_closed=True)


def element_id(path: str) -> str:
    """The id of the control at an error path: "staff[0].name" is drawn as id_staff-0-name."""
    return "id_" + re.sub(r"\]\.|[\[.]", "-", path).rstrip("]")


def draw(bound: BoundForm, page=None, contest: str = "", is_closed: bool = False) -> Drawn:
    """The page of `bound` (or another one of its form) ready for `forms/page.html`.

    `contest` is the address where one contests a filled-in answer, with `__field__` in it.
    `is_closed` keeps the answers of other pages out of the browser.
    """
    page = page or bound.page
    fields = [
        q for q in page.fields if bound.only is None or q.type == "note" or q.key in bound.only
    ]
    drawn = Drawn(bound, page, today=bound.facts.today.isoformat(), pen=get_random_string(12))
    needed: set[str] = set()
    # An invited person's browser is not given the answers of others: then the server alone judges.
    is_closed = is_closed or bound.part is not None
    open_to = {one.key for one in page.fields} if is_closed else None
    for question in fields:
        asked = _asked(bound, question, contest)
        asked.hidden = question.key not in bound.visible
        asked.is_private = getattr(question, "is_sealed", False)
        asked.rivals = [
            display.typed_text(question, one) for one in bound.rivals.get(question.key, [])
        ]
        if question.key in bound.exempt:
            asked.exempt, asked.inner = bound.exempt[question.key], asked.template
            asked.template = "forms/exempt.html"
        needed |= live.attach(asked, question, open_to)
        asked.privacy = privacy.declared(bound.form, question)
        drawn.questions.append(asked)
    here = {question.key for question in fields}
    elsewhere = {key: value for key, value in bound.outcome.facts.items() if key in needed - here}
    drawn.facts = json.dumps(elsewhere, ensure_ascii=False)
    drawn.calendar = live.calendar_for(fields, bound.facts)
    drawn.summary = summary(bound, drawn.questions)
    return drawn


def summary(bound: BoundForm, questions: list[Asked]) -> list[dict]:
    """The errors in the order of the questions, each with the id that its link leads to."""
    order = {asked.key: number for number, asked in enumerate(questions)}
    focus = {asked.key: asked.shown.focus_id for asked in questions if asked.shown}
    found = []
    for path, messages in bound.errors.items():
        key = key_of(path)
        if key not in order:
            continue
        target = focus.get(key, "") if path == key else element_id(path)
        for message in messages:
            found.append(
                (order[key], len(found), {"id": target, "message": _told(bound, path, message)})
            )
    return [entry for _order, _number, entry in sorted(found, key=lambda one: one[:2])]


def _told(bound: BoundForm, path: str, message: str) -> str:
    """A message with the name of its question, since the summary stands far from it."""
    question = bound.form.question(key_of(path))
    label = pick(question.label) if question else ""
    row = re.search(r"\[([0-9]+)\]\.(.*)", path)
    if row and question.type == "repeat":
        cell = next((cell for cell in question.cells if cell.key == row[2]), None)
        place = _("%(table)s, row %(n)s") % {"table": label, "n": int(row[1]) + 1}
        said = cell is None or pick(cell.label) in message
        label = (
            place if said else _("%(place)s, %(cell)s") % {"place": place, "cell": pick(cell.label)}
        )
    if label and label in message:
        return message
    return _("%(label)s: %(message)s") % {"label": label, "message": message} if label else message


def _asked(bound: BoundForm, question, contest: str = "") -> Asked:
    if question.type == "note":
        shown = Shown(f"id_{question.key}", question.key, pick(question.label), "static")
        shown.hint = pick(question.help)
        return Asked(question.key, "note", TEMPLATES["note"], shown)
    value = bound.values.get(question.key)
    errors = bound.errors.get(question.key, [])
    if question.type == "computed":
        return _computed(question, bound, errors)
    found = described(question, value, question.key, errors)
    _say_source(found, bound, question, contest)
    is_needed = question.key in bound.outcome.required or question.required
    found["required"] = is_needed and question.key not in bound.exempt
    found["optional"] = not found["required"]
    if question.key in bound.locked:
        return _locked(found, question, value)
    shown = from_dict(found)
    asked = Asked(
        question.key, kind_of(question), TEMPLATES.get(question.type, "ui/field.html"), shown
    )
    asked.part = SEEN_PART.get(question.type, "")
    asked.is_point = question.type == "location"
    if question.read_only:
        return _fixed(asked, question, value)
    if question.type == "region":
        place(asked, question, bound.facts.today)
    elif question.type in PARTS:
        add_parts(asked, question, bound)
    elif question.type == "department":
        asked.groups = directory.department_groups(question)
    elif question.type == "person":
        user = bound.actor.user if bound.actor is not None else None
        asked.groups = directory.people_groups(question, user, bound.facts.today)
    elif question.type == "attachment":
        ids = [file_id for file_id in value or [] if isinstance(file_id, str)]
        asked.files = [bound.facts.files[one] for one in ids if one in bound.facts.files]
        pictures = sum(one.is_picture for one in asked.files)
        asked.limits = {
            "most": most_files(question),
            "full": len(asked.files) >= most_files(question),
            "documents": question.max_files,
            "pages": takes_pages(question),
            "joins": takes_pages(question) and pictures > 1,
            "bytes": settings.FILE_MAX_BYTES,
        }
    elif question.type == "repeat":
        add_rows(asked, question, bound)
    return asked


def _locked(found: dict, question, value) -> Asked:
    found |= {"kind": "static", "value": display.typed_text(question, value)}
    asked = Asked(question.key, kind_of(question), "forms/locked.html", from_dict(found))
    asked.locked_value = typed(question, value)
    return asked


def _say_source(found: dict, bound: BoundForm, question, contest: str) -> None:
    """Where a filled-in answer comes from, and the way to say that it is wrong."""
    facts = bound.sources.get(question.key)
    if facts is None:
        return
    found["source"] = source_words(facts)
    if facts.get("contested"):
        found["source"] += " " + _("You said that this is wrong.")
    if contest and (facts.get("source") != "profile" or facts.get("locked")):
        words = _("Change what I said") if facts.get("contested") else _("This is wrong")
        found["action"] = {"url": contest.replace("__field__", question.key), "label": words}


def _computed(question, bound: BoundForm, errors: list) -> Asked:
    """A value that is only shown; the browser works it out again while one types."""
    words = display.typed_text(question, bound.outcome.cleaned.get(question.key))
    empty = bound.outcome.cleaned.get(question.key) is None
    shown = Shown(f"id_{question.key}", question.key, pick(question.label), "static")
    shown.value, shown.hint, shown.errors = "" if empty else words, pick(question.help), errors
    return Asked(question.key, kind_of(question), TEMPLATES["computed"], shown)


def _fixed(asked: Asked, question, value) -> Asked:
    """An answer that the author has fixed: shown, not asked."""
    asked.template = "forms/fixed.html"
    asked.shown.value = display.typed_text(question, value) if value not in (None, "") else ""
    asked.limits = {"raw": typed(question, value)}
    return asked
