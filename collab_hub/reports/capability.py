"""The manifest section "reports": checked in itself, published as entries of the dictionary."""

from collections.abc import Iterator
from types import SimpleNamespace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.napps.changes import register_wording
from platform_core.napps.manifest import Section, register_section
from security.actors import Actor

from .checks import read_check
from .dictionary import AMOUNTS, wrong_terms
from .dictionary_services import publish_declared
from .schema import Reports


def check_reports(manifest, reports: Reports) -> Iterator[tuple[tuple, str]]:
    """Names that lead nowhere, terms that contradict one another and formulas that are none, as
    (path, message).
    """
    keys = [field.key for field in reports.fields]
    for index, field in enumerate(reports.fields):
        if field.key in keys[:index]:
            yield (
                ("fields", index, "key"),
                _("The key “%(key)s” is given twice.") % {"key": field.key},
            )
        terms = field.model_dump()
        for name, message in wrong_terms(terms).items():
            yield ("fields", index, name), message
        if field.source.kind == "records":
            yield from _check_records(manifest, index, field.source)
    for index, template in enumerate(reports.templates):
        if template.key in [one.key for one in reports.templates[:index]]:
            message = _("The key “%(key)s” is given twice.") % {"key": template.key}
            yield ("templates", index, "key"), message
        for number, key in enumerate(template.fields):
            if key in template.fields[:number]:
                message = _("The key “%(key)s” is given twice.") % {"key": key}
                yield ("templates", index, "fields", number), message
            if key not in keys:
                message = _("There is no field “%(key)s”.") % {"key": key}
                yield ("templates", index, "fields"), message
        versions = [
            SimpleNamespace(field=SimpleNamespace(code=one.key), kind=one.kind)
            for one in reports.fields
            if one.key in template.fields
        ]
        for number, one in enumerate(template.checks):
            try:
                read_check(one.formula, one.says.model_dump(), versions)
            except ValueError as error:
                yield ("templates", index, "checks", number), str(error)


def _check_records(manifest, index: int, source) -> Iterator[tuple[tuple, str]]:
    form = next((one for one in manifest.section("forms") if one.key == source.form), None)
    if form is None:
        yield ("fields", index, "source"), _("There is no form “%(key)s”.") % {"key": source.form}
        return
    kinds = {one.key: one.type for one in form.questions()}
    if source.question and kinds.get(source.question) not in AMOUNTS:
        words = _("“%(key)s” is no number of the form “%(form)s”.")
        values = {"key": source.question, "form": source.form}
        yield ("fields", index, "source", "question"), words % values


def publish(napp_version, reports) -> None:
    publish_declared(
        actor=Actor.system("publication"), napp_version=napp_version, reports=reports or None
    )


register_section(Section(key="reports", model=Reports, check=check_reports, publish=publish))
register_wording("reports", gettext_lazy("Reports"))
