"""Writes of the verdict and what follows: check, send back, conclude, object, decide, archive."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Unusable
from platform_core.common.i18n import pick
from platform_core.common.templatetags.ui import day

from . import stages
from .models import Supervision
from .moving import begin, finish, needed, tell_heads, tell_source

Verdict = Supervision.Verdict
LONGEST_REDO = timedelta(days=366)


@transaction.atomic
def send_back(
    *, actor, item: Supervision, reason: str, due_on: date | None, at: datetime | None = None
) -> Supervision:
    """The report is not enough: once more, until a new day. Raises Unusable at reason or due_on."""
    move = begin(actor, item, "redo", at)
    reason = needed(reason, "reason")
    due_at = _new_day(due_on, move.at)
    item = finish(
        move, note=reason, due_at=due_at, warn_at=stages.warn_at(move.at, due_at), reported_at=None
    )
    words = {"title": pick(item.title)}
    tell_heads(
        actor, item, item.lead, "redo",
        lambda: (_("To be done once more: %(title)s") % words,
                 _("New day: %(day)s. %(reason)s") % {"day": day(due_at), "reason": reason[:300]}),
        move.at,
    )  # fmt: skip
    return item


@transaction.atomic
def accept_report(
    *, actor, item: Supervision, verdict: str, text: str, at: datetime | None = None
) -> Supervision:
    """Recognise the report and conclude with a verdict, of which the organ is told with its right
    to object. Raises Unusable at verdict or text.
    """
    return _concluded(begin(actor, item, "accept", at), verdict, text)


@transaction.atomic
def conclude_late(
    *, actor, item: Supervision, text: str, at: datetime | None = None
) -> Supervision:
    """Conclude a late matter without a report: it was not done."""
    return _concluded(begin(actor, item, "conclude", at), Verdict.NOT_DONE, text)


def _concluded(move, verdict: str, text: str) -> Supervision:
    verdict, text = _said(verdict, text)
    item = finish(
        move, note=text, verdict=verdict, verdict_text=text, verdict_by=move.actor.user,
        verdict_at=move.at,
    )  # fmt: skip
    last = stages.last_day_to_object(timezone.localdate(move.at))
    _tell_verdict(move, item, lambda: _("You may object until %(day)s.") % {"day": day(last)})
    tell_source(move.actor, item, verdict)
    return item


def _tell_verdict(move, item: Supervision, ending) -> None:
    def words():
        title = _("Verdict: %(title)s") % {"title": pick(item.title)}
        return title, f"{item.get_verdict_display()}. {ending()}".strip()

    for organ in [item.lead, *move.assisting]:
        tell_heads(move.actor, item, organ, f"verdict_{move.act}", words, move.at)


@transaction.atomic
def agree_to_verdict(*, actor, item: Supervision, at: datetime | None = None) -> Supervision:
    """The lead organ has nothing against the verdict: it can be archived at once."""
    return finish(begin(actor, item, "content", at))


@transaction.atomic
def object_to_verdict(
    *, actor, item: Supervision, ground: str, at: datetime | None = None
) -> Supervision:
    """The lead organ objects, once, within 30 days after it was told; it is decided within 30 days
    by somebody who took no part in the verdict.
    """
    move = begin(actor, item, "object", at)
    due = stages.review_due(timezone.localdate(move.at))
    return finish(
        move, note=needed(ground, "ground"),
        review_due_at=stages.end_of(due, timezone.get_current_timezone()),
    )  # fmt: skip


@transaction.atomic
def decide_objection(
    *,
    actor,
    item: Supervision,
    verdict: str,
    reason: str,
    at: datetime | None = None,
) -> Supervision:
    """Somebody else looks again: the verdict stays, or another one takes its place, with
    `reason` as its grounds. Final.

    Raises Unusable at verdict or reason, NotAllowed for who took part in the verdict.
    """
    act = "uphold" if verdict == item.verdict else "amend"
    move = begin(actor, item, act, at)
    verdict, reason = _said(verdict, reason, field="reason")
    facts = {"review_in_time": not stages.is_late(move.item.review_due_at, move.at)}
    grounds = {"verdict_text": reason} if act == "amend" else {}
    item = finish(move, note=reason, facts=facts, verdict=verdict, review_due_at=None, **grounds)
    _tell_verdict(move, item, lambda: _("This is the answer to the objection."))
    if act == "amend":
        tell_source(actor, item, verdict)
    return item


@transaction.atomic
def archive_supervision(*, actor, item: Supervision, at: datetime | None = None) -> Supervision:
    """Put a concluded matter on file, once nobody can object any more. By the system it lapses."""
    move = begin(actor, item, "archive" if actor.user else "lapse", at)
    return finish(move, archived_at=move.at)


def _said(verdict: str, text: str, field: str = "text") -> tuple[str, str]:
    errors = {}
    if verdict not in Verdict.values:
        errors["verdict"] = [_("Choose a verdict.")]
    try:
        text = needed(text, field)
    except Unusable as error:
        errors |= error.errors
    if errors:
        raise Unusable(errors)
    return verdict, text


def _new_day(due_on: date | None, at: datetime) -> datetime:
    today = timezone.localdate(at)
    if due_on is None or not today < due_on <= today + LONGEST_REDO:
        raise Unusable({"due_on": [_("Enter a day after today, within a year.")]})
    return stages.end_of_work(due_on, timezone.get_current_timezone())
