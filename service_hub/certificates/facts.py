"""What a case adds to its documents, and the names under which templates ask for it."""

from django.utils import timezone

from platform_core.capabilities import decisions
from platform_core.capabilities.decisions.wording import shown_value
from platform_core.capabilities.documents.freezing import Answered
from platform_core.capabilities.documents.languages import days
from platform_core.capabilities.documents.placeholders import DECISIONS, register_facts
from platform_core.capabilities.forms import selectors as forms
from service_hub.cases.models import Case
from service_hub.cases.numbers import grouped

from .selectors import decided_in

SAMPLES = {
    "case_number": {"zh": "1133010600…0001", "en": "1133010600…0001"},
    "service": {"zh": "老年人优待证", "en": "Pass for people from 60"},
    "submitted_on": {"zh": "2026年4月30日", "en": "30 April 2026"},
    "accepted_on": {"zh": "2026年5月6日", "en": "6 May 2026"},
    "closed_on": {"zh": "2026年5月8日", "en": "8 May 2026"},
    "due_on": {"zh": "2026年5月20日", "en": "20 May 2026"},
    "opinion": {"zh": "材料齐全，符合条件。", "en": "Complete; the conditions are met."},
    "note": {"zh": "请补交租房合同的签字页。", "en": "Please add the signed page of the lease."},
    "to_organ": {"zh": "杭州市余杭区住房公积金管理中心", "en": "Housing fund centre of Yuhang"},
    "asked_fields": {"zh": "租房合同、租金", "en": "Lease, rent"},
}


def facts_of(case: Case, **more) -> dict:
    """The facts of a case by name; `more` are those of the moment, such as the opinion."""
    return {
        "case_number": grouped(case.number),
        "service": case.item.title,
        "submitted_on": _day(case.submitted_at),
        "accepted_on": _day(case.accepted_at),
        "closed_on": _day(case.decided_at or case.closed_at),
        "due_on": _day(case.promise_due_at),
        "opinion": (case.result or {}).get("opinion", ""),
        **more,
    }


def _day(moment) -> dict[str, str]:
    return days(timezone.localdate(moment) if moment else None)


def decision_facts(case: Case, template) -> dict[str, dict[str, str]]:
    """What decision tables said in the case, as far as the template asks for it."""
    asked = {name for name in template.names() if name.startswith(DECISIONS)}
    if not asked:
        return {}
    tables, said = decisions.decisions_of(case.napp_version), decided_in(case)
    found = {}
    for name in asked:
        _prefix, key, output = name.split(".")
        column = tables[key].output(output) if key in tables else None
        value = said.get(key, {}).get(output)
        if column is not None and value is not None:
            found[name] = {one: shown_value(column, value, one) for one in ("zh", "en")}
    return found


def answered_in(case: Case) -> Answered:
    """The form of a case with its answers."""
    return Answered(forms.form_of(case.record), forms.plain_values(case.record))


def names_of_fields(case: Case, keys) -> dict[str, str]:
    """The labels of some fields of the case's form, as a list in both languages."""
    form = forms.form_of(case.record)
    labels = [question.label for key in keys if (question := form.question(key)) is not None]
    return {
        "zh": "\u3001".join(label.zh for label in labels),
        "en": ", ".join(label.en for label in labels),
    }


register_facts(SAMPLES)
