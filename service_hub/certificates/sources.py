"""Certificates as a source of forms: what one states need not be typed again.

`certificate.<napp>.<item>.<field>` is a statement of the newest valid certificate that the person,
or the firm acted for, holds of that service.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms.sources import Filled, on, register_prefill_source
from service_hub.items.definitions import definition_of

from .models import Certificate
from .selectors import certificates_of, standing


def find(actor, paths, _napp_version) -> dict[str, Filled]:
    """What the certificates of the applicant state, by path; one query for all of them."""
    wanted = {tuple(path.split(".")[:2]) for path in paths}
    held = certificates_of(actor.applicant, actor.firm).filter(
        state=Certificate.State.VALID,
        case__item__napp__slug__in={slug for slug, _item in wanted},
        case__item__key__in={item for _slug, item in wanted},
    )
    held = held.select_related(
        "issuer", "case__item__napp", "case__record__napp_version", "case__napp_version"
    )
    found: dict[str, Filled] = {}
    for certificate in held:  # the newest first
        if standing(certificate) != "valid":
            continue
        for path, filled in _statements(certificate, paths).items():
            found.setdefault(path, filled)
    return found


def _statements(certificate: Certificate, paths) -> dict[str, Filled]:
    case = certificate.case
    result = definition_of(case.item, case.napp_version).result
    form, values = forms.form_of(case.record), forms.plain_values(case.record)
    facts = {
        "on": timezone.localdate(certificate.issued_at).isoformat(),
        "number": certificate.number,
        "title": certificate.title,
        "owner": certificate.issuer_id,
    }
    found = {}
    for path, question in paths.items():
        slug, item, key = path.split(".")
        stated = form.question(key) if result and key in result.statements else None
        is_it = (slug, item) == (case.item.napp.slug, case.item.key)
        if is_it and stated is not None and stated.type == question.type:
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
