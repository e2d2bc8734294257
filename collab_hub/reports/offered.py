"""Where values of a field may come from: people, records of N-apps, registered data sets."""

from __future__ import annotations

from django.utils.translation import gettext as _

from platform_core.capabilities.rules import sources_for
from platform_core.common.i18n import pick
from platform_core.napps.selectors import current_manifest, reachable_napps

from .dictionary import AMOUNTS


def source_choices() -> dict[str, tuple[str, dict]]:
    """{key: (words, source as a field keeps it)}, people first."""
    found = {"manual": (_("People fill it in"), {"kind": "manual"})}
    for napp in reachable_napps().select_related("current"):
        for form in current_manifest(napp).section("forms"):
            found |= _of_form(napp, form)
    for one in sources_for(None):
        for column, about in one.columns.items():
            for by, words in (("organ", _("by organ")), ("region", _("by region"))):
                source = {"kind": "dataset", "name": one.name, "column": column, "by": by}
                label = f"{pick(one.label)} · {pick(about.label)} · {words}"
                found[f"dataset.{one.name}.{column}.{by}"] = (label, source)
    return found


def _of_form(napp, form) -> dict:
    base = {"kind": "records", "napp": napp.slug, "form": form.key}
    title = f"{pick(napp.title)} · {pick(form.title)}"
    counted = {**base, "what": "count", "question": None}
    found = {f"records.{napp.slug}.{form.key}": (f"{title} · {_('number of records')}", counted)}
    for question in form.questions():
        if question.type in AMOUNTS:
            words = _("sum of “%(question)s”") % {"question": pick(question.label)}
            source = {**base, "what": "sum", "question": question.key}
            found[f"records.{napp.slug}.{form.key}.{question.key}"] = (f"{title} · {words}", source)
    return found
