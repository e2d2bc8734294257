"""One printed record of a supervised matter: facts, requirement, log, proof, chain."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.languages import in_both
from platform_core.capabilities.documents.typesetting import print_job, public_address, typeset
from platform_core.common.i18n import pick
from platform_core.common.organs import organ_words
from platform_core.common.templatetags.ui import stamp
from platform_core.common.trace import shown_name

from . import selectors
from .models import Supervision
from .showing import evidence, facts
from .words import LINES, note_of


def record_pdf(item: Supervision) -> bytes:
    """The PDF in the reader's language. Raises Unprintable."""
    lines, now = selectors.lines_of(item), timezone.now()
    content = {
        "kind": "notice",
        "language": "en" if (get_language() or "").startswith("en") else "zh",
        "title": in_both(lambda: _title(item)),
        "organ": in_both(lambda: organ_words(item.owner)),
        "issued_on": timezone.localdate(now).isoformat(),
        "valid_until": None,
        "blocks": [
            {"kind": "fields", "rows": [_row(label, value) for label, value in _facts(item)]},
            _heading(lambda: _("What has to be done")),
            _paragraph(lambda: item.requirement),
            *_verdict(item),
            _heading(lambda: _("Log")),
            _table(lines),
            *_proof(item),
            _paragraph(lambda: _chain(item, lines)),
            {"kind": "signature"},
            {"kind": "qr"},
        ],
    }
    job = print_job(
        content,
        number=item.number or "",
        address=public_address(reverse("supervision_item", args=[item.pk])),
        code=lines[-1].digest[:16].upper(),
    )
    job["labels"]["check"] = in_both(lambda: _("Digest of the last line"))
    return typeset(job, moment=int(now.timestamp()))


def _title(item: Supervision) -> str:
    return _("Record of supervision: %(title)s") % {"title": pick(item.title)}


def _facts(item: Supervision) -> list[tuple[str, str]]:
    return [*facts(item), (_("State"), str(item.get_state_display()))]


def _both(text) -> dict:
    return {"zh": str(text), "en": str(text)}


def _row(label: str, value: str) -> dict:
    return {"label": _both(label), "value": _both(value)}


def _heading(words) -> dict:
    return {"kind": "heading", "text": in_both(words)}


def _paragraph(words) -> dict:
    return {"kind": "paragraph", "indent": False, "align": "start", "text": in_both(words)}


def _verdict(item: Supervision) -> list[dict]:
    if not item.verdict_text:
        return []
    return [
        _heading(lambda: _("Verdict")),
        _paragraph(lambda: f"{item.get_verdict_display()}\n{item.verdict_text}"),
    ]


def _table(lines) -> dict:
    rows = []
    for line in lines:
        person = shown_name(line.actor) or _("System")
        who = " · ".join(filter(None, [person, organ_words(line.organ)]))
        what = "\n".join(filter(None, [str(LINES.get(line.kind, line.kind)), note_of(line)]))
        rows.append([_both(one) for one in (line.seq, stamp(line.at), who, what)])
    head = (lambda: _("No."), lambda: _("When"), lambda: _("Who"), lambda: _("What"))
    return {"kind": "table", "head": [in_both(words) for words in head], "rows": rows}


def _proof(item: Supervision) -> list[dict]:
    found = []
    for one in evidence(item):
        found.append(
            {
                "kind": "list",
                "ordered": False,
                "items": [_both(_line(one["title"], line)) for line in one["lines"]],
            }
        )
    return [_heading(lambda: _("Proof from the log")), *found] if found else []


def _line(title: dict, line: dict) -> str:
    said = " ".join(filter(None, [stamp(line["at"]), line["who"], pick(line["what"])]))
    return f"{pick(title)}: {said}"


def _chain(item: Supervision, lines) -> str:
    if selectors.log_fault(item, lines) is None:
        words = _("The log has %(n)s lines; each holds the digest of the one before. Checked.")
    else:
        words = _("The log has %(n)s lines and was changed: it does not prove anything any more.")
    return words % {"n": len(lines)}
