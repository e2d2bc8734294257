"""The manifest section "documents", checked against the forms and decisions beside it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.napps.changes import register_wording
from platform_core.napps.manifest import Manifest, Section, entries, register_section

from .definition import Template
from .placeholders import ANSWERS, DECISIONS, has_stray_braces, names_in, sample_facts


def check(manifest: Manifest, templates: list[Template]) -> Iterable[tuple]:
    """Every name must be one that somebody fills in, every field one of the template's form."""
    forms = {form.key: form for form in manifest.section("forms")}
    outputs = decision_outputs(manifest)
    for at, template in enumerate(templates):
        form = forms.get(template.form)
        if template.form is not None and form is None:
            message = _("The manifest has no form “%(key)s”.") % {"key": template.form}
            yield (at, "form"), message
            continue
        yield from _check_names(at, template, form, outputs)
        yield from _check_fields(at, template, form)


def decision_outputs(manifest: Manifest) -> set[str]:
    """The names "decisions.<table>.<output>" of the manifest's decision tables."""
    return {
        f"{DECISIONS}{table.key}.{output.key}"
        for table in manifest.section("decisions")
        for output in getattr(table, "outputs", ())
    }


def _check_names(at: int, template: Template, form, outputs: set[str]) -> Iterable[tuple]:
    known = set(sample_facts()) | outputs
    if form is not None:
        known |= {f"{ANSWERS}{question.key}" for question in form.questions()}
    for path, text in template.texts():
        if has_stray_braces(text):
            yield (at, *path), _("Braces may only hold a name, like {number} or {answers.name}.")
        for name in sorted(names_in(text) - known):
            yield (at, *path), _unknown(name, known, template)


def _unknown(name: str, known: set[str], template: Template) -> str:
    if name.startswith(ANSWERS) and template.form is None:
        return _("“%(name)s” needs the key “form”: the form whose answers are stated.") % {
            "name": name
        }
    return _("Nobody fills in “%(name)s”. Known: %(names)s.") % {
        "name": name,
        "names": ", ".join(sorted(known)),
    }


def _check_fields(at: int, template: Template, form) -> Iterable[tuple]:
    for path, key in template.asked_fields():
        question = form.question(key) if form else None
        wants_table = path[-1] == "field"
        if question is None:
            message = _("The form “%(form)s” has no field “%(key)s”.")
            yield (at, *path), message % {"form": template.form or "—", "key": key}
        elif wants_table and question.type != "repeat":
            yield (at, *path), _("“%(key)s” is no table.") % {"key": key}
        elif question.type == "attachment":
            yield (at, *path), _("A file cannot be printed.")


register_section(Section("documents", entries(Template), check=check))
register_wording("documents", gettext_lazy("Documents"))
