"""What a request to correct something wants, and how it is carried out. Called inside the
services' transactions.
"""

from __future__ import annotations

import json

from django.http import Http404
from django.utils.translation import gettext as _

from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms.models import Record
from platform_core.capabilities.forms.privacy import is_sensitive
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.identifiers import mask_numbers
from security.privacy import declared_fields
from service_hub.cases.models import Case
from service_hub.cases.services import correct_applicant
from service_hub.certificates.services import reissue_certificate

from . import answers
from .data import corrector_of, datum_of, named_in_both, row_of
from .holdings import model_of
from .models import DataRequest


def describe(actor, table: str, row_id: str, field: str, typed) -> dict:
    """The columns of a request for this wish of the actor. Raises Http404 for what does not hold
    them, NotAllowed with the reason why it stays, Unusable at "wished".
    """
    row = _row(actor.user, table, row_id)
    datum = datum_of(actor.user, row, field)
    if datum.why_not:
        raise NotAllowed(datum.why_not)
    value = _checked(actor, row, field, typed)
    return {
        "table": table,
        "row": str(row.pk),
        "field": field,
        "what": named_in_both(actor.user, row, field),
        "before": _kept(row, field, datum.value),
        "wished": _kept(row, field, value),
    }


def _row(user, table: str, row_id: str):
    model = model_of(table)
    if model is None:
        raise Http404
    return row_of(user, model, row_id)


def _checked(actor, row, field: str, typed):
    if isinstance(row, Record):
        return answers.checked(row, field, typed, actor=actor)
    value = corrector_of(row._meta.label).check(row, field, typed)
    if value == getattr(row, field):
        raise Unusable({"wished": [str(answers.SAME)]})
    return value


def _kept(row, field: str, value) -> str:
    if isinstance(row, Record):
        words = answers.in_both(row, field, value)
    else:
        shown = corrector_of(row._meta.label).shown
        words = value if isinstance(value, dict) else {"zh": shown(value), "en": shown(value)}
    return json.dumps({"value": value, **words}, ensure_ascii=False, default=str)


def opened(request: DataRequest) -> tuple[dict, dict]:
    """(how it stood, how it should stand), each {"value", "zh", "en"}; empty where nothing was
    named.
    """
    return tuple(json.loads(text) if text else {} for text in (request.before, request.wished))


def carry_out(actor, request: DataRequest) -> dict:
    """Change the datum at its source. Gives the outcome: {"document"} when one was issued anew.

    Raises Conflict when the entry is gone, no longer may be changed, or says something else since.
    """
    before, wished = opened(request)
    try:
        row = _row(request.person, request.table, request.row)
        datum = datum_of(request.person, row, request.field)
    except Http404:
        raise Conflict(
            _("The entry is not there any more. Refuse the request and say so.")
        ) from None
    if datum.why_not:
        raise Conflict(datum.why_not)
    if json.loads(json.dumps(datum.value, default=str)) != before["value"]:
        raise Conflict(_("The entry was changed after the request. Refuse it and say so."))
    try:
        return _write(actor, request, row, wished["value"])
    except Unusable as error:
        said = " ".join(message for messages in error.errors.values() for message in messages)
        raise Conflict(said) from None


def _write(actor, request: DataRequest, row, value) -> dict:
    if not isinstance(row, Record):
        corrector_of(request.table).write(
            actor=actor, row=row, field=request.field, value=value, reason=request.text
        )
        return {}
    case = Case.objects.select_for_update(of=("self",)).filter(record=row).first()
    before = opened(request)[0]["value"]
    answers.write(actor=actor, record=row, key=request.field, value=value, reason=request.text)
    if case and answers.names_the_applicant(row, request.field):
        correct_applicant(actor=actor, case=case, before=before, name=value)
    issued = case and reissue_certificate(
        actor=actor, case=case, reason=_("An answer that it rests on was corrected.")
    )
    return {"document": issued.number} if issued else {}


def told(request: DataRequest, language: str) -> str:
    """What changed from what to what, for the message to the person; numbers masked and nothing
    sensitive said, because it may leave by e-mail or text.
    """
    before, wished = opened(request)
    facts = {
        "what": request.what[language],
        "old": mask_numbers(before[language]),
        "new": mask_numbers(wished[language]),
    }
    said = _("“%(what)s” was changed from “%(old)s” to “%(new)s”.") % facts
    if _is_sensitive(request):
        said = _("“%(what)s” was corrected.") % facts
    if request.outcome.get("document"):
        issued = _("The certificate was issued anew, with the number %(number)s.")
        said += " " + issued % {"number": request.outcome["document"]}
    return said


def _is_sensitive(request: DataRequest) -> bool:
    model = model_of(request.table)
    if model is not Record:
        return declared_fields(model).get(request.field) == "sensitive"
    form = forms.form_of(Record.objects.select_related("napp_version").get(pk=request.row))
    return is_sensitive(form.question(request.field))


def forget_copies(record: Record, key: str) -> None:
    """Decided requests to correct an answer that was deleted keep that it was asked, not what."""
    decided = DataRequest.objects.filter(table=Record._meta.label, row=str(record.pk), field=key)
    for one in decided.exclude(state__in=DataRequest.OPEN).select_for_update():
        one.before = one.wished = json.dumps({"value": None, "zh": "", "en": ""})
        one.save(update_fields=["before", "wished"])
