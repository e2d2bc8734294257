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

from . import directory, places, selectors
from .binding import BoundForm
from .cleaning import shown_money
from .engine import key_of
from .history import changes_of
from .ruling import total_of
from .schema import Form, answered, named_values
from .sources import source_words
from .uploads import files_in

MASKS = {
    "citizen_number": identifiers.mask_citizen_number,
    "mobile": identifiers.mask_mobile,
    "credit_code": identifiers.mask_credit_code,
}
HIDDEN = "••••••"


@dataclass
class Answer:
    """One answer as shown: `files` for attachments, `head`, `rows` and `foot` (the totals) for
    tables, else `text`; a drawn signature has both text and file.
    """

    key: str
    label: str
    text: str = ""
    is_masked: bool = False
    is_long: bool = False
    files: list = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    source: str = ""
    # What is held instead of this answer, in words.
    spared: str = ""
    contest: dict | None = None
    changes: list = field(default_factory=list)

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
    departments: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
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
    if value in (None, "", [], {}):
        return ""
    kind = question.result if question.type == "computed" else question.type
    text = WORDS[kind](question, value, reading) if kind in WORDS else str(value)
    return masked(question, text) if _is_personal(question) and not reading.unmask else text


def _chosen(question, value, reading: Reading) -> str:
    words = {option.value: pick(option.label) for option in question.options}
    chosen = value if isinstance(value, list) else [value]
    return _(", ").join(words.get(one, str(one)) for one in chosen)


def _number(question, value, reading: Reading) -> str:
    return " ".join(filter(None, [f"{Decimal(str(value)):,f}", pick(question.unit)]))


def _moment(question, value, reading: Reading) -> str:
    return f"{day(date.fromisoformat(value[:10]))} {value[11:]}"


def _address(question, value, reading: Reading) -> str:
    return " · ".join([reading.places.get(value["region"], value["region"]), value["street"]])


def _location(question, value, reading: Reading) -> str:
    """The words first; coordinates are read north before east, as on maps."""
    point = ""
    if value.get("lng"):
        words = {"lng": value["lng"], "lat": value["lat"]}
        point = _("%(lat)s° N, %(lng)s° E (WGS-84)") % words
    return " · ".join(filter(None, [value.get("text", ""), point]))


def _signed(question, value, reading: Reading) -> str:
    how = _("signed by hand") if value.get("file") else _("declared")
    return _("%(name)s (%(how)s)") % {"name": value.get("name", ""), "how": how}


WORDS = {
    "choice": _chosen,
    "multi_choice": _chosen,
    "yes_no": lambda question, value, reading: (
        pgettext("answer", "Yes") if value else pgettext("answer", "No")
    ),
    "money": lambda question, value, reading: shown_money(Decimal(value)),
    "number": _number,
    "date": lambda question, value, reading: day(date.fromisoformat(value)),
    "working_day": lambda question, value, reading: day(date.fromisoformat(value)),
    "datetime": lambda question, value, reading: (
        f"{day(date.fromisoformat(value[:10]))} {value[11:]}"
    ),
    "region": lambda question, value, reading: reading.places.get(value, value),
    "department": lambda question, value, reading: reading.departments.get(value, value),
    "person": lambda question, value, reading: reading.people.get(value, value),
    "address": _address,
    "location": _location,
    "signature": _signed,
}


def answer_of(question, value, reading: Reading) -> Answer:
    """A stored value with its label, ready for `forms/answers.html`."""
    answer = Answer(question.key, pick(question.label))
    if question.type == "attachment":
        answer.files = [reading.files[one] for one in value or [] if one in reading.files]
    elif question.type == "repeat":
        _table(answer, question, value or [], reading)
    else:
        answer.text = in_words(question, value, reading)
        answer.is_masked = bool(answer.text) and _is_personal(question) and not reading.unmask
        answer.is_long = question.type == "textarea"
        if not answer.is_masked:
            ids = files_in(question, value) if question.type == "signature" else []
            answer.files = [reading.files[one] for one in ids if one in reading.files]
    return answer


def _table(answer: Answer, question, rows: list, reading: Reading) -> None:
    answer.head = [pick(cell.label) for cell in question.cells]
    answer.rows = [
        [in_words(cell, row.get(cell.key), reading) for cell in question.cells] for row in rows
    ]
    if rows and question.totals:
        answer.foot = totals(question, rows, reading)
    personal = any(_is_personal(cell) for cell in question.cells) or question.sensitive
    answer.is_masked = bool(personal and answer.rows and not reading.unmask)


