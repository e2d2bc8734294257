"""The data of one entry, each by its name, with how it stands and whether it may be corrected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from platform_core.capabilities.forms.models import Record
from platform_core.common.i18n import pick
from platform_core.common.templatetags.ui import day
from security.identifiers import mask_numbers
from security.privacy import declared_fields, way_of
from security.privacy.corrections import CHANGE, WAYS

from . import answers
from .holdings import held_fields, rows_of, title_of

ENGLISH, CHINESE = "en", "zh-hans"
# For columns that the admin pages never show and that have no name of their own.
FIELD_NAMES = {
    "address": _("Address"),
    "addition": _("Added later"),
    "answer": _("Answer"),
    "answer_again": _("Second answer"),
    "answers": _("Answers"),
    "contact": _("Number to call back"),
    "content": _("What it says"),
    "draft": _("Draft of the answer"),
    "errors": _("Faults found"),
    "facts": _("Facts"),
    "filled": _("What was filled in"),
    "follow_code": _("Follow-up code"),
    "later_text": _("Second rating in words"),
    "note": _("Note"),
    "params": _("Facts"),
    "rivals": _("Answers to choose from"),
    "state": _("State"),
    "text_again": _("Second question"),
    "before": _("How it stood"),
    "wished": _("How it should stand"),
    "data": _("Answers"),
}


@dataclass(frozen=True)
class Datum:
    """One thing that is held: where it stands, its name, its value in words for its person, and why
    it may not be corrected ("" when it may).
    """

    table: str
    row: str
    field: str
    name: str
    shown: str
    why_not: str
    value: object = None

    @property
    def address(self) -> str:
        """Table, field and entry in one line, as an official looks it up."""
        return f"{self.table} · {self.field} · {self.row[:8]}"


@dataclass(frozen=True)
class Corrector:
    """How the columns of a table are corrected. `check(row, field, typed)` gives the value to keep
    or raises Unusable at "wished"; `write(actor=, row=, field=, value=, reason=)` changes it;
    `shown` says a value in words; `why_not(row)` says what stands in the way of this entry.
    """

    check: Callable
    write: Callable
    shown: Callable = str
    why_not: Callable = lambda row: ""


_correctors: dict[str, Corrector] = {}


def register_corrector(label: str, corrector: Corrector) -> None:
    """Say how a table is corrected whose model declares the way "change"."""
    _correctors[label] = corrector


def corrector_of(table: str) -> Corrector | None:
    """The corrector of a table; None for answers to forms and for what nobody corrects."""
    return _correctors.get(table)


def row_of(user, model, row_id: str):
    """The entry when it holds this person, else Http404."""
    rows = rows_of(model, user)
    try:
        return rows.get(pk=row_id) if rows is not None else _none()
    except (model.DoesNotExist, ValidationError, ValueError, TypeError, OverflowError):
        _none()


def _none():
    raise Http404


def data_of(user, row) -> list[Datum]:
    """Everything that an entry holds of the person, in the reader's language."""
    if isinstance(row, Record):
        return [_answer(row, one) for one in answers.answers_of(user, row)]
    return [_column(row, name) for name in held_fields(type(row))]


def _answer(record: Record, one: answers.Held) -> Datum:
    label = record._meta.label
    return Datum(label, str(record.pk), one.key, one.name, one.shown, str(one.why_not), one.value)


def _column(row, name: str) -> Datum:
    model, value = type(row), getattr(row, name)
    way = way_of(model, name)
    corrector = _correctors.get(model._meta.label)
    why_not = str(WAYS[way]) if way != CHANGE else str(corrector.why_not(row)) if corrector else ""
    shown = corrector.shown(value) if corrector and way == CHANGE else _words(value)
    if declared_fields(model).get(name) == "sensitive":
        shown = mask_numbers(shown)
    field_name = FIELD_NAMES.get(name) if _is_nameless(model, name) else None
    called = capfirst(field_name or model._meta.get_field(name).verbose_name)
    return Datum(model._meta.label, str(row.pk), name, called, shown, why_not, value)


def _is_nameless(model, name: str) -> bool:
    return str(model._meta.get_field(name).verbose_name) == name.replace("_", " ")


def _words(value) -> str:
    if isinstance(value, dict) and set(value) == {"zh", "en"}:
        return pick(value)
    if isinstance(value, dict | list):
        return answers.as_lines(value)
    return day(value) if hasattr(value, "year") else str(value or "")


def datum_of(user, row, field: str) -> Datum:
    """One datum by its field, else Http404."""
    return next((one for one in data_of(user, row) if one.field == field), None) or _none()


def named_in_both(user, row, field: str) -> dict[str, str]:
    """Entry and datum by name: {"zh", "en"}."""
    found = {}
    for key, language in (("zh", CHINESE), ("en", ENGLISH)):
        with override(language):
            found[key] = f"{title_of(row)} · {datum_of(user, row, field).name}"
    return found
