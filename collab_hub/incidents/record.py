"""The after-action report as PDF: facts, answers, tasks, open points, the whole log, its chain."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.languages import in_both
from platform_core.capabilities.documents.typesetting import print_job, public_address, typeset
from platform_core.common.i18n import pick
from platform_core.common.organs import organ_text, organ_words
from platform_core.common.templatetags.ui import day, stamp
from platform_core.common.trace import shown_name

from . import aftermath, review, selectors
from .models import Incident
from .words import LINES, note_of


def review_pdf(incident: Incident, now: datetime | None = None) -> bytes:
    """The PDF in the reader's language. Raises Unprintable."""
    lines, now = selectors.lines_of(incident), now or timezone.now()
    facts = aftermath.facts_of(lines, now)
    is_whole = selectors.log_fault(incident, lines) is None
    content = {
        "kind": "notice",
        "language": "en" if (get_language() or "").startswith("en") else "zh",
        "title": in_both(lambda: _("After-action report: %(title)s")
                         % {"title": pick(incident.title)}),
        "organ": organ_text(incident.organ),
        "issued_on": timezone.localdate(now).isoformat(),
        "valid_until": None,
        "blocks": [
            {"kind": "fields", "rows": _fields(incident, facts)},
            *_answers(facts),
            *_deeds(facts),
            _heading(lambda: _("Other facts")),
            {"kind": "list", "ordered": False, "items": [_both(one) for one in review.rest(facts)]},
            *_points(incident),
            _heading(lambda: _("Timeline")),
            _timeline(lines),
            _paragraph(lambda: _chain(is_whole, lines)),
            {"kind": "signature"},
            {"kind": "qr"},
        ],
    }  # fmt: skip
    job = print_job(
        content,
        number=incident.number,
        address=public_address(reverse("incident_review", args=[incident.pk])),
        code=lines[-1].digest[:16].upper(),
    )
    job["labels"]["check"] = in_both(lambda: _("Digest of the last line"))
    return typeset(job, moment=int(now.timestamp()))


def _both(text) -> dict:
    return {"zh": str(text), "en": str(text)}


def _heading(words) -> dict:
    return {"kind": "heading", "text": in_both(words)}


def _paragraph(words) -> dict:
    return {"kind": "paragraph", "indent": False, "align": "start", "text": in_both(words)}


def _fields(incident: Incident, facts) -> list[dict]:
    rows = [*review.head(incident), *((one["k"], one["v"]) for one in review.figures(facts))]
    return [{"label": _both(label), "value": _both(value)} for label, value in rows]


def _table(heads, rows) -> dict:
    return {
        "kind": "table",
        "head": [in_both(words) for words in heads],
        "rows": [[_both(cell) for cell in row] for row in rows],
    }


def _answers(facts) -> list[dict]:
    rows = [
        (one["person"], one["told"], one["took"], one["climbed"]) for one in review.answers(facts)
    ]
    heads = (lambda: _("Who"), lambda: pgettext("incident", "Called"), lambda: _("Confirmed after"),
             lambda: _("Told further up"))  # fmt: skip
    return [_heading(lambda: _("Who was called")), _table(heads, rows)] if rows else []


def _deeds(facts) -> list[dict]:
    rows = [
        (one["title"], one["organ"], one["first"], one["done"], one["late"])
        for one in review.deeds(facts)
    ]
    heads = (lambda: _("Task"), lambda: pgettext("incident", "Organ"), lambda: _("Taken up after"),
             lambda: _("Done at"), lambda: _("Late by"))  # fmt: skip
    return [_heading(lambda: _("Tasks")), _table(heads, rows)] if rows else []


def _points(incident: Incident) -> list[dict]:
    rows = [
        (pick(one.title), organ_words(one.lead), day(one.due_at), one.get_state_display())
        for one in selectors.points_of(incident)
    ]
    heads = (lambda: _("Open point"), lambda: _("Lead organ"), lambda: _("Due"),
             lambda: _("State"))  # fmt: skip
    return [_heading(lambda: _("Open points")), _table(heads, rows)] if rows else []


def _timeline(lines) -> dict:
    rows = []
    for line in lines:
        person = shown_name(line.actor) or _("System")
        who = " · ".join(filter(None, [person, organ_words(line.organ)]))
        what = "\n".join(filter(None, [str(LINES.get(line.kind, line.kind)), note_of(line)]))
        rows.append((line.seq, stamp(line.at), who, what))
    heads = (lambda: _("No."), lambda: _("When"), lambda: _("Who"), lambda: _("What"))
    return _table(heads, rows)


def _chain(is_whole: bool, lines) -> str:
    if is_whole:
        words = _("The log has %(n)s lines; each holds the digest of the one before. Checked.")
    else:
        words = _("The log has %(n)s lines and was changed: it does not prove anything any more.")
    return words % {"n": len(lines)}
