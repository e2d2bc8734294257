"""A person says that what a source filled in is wrong, and goes on with their own answer.

What the source said, the reason and the person's answer are kept for the office that decides and
for the department that answers for the source (Personal Information Protection Law art. 46).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, Unusable
from platform_core.common.events import emit
from security.actors import Actor
from security.audit.services import record_audit

from . import clashes, posting, selectors, storage
from .binding import BoundForm, bind_draft
from .display import typed_text
from .engine import key_of
from .models import ContestedValue, Draft, Record
from .rows import locked

LONGEST_REASON = 1000


@dataclass(frozen=True)
class Origin:
    """A composed draft of which one part is filed: `keys` says by the part's own fields where each
    of its answers stands in the draft.
    """

    draft: Draft
    keys: dict[str, str]

    @property
    def sources(self) -> dict[str, dict]:
        """Where the answers of the part came from, by its own fields."""
        known = self.draft.sources
        return {own: known[key] for own, key in self.keys.items() if key in known}


@transaction.atomic
def contest_value(
    *, actor: Actor, draft: Draft, field: str, reason: str, values, owner_key: str = ""
) -> BoundForm:
    """Keep what is wrong with a filled-in answer and the person's own, from POST `values`.

    The field is open from now on. Raises Unusable with what is missing or wrong; then nothing is
    kept. Asked again it replaces the reason.
    """
    draft = locked(draft, actor, owner_key)
    form, question = selectors.form_of(draft), selectors.form_of(draft).question(field)
    facts = draft.sources.get(field)
    if question is None or facts is None:
        raise Conflict(_("This answer was not filled in from a source."))
    reason = reason.replace("\x00", "").strip()
    if len(reason) < 3:
        raise Unusable({"reason": [_("Say what is wrong.")]})
    before = selectors.plain_values(draft)
    current = before | posting.read([question], values).values
    draft.data = storage.pack(form, current, "draft", draft.pk)
    given = selectors.filled_values(draft).get(field)
    contest, _is_new = ContestedValue.objects.get_or_create(
        draft=draft, field=field, defaults={"by": actor.user, "source": facts}
    )
    contest.given, contest.reason = typed_text(question, given), reason[:LONGEST_REASON]
    contest.save(update_fields=["given", "reason"])
    draft.sources[field] = {**facts, "contested": True}
    clashes.stamped(draft, clashes.Stand(), before, current)
    draft.save(update_fields=["data", "sources", "saves", "stamps", "updated_at"])
    bound = bind_draft(draft, page=_page_of(form, field), actor=actor, owner_key=owner_key)
    errors = {path: said for path, said in bound.errors.items() if key_of(path) == field}
    if errors:
        raise Unusable(errors)
    record_audit(
        actor=actor,
        verb="value.contested",
        obj=draft,
        after={"field": field, "source": facts.get("source")},
    )
    return bound


def _page_of(form, field: str):
    return next(page for page, question in form.all_fields() if question.key == field)


def hand_over(draft: Draft, record: Record, *, actor: Actor) -> None:
    """The draft was sent: its contests are the record's, and whoever owns a source hears of it."""
    contests = list(ContestedValue.objects.filter(draft=draft))
    for contest in contests:
        contest.record = record
        contest.save(update_fields=["record"])
        emit("forms.value_contested", contest=contest, record=record, actor=actor)


def hand_over_part(origin: Origin, record: Record, *, actor: Actor) -> None:
    """The same for one part of a composed draft: each office gets the contests of what it asked."""
    known = {one.field: one for one in ContestedValue.objects.filter(draft=origin.draft)}
    for own, key in origin.keys.items():
        if key not in known:
            continue
        one = known[key]
        contest = ContestedValue.objects.create(
            record=record, field=own, source=one.source, given=one.given, reason=one.reason,
            by=one.by,
        )  # fmt: skip
        emit("forms.value_contested", contest=contest, record=record, actor=actor)