def totals(question, rows: list[dict], reading: Reading) -> list[str]:
    """The foot of a table, cell by cell; empty where nothing is summed."""
    return [
        in_words(cell, total_of(cell, rows), reading) if cell.key in question.totals else ""
        for cell in question.cells
    ]


def typed_text(question, value) -> str:
    """An answer as it was typed, right or wrong, for the person who typed it."""
    if question.type == "yes_no" and isinstance(value, str):
        value = {"yes": True, "no": False}.get(value, "")
    if question.type == "repeat" and isinstance(value, list):
        rows = [row for row in value if isinstance(row, dict)]
        return "; ".join(_(", ").join(str(cell) for cell in row.values() if cell) for row in rows)
    try:
        return in_words(question, value, reading_of(answered(question, value))) or _("(empty)")
    except (ArithmeticError, AttributeError, KeyError, ValueError, TypeError):
        if isinstance(value, dict):
            return " · ".join(str(part) for part in value.values() if part) or _("(empty)")
        return str(value)


def reading_of(answered, *, unmask: bool = True, files=None) -> Reading:
    """What showing the (field, value) pairs needs: one query for each kind of name that occurs."""
    codes: dict[str, set[str]] = {"region": set(), "department": set(), "person": set()}
    for question, value in answered:
        if question.type == "address" and isinstance(value, dict):
            value = value.get("region")
        kind = "region" if question.type == "address" else question.type
        if kind in codes and isinstance(value, str) and value:
            codes[kind].add(value)
    return Reading(
        unmask,
        places.full_names(codes["region"]),
        directory.department_names(codes["department"]),
        directory.people_names(codes["person"]),
        files or {},
    )


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


def answers(record, *, unmask: bool = False, may_name: bool = False) -> list[Section]:
    """A record for reading. `unmask` shows personal numbers: the caller writes the audit row.

    `may_name` names the officials who corrected something, for their colleagues.
    """
    form, values = selectors.form_of(record), selectors.plain_values(record)
    named = any(files_in(question, values.get(question.key)) for question in form.questions())
    files = selectors.files_of(record) if named else {}
    pairs = list(named_values(form, values))
    for revision in selectors.revisions_of(record):
        pairs += named_values(form, selectors.revision_values(revision))
    reading = reading_of(pairs, unmask=unmask, files=files)
    found = sections(form, values, reading)
    _say_sources(found, form, record, unmask=unmask)
    _say_who(found, form, record)
    _say_changes(found, record, reading, may_name=may_name)
    return found


def _say_changes(found: list[Section], record, reading: Reading, *, may_name: bool) -> None:
    """What answers were before they were corrected."""

    def text(question, value) -> str:
        return _one_line(question, value, reading)

    changes = changes_of(record, text, may_name=may_name)
    for answer in (answer for section in found for answer in section.answers):
        answer.changes = changes.get(answer.key, [])


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
    pairs = [pair for form, values in opened for pair in named_values(form, values)]
    ids = {
        file_id
        for form, values in opened
        for question in form.questions()
        if question.key in field_keys
        for file_id in files_in(question, values.get(question.key))
    }
    reading = reading_of(pairs, unmask=False, files=selectors.files_named(ids))
    return [
        {key: _one_line(form.question(key), values.get(key), reading) for key in field_keys}
        for form, values in opened
    ]


def _one_line(question, value, reading: Reading) -> str:
    if question is None or value is None:
        return ""
    answer = answer_of(question, value, reading)
    if answer.files and not answer.text:
        return _(", ").join(one.name for one in answer.files)
    return answer.text or "; ".join(_(", ").join(filter(None, row)) for row in answer.rows)


def answers_to_check(bound: BoundForm) -> list[Section]:
    """What the person is about to send, with what is still wrong or missing, for the check page.

    Nothing is masked: these are the person's own words, shown to be compared.
    """
    reading = reading_of(named_values(bound.form, bound.cleaned), files=bound.facts.files)
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
                if key_of(path) == question.key
                for message in said
            ]
            answer.spared = pick(bound.exempt.get(question.key, {}).get("title"))
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
            reading = reading_of(answered(question, value), unmask=unmask)
            if question.type == "repeat":
                table = answer_of(question, value, reading)
                found[language] = "\n".join(_(", ").join(filter(None, row)) for row in table.rows)
            else:
                found[language] = in_words(question, value, reading)
    return found
