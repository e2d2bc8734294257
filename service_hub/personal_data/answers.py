"""Answers to forms as data of a person: each by its question, and how one of them is corrected."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from platform_core.capabilities.forms import display, posting, present
from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms.binding import bind
from platform_core.capabilities.forms.services import correct_record
from platform_core.common.errors import Unusable
from platform_core.common.i18n import pick
from security.privacy.corrections import WAYS

FOR_ANOTHER = _("You filed this for somebody else. That person asks for the correction.")
OF_FIRM = _("This belongs to the firm. Correct it in the name of the firm, at the office.")
A_FILE = _("A file stays as it was sent. Send the right one to the office that has the case.")
FIXED = _("The form fixes this answer; nobody chose it.")
SAME = _("This is what stands there already. Write how it should stand.")


@dataclass(frozen=True)
class Held:
    """One answer: its question, the stored value, its words, and why it may not be corrected."""

    key: str
    name: str
    value: object
    shown: str
    why_not: object


def answers_of(user, record) -> list[Held]:
    """Every answer of a record that its form shows, in the order of the questions."""
    form, values = forms.form_of(record), forms.plain_values(record)
    found = []
    for section in display.answers(record):
        for one in section.answers:
            question = form.question(one.key)
            if question is None or question.type == "note":
                continue
            why = _why_not(user, record, question)
            found.append(Held(one.key, one.label, values.get(one.key), _words(one), why))
    return found


def _words(answer) -> str:
    if answer.files:
        return ", ".join(file.name for file in answer.files)
    if answer.rows:
        return "; ".join(" ".join(cell for cell in row if cell) for row in answer.rows)
    return answer.text


def _why_not(user, record, question):
    case = getattr(record, "case", None)
    owner = case.applicant_id if case else record.created_by_id
    if record.firm_id:
        return OF_FIRM
    if owner != user.pk or (case is None and record.mandate_id):
        return FOR_ANOTHER
    if question.type == "computed":
        return WAYS["computed"]
    if question.type in forms.WITH_FILES:
        return A_FILE
    if getattr(question, "prefill", None) == "profile.citizen_number":
        return WAYS["verified"]
    return FIXED if getattr(question, "read_only", False) else ""


def read_typed(record, key: str, post) -> posting.Posted:
    """What a page sent for one question."""
    question = forms.form_of(record).question(key)
    return posting.read([question], post, current=forms.plain_values(record))


def asked(record, key: str, *, actor, values: dict | None = None, errors=()):
    """One question ready to be drawn, with what was typed; a sensitive one begins empty."""
    form = forms.form_of(record)
    question = form.question(key)
    known = forms.plain_values(record)
    if question.is_sealed:
        known[key] = None
    bound = bind(form, known | (values or {}), actor=actor, subject=record, only=[key], quiet=True)
    bound.errors = {key: list(errors)} if errors else {}
    page = next(page for page, one in form.all_fields() if one.key == key)
    return next(
        one for one in present.draw(bound, page, is_closed=True).questions if one.key == key
    )


def checked(record, key: str, typed, *, actor):
    """The answer as it would be kept. Raises Unusable at "wished" when the form refuses it, or when
    nothing would change.
    """
    form, old = forms.form_of(record), forms.plain_values(record)
    bound = bind(form, old | {key: typed}, actor=actor, subject=record, only=[key])
    if bound.errors:
        said = [
            message if present.key_of(path) == key else f"{_label(form, path)}: {message}"
            for path, messages in bound.errors.items()
            for message in messages
        ]
        raise Unusable({"wished": said})
    if bound.cleaned.get(key) == old.get(key):
        raise Unusable({"wished": [str(SAME)]})
    return bound.cleaned.get(key)


def _label(form, path: str) -> str:
    question = form.question(present.key_of(path))
    return pick(question.label) if question else path


def in_both(record, key: str, value) -> dict[str, str]:
    """A value in words of both languages."""
    question, found = forms.form_of(record).question(key), {}
    for name, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            found[name] = display.typed_text(question, value)
    return found


def write(*, actor, record, key: str, value, reason: str) -> None:
    """Change one answer and keep the old one as a revision. Raises Unusable."""
    correct_record(
        actor=actor, record=record, values={key: value}, only_fields=[key], reason=reason
    )


def names_the_applicant(record, key: str) -> bool:
    """Whether a question asks for the name of whoever applies."""
    return forms.form_of(record).question(key).prefill == "profile.name"


def as_lines(value) -> str:
    """A value of any shape, to be read by its person."""
    return json.dumps(value, ensure_ascii=False, default=str) if value else ""
