"""The public summary of a concluded matter: one person writes it, another one lets it out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.screening import publishable

from . import stages
from .models import PublicSummary, Supervision
from .moving import begin_beside, needed, write_beside

State = PublicSummary.State
LONGEST_TITLE = 120
LONGEST_TEXT = 1000


@transaction.atomic
def write_summary(
    *, actor, item: Supervision, title: str, text: str, at: datetime | None = None
) -> PublicSummary:
    """Write what the public is to read. Raises Unusable at title or text, also where a number or an
    address would tell who somebody is; Conflict while the verdict may change or one is there.
    """
    move = begin_beside(actor, item, at)
    _settled(move)
    if item.summaries.filter(state__in=[State.ASKED, State.APPROVED]).exists():
        raise Conflict(_("There is a summary already."))
    summary = PublicSummary.objects.create(
        item=move.item, asked_by=actor.user,
        title=_screened(title, "title", LONGEST_TITLE), text=_screened(text, "text", LONGEST_TEXT),
    )  # fmt: skip
    write_beside(move, "summary", note=summary.text)
    return summary


@transaction.atomic
def decide_summary(
    *, actor, item: Supervision, is_fit: bool, answer: str = "", at: datetime | None = None
) -> PublicSummary:
    """A second person has read it: it is published, or goes back with a reason."""
    move = begin_beside(actor, item, at)
    summary = move.item.summaries.select_for_update().filter(state=State.ASKED).first()
    if summary is None:
        raise Conflict(_("No summary waits."))
    if summary.asked_by_id == actor.user.pk:
        raise NotAllowed(_("Somebody else lets out what you wrote."))
    if is_fit:
        _settled(move)
    summary.answer = needed(answer, "answer", is_needed=not is_fit)
    summary.state = State.APPROVED if is_fit else State.REFUSED
    summary.decided_by, summary.decided_at = actor.user, move.at
    summary.save()
    write_beside(move, "published" if is_fit else "not_published", note=summary.answer)
    return summary


def _settled(move) -> None:
    """Nothing is published that an objection may still change."""
    standing = move.standing
    is_open = standing.may_object and not (standing.is_content or standing.has_objected)
    if move.item.state not in (stages.CLOSED, stages.ARCHIVED) or is_open:
        raise Conflict(_("The public reads it once the verdict stands and nobody may object."))


def _screened(text: str, field: str, longest: int) -> str:
    text = needed(text, field, longest=longest)
    if publishable(text) != text:
        words = _("Take out numbers and addresses that tell who somebody is: %(text)s")
        raise Unusable({field: [words % {"text": publishable(text)}]})
    return text
