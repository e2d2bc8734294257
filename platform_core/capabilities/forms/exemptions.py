"""Questions that need not be answered, because the government has what they ask for.

Whoever knows registers a finder. It is asked anew each time a form is drawn or judged, so that
what was revoked meanwhile is asked for again.
"""

from __future__ import annotations

from collections.abc import Callable

from security.actors import Actor

_finders: list[Callable] = []


def register_exemptions(find: Callable) -> Callable:
    """Ask `find(actor, napp_version, form_key, purpose) -> {field key: facts}` which questions of
    a form need no answer of `actor.applicant` (or the firm acted for).

    The facts are {"title": text, "note": text} in both languages. `purpose` is the draft's, "" for
    answers given at once.
    """
    if find not in _finders:
        _finders.append(find)
    return find


def exempt_for(actor: Actor | None, napp_version, form_key: str, purpose: str = "") -> dict:
    """{field key: facts} of the questions that need no answer."""
    if actor is None:
        return {}
    found: dict[str, dict] = {}
    for find in _finders:
        found |= find(actor, napp_version, form_key, purpose)
    return found


def exempt_in(draft) -> dict:
    """The same for a draft; a correction asks what it asks."""
    if draft.only_fields:
        return {}
    actor = Actor.of(draft.user, firm=draft.firm).under(draft.mandate)
    return exempt_for(actor, draft.napp_version, draft.form_key, draft.purpose)
