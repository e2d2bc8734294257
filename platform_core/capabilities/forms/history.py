"""What an answer was before it was corrected, who changed it, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from . import selectors
from .models import Record


@dataclass(frozen=True)
class Change:
    """One correction of one answer, in words; both values masked as the answer itself is."""

    old: str
    new: str
    who: str
    at: datetime
    reason: str


def changes_of(record: Record, text, *, may_name: bool = False) -> dict[str, list[Change]]:
    """The corrections of a record by field key, newest first.

    `text(question, value)` says a value in words for this reader. Officials are named only where
    `may_name`: applicants are told that it was the office.
    """
    revisions = selectors.revisions_of(record)
    if not revisions:
        return {}
    form = selectors.form_of(record)
    states = [selectors.revision_values(one) for one in revisions]
    states.append(selectors.plain_values(record))
    found: dict[str, list[Change]] = {}
    for number, revision in enumerate(revisions):
        before, after = states[number], states[number + 1]
        for key in revision.changed:
            question = form.question(key)
            if question is None:
                continue
            change = Change(
                old=text(question, before.get(key)) or _("(empty)"),
                new=text(question, after.get(key)) or _("(empty)"),
                who=_who(revision.actor, record, may_name),
                at=revision.at,
                reason=revision.reason,
            )
            found.setdefault(key, []).insert(0, change)
    return found


def _who(user, record: Record, may_name: bool) -> str:
    if user is None or user.pk == record.created_by_id:
        return _("The applicant")
    if user.is_official:
        return user.get_full_name() if may_name else _("The office")
    return user.audit_label
