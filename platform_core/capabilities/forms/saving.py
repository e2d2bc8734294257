"""How a page becomes part of a draft, whoever was let in to fill it."""

from __future__ import annotations

from security.actors import Actor

from . import clashes, posting, selectors, storage
from .binding import BoundForm, bind_draft
from .engine import key_of
from .models import Draft
from .rows import expiry
from .uploads import drop_removed, store_uploads


def keep_page(
    draft: Draft, here, fields: list, actor: Actor, values, files, owner_key: str, part=None,
    *, is_judged: bool = False,
) -> tuple[BoundForm, dict]:  # fmt: skip
    """Write what was typed into the `fields` of the page `here` of a locked draft.

    Gives the page as it is to be shown next, and what was refused of its files. The caller has made
    sure that the actor may fill these fields; `part` is the part they were invited to. A page that
    saves while one types is told no errors; `is_judged` says that they count all the same.
    """
    form = selectors.form_of(draft)
    before = selectors.plain_values(draft)
    posted = posting.read(posting.writable(fields), values, files, before)
    if part is not None:
        posted.uploads = {}  # files belong to whoever sends them, and a record has one sender
    current = _merged(draft, form, posted, clashes.stand_of(values), before)
    drop_removed(posted, before=before, actor=actor, owner_key=owner_key)
    refused = store_uploads(fields, posted, current, actor, owner_key)
    draft.data = storage.pack(form, current, "draft", draft.pk)
    if part is None:
        draft.page = here.key
    draft.expires_at = expiry(draft.user_id)
    draft.save(
        update_fields=["data", "page", "saves", "stamps", "rivals", "expires_at", "updated_at"]
    )
    bound = bind_draft(
        draft, page=here, actor=actor, owner_key=owner_key, part=part,
        is_judged=is_judged or posted.command != "autosave",
    )  # fmt: skip
    return _answered(bound, posted, refused), refused


def _merged(draft: Draft, form, posted: posting.Posted, stand, before: dict) -> dict:
    """The typed values after this saving; what another page changed meanwhile becomes a rival."""
    rivals = selectors.rival_values(draft)
    current = before | posted.values
    for key in clashes.clashing(draft.stamps, stand, before, posted.values):
        if form.question(key).type != "attachment":
            rivals[key] = clashes.with_rival(rivals.get(key, []), stand.pen, posted.values[key])
            current[key] = before.get(key)
    clashes.settle(draft, rivals, posted, current)
    draft.rivals = storage.pack(form, rivals, "draft", draft.pk)
    clashes.stamped(draft, stand, before, current)
    return current


def _answered(bound: BoundForm, posted: posting.Posted, refused: dict) -> BoundForm:
    """Which errors to show: a button that only works on the page does not scold for the rest."""
    bound.command = posted.command
    if posted.command not in ("next", "autosave"):
        bound.errors = {}
    elif posted.shown is not None:
        asked = {question.key for question in bound.page.fields if question.key in bound.visible}
        if bound.only is not None:
            asked &= bound.only
        bound.opened = asked - posted.shown
        missing = bound.opened & bound.outcome.missing
        bound.errors = {
            path: said for path, said in bound.errors.items() if key_of(path) not in missing
        }
    for path, said in refused.items():
        bound.errors[path] = said
    return bound
