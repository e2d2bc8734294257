"""A template filled with sample data, so that whoever publishes it sees it as it will be."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from platform_core.capabilities.forms.capability import forms_of

from . import typesetting
from .definition import ANY_REGION, Template
from .freezing import Answered, frozen
from .languages import days, in_both
from .numbers import ALPHABET, CODE_LENGTH, OPEN, certificate_number, official_number, word_for
from .placeholders import DECISIONS, sample_facts

ON = date(2026, 5, 6)
CODE = ALPHABET[-1] * CODE_LENGTH
ORGAN = "11330106002500287C"
REGION = ANY_REGION
TYPED = {
    "number": "12",
    "money": "3200.00",
    "date": "2026-05-06",
    "yes_no": True,
    "citizen_number": "11010519491231002X",
    "mobile": "13800002046",
    "credit_code": "91350100M000100Y43",
    "email": "ning@example.org",
    "region": "330106",
    "working_day": "2026-05-06",
    "datetime": "2026-05-06T10:30",
    "time": "10:30",
    "address": {"region": "330106", "street": "1"},
    "location": {"text": "1"},
    "signature": {"name": "Chen Ning"},
}


def sample_pdf(napp_version, template: Template) -> bytes:
    """The PDF of a template with sample data, marked as a sample on every page. Raises
    Unprintable, or Conflict when the template's own words are far too many.
    """
    form = forms_of(napp_version).get(template.form)
    until = ON + timedelta(days=template.valid_days - 1) if template.valid_days else None
    number = sample_number(template)
    facts = sample_facts() | _of_decisions(template)
    facts |= {"number": number, "issued_on": days(ON), "valid_until": days(until)}
    answered = Answered(form, sample_answers(form)) if form else None
    job = typesetting.print_job(
        frozen(template, facts, answered, issued_on=ON, valid_until=until),
        number=number,
        address=typesetting.public_address("/verify/"),
        code=CODE,
        stamp={"line": in_both(lambda: _("Sample: it has no effect.")), "mark": _("Sample")},
    )
    return typesetting.typeset(job, moment=1_778_000_000)


def sample_number(template: Template) -> str:
    """A number as the template would give it."""
    scheme = template.number
    if scheme.scheme == "official":
        return official_number(word=word_for(scheme.word, REGION), year=ON.year, serial=1)
    return certificate_number(type_owner=ORGAN, type_code=scheme.type_code, issuer=ORGAN, serial=1)


def sample_answers(form) -> dict:
    """An answer for every question of a form."""
    return {question.key: _sample(question) for question in form.questions()}


def _sample(question):
    if question.type == "repeat":
        return [{cell.key: _sample(cell) for cell in question.cells} for _row in range(2)]
    if question.type == "attachment":
        return []
    if question.type in ("choice", "multi_choice"):
        value = question.options[0].value
        return [value] if question.type == "multi_choice" else value
    kind = question.result if question.type == "computed" else question.type
    return TYPED.get(kind, f"{OPEN}{question.label.zh}{chr(ord(OPEN) + 1)}")


def _of_decisions(template: Template) -> dict:
    return {name: name for name in template.names() if name.startswith(DECISIONS)}
