"""Answers for reading: labels, values in words, personal numbers masked unless the reader may see
them.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.common.i18n import pick
from platform_core.common.templatetags.ui import day, moment
from security import identifiers

from . import places, selectors
from .binding import BoundForm
from .cleaning import shown_money
from .schema import Form
from .sources import source_words

MASKS = {
    "citizen_number": identifiers.mask_citizen_number,
    "mobile": identifiers.mask_mobile,
    "credit_code": identifiers.mask_credit_code,
}
HIDDEN = "••••••"


@dataclass
class Answer:
    """One answer as shown. `files` for attachments, `head` and `rows` for tables, else `text`."""

    key: str
    label: str
    text: str = ""
    is_masked: bool = False
    is_long: bool = False
    files: list = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    source: str = ""
    contest: dict | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.files or self.rows)


@dataclass
class Section:
    """The answers of one page."""

    key: str
    title: str
    answers: list[Answer]
    # Who filled it in, when that was not the applicant; and whether it is not theirs to change.
    by: str = ""
    is_closed: bool = False


@dataclass
class Reading:
    """What showing needs: names of places, files, and whether personal data may be seen."""

    unmask: bool = False
    places: dict[str, str] = field(default_factory=dict)
    files: dict = field(default_factory=dict)


def _is_personal(question) -> bool:
    return question.is_sealed or question.prefill == "profile.name"


def masked(question, text: str) -> str:
    """A personal answer with the middle hidden."""
    if question.type in MASKS:
        return MASKS[question.type](text)
    if question.prefill == "profile.name":
        return identifiers.mask_name(text)
    return HIDDEN


def in_words(question, value, reading: Reading) -> str:
    """One stored value as a person reads it."""
    if value in (None, "", []):
        return ""
    if question.type in ("choice", "multi_choice"):
        words = {option.value: pick(option.label) for option in question.options}
        chosen = value if isinstance(value, list) else [value]
        text = _(", ").join(words.get(one, str(one)) for one in chosen)
    elif question.type == "yes_no":
        text = pgettext("answer", "Yes") if value else pgettext("answer", "No")
    elif question.type == "money":
        text = shown_money(Decimal(value))
    elif question.type == "number":
        text = " ".join(filter(None, [f"{Decimal(str(value)):,f}", pick(question.unit)]))
    elif question.type == "date":
        text = day(date.fromisoformat(value))
    elif question.type == "region":
        text = reading.places.get(value, value)
    else:
        text = str(value)
    return masked(question, text) if _is_personal(question) and not reading.unmask else text


def answer_of(question, value, reading: Reading) -> Answer:
    """A stored value with its label, ready for `forms/answers.html`."""
    answer = Answer(question.key, pick(question.label))
    if question.type == "attachment":
        answer.files = [reading.files[one] for one in value or [] if one in reading.files]
    elif question.type == "repeat":
        answer.head = [pick(cell.label) for cell in question.cells]
        answer.rows = [
            [in_words(cell, row.get(cell.key), reading) for cell in question.cells]
            for row in value or []
        ]
        personal = any(_is_personal(cell) for cell in question.cells)
        answer.is_masked = personal and bool(answer.rows) and not reading.unmask
    else:
        answer.text = in_words(question, value, reading)
        answer.is_masked = bool(answer.text) and _is_personal(question) and not reading.unmask
        answer.is_long = question.type == "textarea"
    return answer


def typed_text(question, value) -> str:
    """An answer as it was typed, right or wrong, for the person who typed it."""
    if question.type == "yes_no" and isinstance(value, str):
        value = {"yes": True, "no": False}.get(value, "")
    if question.type == "repeat" and isinstance(value, list):
        rows = [row for row in value if isinstance(row, dict)]
        return "; ".join(_(", ").join(str(cell) for cell in row.values() if cell) for row in rows)
    names = places.full_names({value}) if question.type == "region" and value else {}
    try:
        return in_words(question, value, Reading(unmask=True, places=names)) or _("(empty)")
    except (ArithmeticError, ValueError, TypeError):
        return str(value)


def _codes(form: Form, values: dict) -> set[str]:
    return {
        values[question.key]
        for question in form.questions()
        if question.type == "region" and isinstance(values.get(question.key), str)
    }


def sections(
    form: Form, values: dict, reading: Reading, *, only_filled: bool = True
) -> list[Section]:
    """All answers page by page; pages without one are left out."""
    found = []
    for page in form.pages:
        answers = [
            answer_of(question, values.get(question.key), reading)
            for question in page.fields
            if question.type != "note" and (not only_filled or values.get(question.key) is not None)
        ]
        if answers:
            found.append(Section(page.key, pick(page.title), answers))
    return found


def answers(record, *, unmask: bool = False) -> list[Section]:
    """A record for reading. `unmask` shows personal numbers: the caller writes the audit row."""
    form, values = selectors.form_of(record), selectors.plain_values(record)
    files = {}
    if any(
        question.type == "attachment" and values.get(question.key) for question in form.questions()
    ):
        files = selectors.files_of(record)
    reading = Reading(unmask, places.full_names(_codes(form, values)), files)
    found = sections(form, values, reading)
    _say_sources(found, form, record, unmask=unmask)
    _say_who(found, form, record)
    return found


def _say_who(found: list[Section], form: Form, record) -> None:
    """Which sections an invited person filled in, and when."""
    if not record.parts:
        return
    names = selectors.names_of({one["user"] for one in record.parts.values()})
    for key, one in record.parts.items():
        part = form.part(key)
        said = _("Filled in by %(name)s, confirmed %(when)s") % {
            "name": names.get(one["user"], "—"),
            "when": moment(datetime.fromisoformat(one["at"])),
        }
        for section in found:
            if part is not None and section.key in part.pages:
                section.by = said


def _say_sources(found: list[Section], form: Form, row, *, unmask: bool) -> None:
    """Where answers come from, and what the person says is wrong with it."""
    contests = selectors.contests_of(row)
    for answer in (answer for section in found for answer in section.answers):
        facts, contest = row.sources.get(answer.key), contests.get(answer.key)
        answer.source = source_words({**facts, "locked": True}) if facts else ""
        if contest is not None:
            question = form.question(answer.key)
            hide = _is_personal(question) and not unmask
            given = masked(question, contest.given) if hide else contest.given
            answer.contest = {"given": given, "reason": HIDDEN if hide else contest.reason}


def answer_texts(records, field_keys: list[str]) -> list[dict[str, str]]:
    """The given answers of many records as words, personal ones masked; for tables.

    Constant queries for any number of records (load them with `napp_version`).
    """
    records = list(records)
    opened = [(selectors.form_of(one), selectors.plain_values(one)) for one in records]
    codes = set().union(*(_codes(form, values) for form, values in opened)) if opened else set()
    ids = {
        file_id
        for form, values in opened
        for question in form.questions()
        if question.type == "attachment" and question.key in field_keys
        for file_id in values.get(question.key) or []
    }
    reading = Reading(places=places.full_names(codes), files=selectors.files_named(ids))
    return [
        {key: _one_line(form.question(key), values.get(key), reading) for key in field_keys}
        for form, values in opened
    ]


def _one_line(question, value, reading: Reading) -> str:
    if question is None or value is None:
        return ""
    answer = answer_of(question, value, reading)
    if answer.files:
        return _(", ").join(one.name for one in answer.files)
    return answer.text or "; ".join(_(", ").join(filter(None, row)) for row in answer.rows)


def answers_to_check(bound: BoundForm) -> list[Section]:
    """What the person is about to send, with what is still wrong or missing, for the check page.

    Nothing is masked: these are the person's own words, shown to be compared.
    """
    reading = Reading(
        unmask=True,
        places=places.full_names(_codes(bound.form, bound.cleaned)),
        files=bound.facts.files,
    )
    found = []
    closed = [page for page in bound.outcome.pages if page.key in bound.closed]
    hidden = {key for state in bound.waiting for key in state.part.pages}
    for page in [*bound.pages, *(page for page in closed if page.key not in hidden)]:
        shown = []
        for question in page.fields:
            if question.type == "note" or question.key not in bound.visible:
                continue
            if bound.only is not None and question.key not in bound.only:
                continue
            answer = answer_of(question, bound.cleaned.get(question.key), reading)
            answer.errors = [
                message
                for path, said in bound.errors.items()
                if path.partition("[")[0] == question.key
                for message in said
            ]
            shown.append(answer)
        is_closed = page.key in bound.closed
        found.append(Section(page.key, pick(page.title), shown, is_closed=is_closed))
    if bound.draft is not None:
        _say_sources(found, bound.form, bound.draft, unmask=True)
        for answer in (answer for section in found for answer in section.answers):
            # What the person has changed since is theirs.
            answer.source = answer.source if answer.key in bound.sources else ""
    return found


def display_texts(question, value, *, unmask: bool = True) -> dict[str, str]:
    """A stored value in both languages: {"zh": …, "en": …}, for documents that freeze it."""
    found = {}
    for language, code in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(code):
            names = places.full_names({value}) if question.type == "region" else {}
            reading = Reading(unmask, names)
            if question.type == "repeat":
                table = answer_of(question, value, reading)
                found[language] = "\n".join(_(", ").join(filter(None, row)) for row in table.rows)
            else:
                found[language] = in_words(question, value, reading)
    return found
