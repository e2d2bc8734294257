"""Certificates as a source of forms: what one states need not be typed again.

`certificate.<napp>.<item>.<field>` is a statement of the newest valid certificate that the person,
or the firm acted for, holds of that service.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.models import Document
from platform_core.capabilities.documents.selectors import wallet_of
from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms.sources import Filled, on, register_prefill_source
from service_hub.cases.models import Case
from service_hub.cases.services import SUBJECT

from .templates import certificate_template


def find(actor, paths, _napp_version) -> dict[str, Filled]:
    """What the certificates of the applicant state, by path; two queries for all of them."""
    wanted = {tuple(path.split(".")[:2]) for path in paths}
    held = wallet_of(actor.applicant, actor.firm, "valid")
    held = list(held.filter(kind=Document.Kind.CERTIFICATE, subject_type=SUBJECT))
    cases = _cases(held, wanted) if held else {}
    found: dict[str, Filled] = {}
    for certificate in held:  # the newest first
        case = cases.get(certificate.subject_id)
        if case is not None:
            for path, filled in _statements(certificate, case, paths).items():
                found.setdefault(path, filled)
    return found


def _cases(held: list[Document], wanted: set) -> dict[str, Case]:
    cases = Case.objects.filter(
        pk__in=[one.subject_id for one in held],
        item__napp__slug__in={slug for slug, _item in wanted},
        item__key__in={item for _slug, item in wanted},
    ).select_related("item__napp", "record__napp_version", "napp_version")
    return {str(case.pk): case for case in cases}


def _statements(certificate: Document, case: Case, paths) -> dict[str, Filled]:
    template = certificate_template(case)
    stated = {key for _path, key in template.asked_fields()} if template else set()
    form, values = forms.form_of(case.record), forms.plain_values(case.record)
    facts = {
        "on": timezone.localdate(certificate.issued_at).isoformat(),
        "number": certificate.number,
        "title": certificate.title,
        "owner": certificate.issuer_id,
    }
    found = {}
    for path, asked in paths.items():
        slug, item, key = path.split(".")
        question = form.question(key) if key in stated else None
        is_it = (slug, item) == (case.item.napp.slug, case.item.key)
        if is_it and question is not None and question.type == asked.type:
            found[path] = Filled(values.get(key), facts)
    return found


def words(facts: dict) -> str:
    """ "From the certificate 1.2.156… of 3 March"."""
    return _("From the certificate %(number)s of %(day)s.") % {
        "number": facts["number"],
        "day": on(facts),
    }


def check(path: str, _question, _forms) -> str:
    """A certificate is named by its N-app, service and the field that it states."""
    is_whole = len(path.split(".")) == 3
    return "" if is_whole else _("A certificate is named by N-app, service and field.")


register_prefill_source("certificate", find, words, check)
