"""The manifest section "forms": what pydantic cannot see is checked here."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from platform_core.capabilities import rules
from platform_core.capabilities.rules import Known
from platform_core.napps.manifest import Section, register_section
from platform_core.napps.selectors import version_manifest

from .registers import check_registers
from .schema import MAX_FIELDS, Form, bound_day
from .sources import check_prefill
from .tombstones import check_history

RULE_KINDS = {
    "text": "text",
    "textarea": "text",
    "number": "number",
    "money": "number",
    "date": "date",
    "choice": "text",
    "multi_choice": "list",
    "yes_no": "bool",
    "citizen_number": "text",
    "credit_code": "text",
    "mobile": "text",
    "email": "text",
    "region": "text",
    "attachment": "list",
    "repeat": "rows",
}
MAX_INPUTS = 1800  # settings.DATA_UPLOAD_MAX_NUMBER_FIELDS less what the page itself adds
RESERVED = {"csrfmiddlewaretoken"}


def known_field(field) -> Known:
    """What a rule may know of `field`."""
    options = tuple(option.value for option in getattr(field, "options", ()))
    cells = {cell.key: known_field(cell) for cell in getattr(field, "cells", ())}
    return Known(RULE_KINDS[field.type], options, cells)


def known_fields(form: Form) -> dict[str, Known]:
    """All fields of `form` for `rules.check`: what conditions of processes may ask for."""
    return {field.key: known_field(field) for field in form.questions()}


def check_forms(manifest, forms: list[Form]) -> Iterator[tuple[tuple, str]]:
    """Problems of the section as (path, message)."""
    for index, form in enumerate(forms):
        for path, message in check_form(form, manifest):
            yield (index, *path), message
        for path, message in check_parts(form):
            yield (index, "parts", *path), message
    yield from check_prefill(forms)
    yield from check_registers(manifest, forms)


def check_form(form: Form, manifest=None) -> Iterator[tuple[tuple, str]]:
    """Names used twice, conditions over unknown or later fields, bounds that exclude everything."""
    seen: set[str] = set(RESERVED) | set(form.retired)
    pages: set[str] = set()
    earlier: dict[str, Known] = {}
    if len(form.all_fields()) > MAX_FIELDS:
        yield ("pages",), _("A form has at most %(n)s fields.") % {"n": MAX_FIELDS}
    for number, page in enumerate(form.pages):
        here = ("pages", number)
        if page.key in pages:
            yield (*here, "key"), _("The key “%(key)s” is given twice.") % {"key": page.key}
        pages.add(page.key)
        if _inputs(page) > MAX_INPUTS:
            yield (
                here,
                _("The tables of this page can grow larger than a browser may send at once."),
            )
        yield from _check_rule(page.show_if, earlier, here, manifest)
        for position, field in enumerate(page.fields):
            place = (*here, "fields", position)
            if field.key in form.retired:
                yield (
                    (*place, "key"),
                    _("The key “%(key)s” belonged to a removed field.") % {"key": field.key},
                )
            elif field.key in seen:
                yield (*place, "key"), _("The key “%(key)s” is given twice.") % {"key": field.key}
            seen.add(field.key)
            yield from _check_rule(field.show_if, earlier, place, manifest)
            if field.type != "note":
                yield from _check_field(field, place)
                earlier[field.key] = known_field(field)


def check_parts(form: Form) -> Iterator[tuple[tuple, str]]:
    """A part names pages of the form, each page belongs to one part, and somebody has the rest."""
    keys: set[str] = set()
    taken: set[str] = set()
    for number, part in enumerate(form.parts):
        if part.key in keys:
            yield (number, "key"), _("The key “%(key)s” is given twice.") % {"key": part.key}
        keys.add(part.key)
        for position, key in enumerate(part.pages):
            page = form.page(key)
            if page is None or key in taken:
                yield (number, "pages", position), _("A part names pages, each in one part only.")
            # Files belong to whoever sends them, and a record has one sender.
            elif any(field.type == "attachment" for field in page.fields):
                yield (number, "pages", position), _("Files cannot be asked of an invited person.")
            taken.add(key)
    if form.parts and taken >= {page.key for page in form.pages}:
        yield (), _("The applicant needs a page of their own.")


def _inputs(page) -> int:
    """How many values a browser sends for a page whose tables are full."""
    tables = [field for field in page.fields if field.type == "repeat"]
    return 3 * len(page.fields) + sum(field.max_rows * len(field.cells) for field in tables)


def _check_rule(
    tree, earlier: dict[str, Known], place: tuple, manifest
) -> Iterator[tuple[tuple, str]]:
    if tree is None:
        return
    for problem in rules.check(tree, earlier, manifest=manifest):
        where = f"{problem.path}: " if problem.path else ""
        yield (*place, "show_if"), f"{where}{problem.message}"


def _check_field(field, place: tuple) -> Iterator[tuple[tuple, str]]:
    if hasattr(field, "options"):
        yield from _check_options(field, place)
    for low, high in (("min_length", "max_length"), ("min_rows", "max_rows")):
        if hasattr(field, low) and getattr(field, low) > getattr(field, high):
            yield (*place, low), _("The lower bound is above the upper one.")
    if field.type in ("number", "money"):
        yield from _check_amounts(field, place)
    if field.type == "date":
        yield from _check_days(field, place)
    if field.type == "repeat":
        cells: set[str] = set()
        for index, cell in enumerate(field.cells):
            inner = (*place, "cells", index)
            if cell.key in cells:
                yield (*inner, "key"), _("The key “%(key)s” is given twice.") % {"key": cell.key}
            cells.add(cell.key)
            if cell.show_if or cell.prefill or cell.locked:
                yield inner, _("A cell of a table has neither a condition nor a source.")
            yield from _check_field(cell, inner)


def _check_options(field, place: tuple) -> Iterator[tuple[tuple, str]]:
    values = set()
    for index, option in enumerate(field.options):
        if option.value in values:
            yield (*place, "options", index, "value"), _("This answer is given twice.")
        values.add(option.value)
    if field.type == "multi_choice":
        most = field.max_choices or len(field.options)
        if field.min_choices > min(most, len(field.options)):
            yield (*place, "min_choices"), _("The lower bound is above the upper one.")


def _check_amounts(field, place: tuple) -> Iterator[tuple[tuple, str]]:
    if field.min is not None and field.max is not None and Decimal(field.min) > Decimal(field.max):
        yield (*place, "min"), _("The lower bound is above the upper one.")


def _check_days(field, place: tuple) -> Iterator[tuple[tuple, str]]:
    today = date(2026, 1, 1)
    for name in ("earliest", "latest"):
        bound = getattr(field, name)
        if bound is not None and bound_day(bound, today) is None:
            yield (*place, name), _("This is not a real day.")


def forms_of(napp_version) -> dict[str, Form]:
    """The forms of a manifest version by key."""
    return {form.key: form for form in version_manifest(napp_version).section("forms")}


register_section(
    Section(key="forms", model=list[Form], check=check_forms, check_history=check_history)
)
