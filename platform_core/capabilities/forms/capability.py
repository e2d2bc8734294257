"""The manifest section "forms": what pydantic cannot see is checked here."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from platform_core.capabilities.rules import Known
from platform_core.napps.manifest import Section, entries, register_section
from platform_core.napps.selectors import version_manifest

from .checks import Names, check_checks, check_circles, check_declared, check_field, check_rule
from .compound import PARTS
from .registers import check_registers
from .ruling import kind_of
from .schema import MAX_FIELDS, Form
from .sources import check_prefill
from .tombstones import check_history

MAX_INPUTS = 1800  # settings.DATA_UPLOAD_MAX_NUMBER_FIELDS less what the page itself adds
RESERVED = {"csrfmiddlewaretoken"}


def known_field(field) -> Known:
    """What a rule may know of `field`."""
    options = tuple(option.value for option in getattr(field, "options", ()))
    cells = {cell.key: known_field(cell) for cell in getattr(field, "cells", ())}
    return Known(kind_of(field), options, cells)


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
    known = Names(earlier, manifest)
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
        yield from check_rule(page.show_if, known, (*here, "show_if"))
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
            yield from check_rule(field.show_if, known, (*place, "show_if"))
            if field.type != "note":
                yield from check_field(field, place, known)
                yield from check_declared(form, field, place)
                earlier[field.key] = known_field(field)
    yield from check_circles(form)
    yield from check_checks(form.checks, known, ("checks",))


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
            elif any(field.type in ("attachment", "signature") for field in page.fields):
                yield (number, "pages", position), _("Files cannot be asked of an invited person.")
            taken.add(key)
    if form.parts and taken >= {page.key for page in form.pages}:
        yield (), _("The applicant needs a page of their own.")


def _inputs(page) -> int:
    """How many values a browser sends for a page whose tables are full."""
    composed = sum(len(PARTS.get(field.type, ())) for field in page.fields)
    tables = [field for field in page.fields if field.type == "repeat"]
    return 3 * len(page.fields) + composed + sum(t.max_rows * _row_inputs(t) for t in tables)


def _row_inputs(table) -> int:
    boxes = [len(cell.options) for cell in table.cells if cell.type == "multi_choice"]
    return len(table.cells) - len(boxes) + sum(boxes)


def forms_of(napp_version) -> dict[str, Form]:
    """The forms of a manifest version by key."""
    return {form.key: form for form in version_manifest(napp_version).section("forms")}


register_section(
    Section(key="forms", model=entries(Form), check=check_forms, check_history=check_history)
)
