"""Where a form finds what is known already, so that nobody is asked twice.

A field's `prefill` is "prefix.path". Every prefix has one source, registered by whoever keeps the
data: profile, earlier answers and registers here, certificates by the hub that issues them. A
source answers for all fields of a form at once, so a form costs as many queries as it has sources.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from platform_core.common.templatetags.ui import day
from security.accounts.selectors import profile_answers

PROFILE_TYPES = {
    "name": {"text"},
    "citizen_number": {"citizen_number"},
    "mobile": {"mobile"},
    "email": {"email"},
    "firm_name": {"text"},
    "credit_code": {"credit_code"},
    "firm_region": {"region"},
}

# What has more than one control cannot be sent back as one hidden value.
UNLOCKABLE = ("multi_choice", "repeat", "attachment", "address", "location", "signature")


@dataclass(frozen=True)
class Filled:
    """A value and what is said about where it comes from: `facts` are JSON and not personal.

    Of the facts `on` is a day, `number` names a document, `title` is a text in both languages and
    `owner` the id of the department that answers for it.
    """

    value: object
    facts: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    find: Callable
    words: Callable
    check: Callable


_sources: dict[str, Source] = {}


def register_prefill_source(prefix: str, find: Callable, words: Callable, check: Callable) -> None:
    """Let fields be filled in from `prefix`.

    `find(actor, paths, napp_version)` gives {path: Filled} for what is known of `actor.applicant`
    (or the firm acted for); `paths` maps each path after the prefix to its field.
    `words(facts)` says in the reader's language where a value comes from.
    `check(path, question, forms)` gives what is wrong with a path in a manifest, or "".
    """
    _sources[prefix] = Source(find, words, check)


def filled_in(form, actor, napp_version) -> dict[str, Filled]:
    """What the sources of this form already know, by field key."""
    if actor is None or actor.user is None:
        return {}
    wanted: dict[str, dict] = {}
    for question in form.questions():
        if question.prefill:
            prefix, _dot, path = question.prefill.partition(".")
            wanted.setdefault(prefix, {}).setdefault(path, []).append(question)
    found = {}
    for prefix, paths in wanted.items():
        if prefix not in _sources:
            continue
        known = _sources[prefix].find(
            actor, {p: asked[0] for p, asked in paths.items()}, napp_version
        )
        for path, filled in known.items():
            if filled.value not in (None, "", []):
                found |= {question.key: _from(prefix, filled) for question in paths[path]}
    return found


def _from(prefix: str, filled: Filled) -> Filled:
    return Filled(filled.value, {**filled.facts, "source": prefix})


def source_words(facts: dict) -> str:
    """Where a value comes from, in the reader's language."""
    source = _sources.get(facts.get("source", ""))
    return source.words(facts) if source else ""


def check_prefill(forms) -> list[tuple[tuple, str]]:
    """What is wrong with the sources that the forms of a manifest name: (path, message)."""
    wrong = []
    for number, form in enumerate(forms):
        for page_number, page in enumerate(form.pages):
            for position, question in enumerate(page.fields):
                said = "" if question.type == "note" else _problem(question, forms)
                if said:
                    place = (number, "pages", page_number, "fields", position, "prefill")
                    wrong.append((place, said))
    return wrong


def _problem(question, forms) -> str:
    if question.locked and not question.prefill:
        return _("Only a field with a source can be locked.")
    if question.locked and question.type in UNLOCKABLE:
        return _("A field of this type cannot be locked.")
    if not question.prefill:
        return ""
    prefix, _dot, path = question.prefill.partition(".")
    if prefix not in _sources:
        return _("There is no source of this name.")
    if question.type in ("repeat", "attachment", "signature"):
        return _("This source does not fit a field of this type.")
    return _sources[prefix].check(path, question, forms)


def on(facts: dict) -> str:
    """The day of a source in words, or ""."""
    return day(date.fromisoformat(facts["on"])) if facts.get("on") else ""


def _find_profile(actor, paths, _napp_version) -> dict[str, Filled]:
    known = profile_answers(actor.applicant, actor.firm)
    facts = {"for": "principal"} if actor.mandate else {}
    return {path: Filled(known[path], facts) for path in paths if path in known}


def _profile_words(facts: dict) -> str:
    if facts.get("for") == "invited":
        return _("From the profile of the person who filled this in.")
    if facts.get("for"):
        return _("From the profile of the person you act for.")
    if facts.get("locked"):
        return _("From your profile.")
    return _("From your profile. Change it here if it is not right.")


def _check_profile(path: str, question, _forms) -> str:
    if path not in PROFILE_TYPES:
        return _("There is no source of this name.")
    fits = question.type in PROFILE_TYPES[path]
    return "" if fits else _("This source does not fit a field of this type.")


register_prefill_source("profile", _find_profile, _profile_words, _check_profile)
