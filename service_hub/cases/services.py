"""Writes of cases by applicants: file, withdraw, answer a correction."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.forms import posting
from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms import services as form_services
from platform_core.capabilities.forms.binding import bind, bind_draft
from platform_core.capabilities.forms.capability import forms_of
from platform_core.capabilities.forms.contests import Origin
from platform_core.capabilities.forms.models import Draft
from platform_core.capabilities.forms.rows import lock
from platform_core.capabilities.process import services as process
from platform_core.capabilities.process.urging.services import urge_process
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.events import emit
from platform_core.common.limits import is_within
from platform_core.common.organs import organ_text
from security.accounts.firm_roles import FILE, WITHDRAW
from security.actors import Actor
from security.audit.services import record_audit
from security.audit.writing import audited_together
from service_hub.catalogue.selectors import version_in_force
from service_hub.catalogue.suspension import covers
from service_hub.items.definitions import definition_of
from service_hub.items.selectors import still_takes_new_cases

from .answers import index_of_answers
from .clocks import acceptance_due
from .codes import new_follow_code
from .firm_rights import require_in_firm
from .history import add_event, tell_applicant
from .locking import SUBJECT
from .models import Case, Correction
from .moving import require
from .parties import Party, party_of
from .routing import implementing_department, place_of
from .selectors import filed_from
from .serials import take_number

# What one address may file in an hour without an account: a flood of clues helps nobody.
ANONYMOUS_FILINGS = (30, 3600)


@dataclass(frozen=True)
class Receipt:
    """What the applicant gets for a filed case; `follow_code` only when they did not sign in."""

    case: Case
    follow_code: str


@transaction.atomic
def file_case(
    *,
    actor,
    item,
    draft,
    owner_key: str = "",
    party: Party | None = None,
    at: datetime | None = None,
) -> Receipt:
    """File the case that `draft` holds and return its receipt.

    A second press of the button gets the receipt of the first. `party` says for whom an
    official files. Raises Unusable with the errors of the answers, Conflict when the item takes no
    new cases. `at` dates sample data.
    """
    locked = lock(draft)
    filed = filed_from(locked) if locked.submitted_at else None
    if filed:
        return Receipt(filed, filed.follow_code)
    actor = actor.under(locked.mandate)
    party = party or party_of(actor)
    _require_open(actor, item, party)
    definition = definition_of(item, locked.napp_version)
    values = forms.plain_values(locked)
    region, department = _responsible(
        party, definition, values, lambda: bind_draft(locked, actor=actor, owner_key=owner_key)
    )
    with audited_together():
        record = form_services.submit_locked(
            actor=actor, draft=locked, owner_key=owner_key, region=region, department=department
        )
        return _file(actor=actor, item=item, record=record, draft=locked, party=party, at=at)


@transaction.atomic
def file_values(
    *,
    actor,
    item,
    values: dict,
    party: Party | None = None,
    at: datetime | None = None,
    origin: Origin | None = None,
) -> Receipt:
    """File a case from answers given at once (API), or as a part of a composed draft (`origin`).
    `party` says for whom, where that is not who calls. Raises Unusable with the paths of wrong
    answers.
    """
    party = party or party_of(actor)
    _require_open(actor, item, party)
    definition = definition_of(item)
    form = forms_of(item.napp_version)[definition.form]
    values = posting.read(form.questions(), values).values | {
        key: None for key in values if form.question(key) is None
    }
    region, department = _responsible(
        party, definition, values, lambda: bind(form, values, actor=actor)
    )
    record = form_services.submit_values(
        actor=actor,
        napp_version=item.napp_version,
        form_key=definition.form,
        values=values,
        region=region,
        department=department,
        # Of whoever sends it for somebody else nothing is known that belongs into the form.
        known_of=Actor.anonymous() if party.received_by else None,
        origin=origin,
        # What is held of the applicant need not be sent for them, whoever sends it.
        spared_as=Actor(user=party.applicant, firm=party.firm) if party.received_by else None,
    )
    return _file(actor=actor, item=item, record=record, draft=None, party=party, at=at)


def _require_open(actor, item, party: Party) -> None:
    if not still_takes_new_cases(item):
        raise Conflict(_("This service takes no new cases at the moment."))
    if actor.mandate and not actor.mandate.covers(f"{item.napp.slug}/{item.key}"):
        raise NotAllowed(_("You may not act for this person in this service."))
    require_in_firm(actor, party.firm, FILE, item)
    if actor.user is None and not item.is_anonymous_allowed:
        raise NotAllowed(_("Please sign in to use this service."))
    if actor.user is None and actor.ip and not is_within(f"file:{actor.ip}", *ANONYMOUS_FILINGS):
        raise Conflict(_("Too many tries. Please wait a while, or call 12345."))
    if party.firm is None and item.audience == ["firm"]:
        raise NotAllowed(_("This service is for firms. Choose the firm you act for."))


def _responsible(party: Party, definition, values: dict, judged):
    """Region and department; when nobody is responsible, all that is wrong in the form is said
    with it.
    """
    region = place_of(
        definition, values, user=party.applicant, firm=party.firm, number=party.number
    )
    try:
        return region, implementing_department(definition, region)
    except Unusable as error:
        raise Unusable({**error.errors, **judged().errors}) from None


def _file(*, actor, item, record, draft, party: Party, at: datetime | None) -> Receipt:
    at = at or timezone.now()
    definition = definition_of(item, record.napp_version)
    version = _published_by(record.department, definition, timezone.localdate(at))
    facts = forms.values_for_rules(record)
    case = Case(
        id=uuid.uuid4(),
        number=take_number(
            department=record.department,
            digit=version.item.code[18] if version else definition.code_digit,
            basic_code=definition.basic_code,
            on=timezone.localdate(at),
        ),
        item=item,
        napp_version=record.napp_version,
        implementing_version=version,
        draft=draft,
        record=record,
        applicant=party.applicant,
        firm=party.firm,
        mandate=actor.mandate,
        applicant_name=party.name,
        follow_code="" if party.is_signed_in else new_follow_code(),
        received_by=party.received_by,
        source_system=party.source_system,
        external_number=party.external_number,
        answers_index=index_of_answers(forms.form_of(record), facts),
        region=record.region,
        department=record.department,
        channel=actor.channel,
        submitted_at=at,
        received_at=at,
        acceptance_due_at=acceptance_due(at),
    )
    # Each names the other; the database checks that both are there at the commit.
    case.process_id = uuid.uuid4()
    case.save(force_insert=True)
    _first_line(case, party, actor, at)
    case.process = process.start_process(
        actor=actor,
        napp_version=record.napp_version,
        process_key=definition.process,
        subject_type=SUBJECT,
        subject_id=str(case.pk),
        subject_label=item.title,
        subject_number=case.number,
        record=record,
        facts=facts,
        region=record.region,
        department=record.department,
        # Whoever took it in began it: the process lets nobody decide on what they began.
        starter=party.received_by or party.applicant,
        at=at,
        instance_id=case.process_id,
    )
    record_audit(actor=actor, verb="case.file", obj=case, after={"number": case.number})
    emit("case.filed", case=case, actor=actor, party=party, at=at)
    tell_applicant(case, "submitted", actor=actor)
    return Receipt(case, case.follow_code)


def _published_by(department, definition, on):
    """The implementing version of the organ, None without one. Raises Conflict while the organ
    takes no cases.
    """
    version = version_in_force(definition.basic_code, department, on)
    if version is not None and version.item.notice and covers(version.item, on):
        raise Conflict(_("The office responsible takes no new cases for this at the moment."))
    return version


def _first_line(case: Case, party: Party, actor, at: datetime) -> None:
    to = case.department
    params = {"organ": organ_text(to)} | party.where
    add_event(case, party.first_line, actor=actor, at=at, params=params, organ=party.organ, seq=1)


@transaction.atomic
def withdraw_case(*, actor, case: Case, reason: str = "", at: datetime | None = None) -> Case:
    """The applicant takes the application back; possible until it is decided.

    The process is asked first: it locks itself before the case, as every step of an official does.
    """
    require(case, "withdraw")
    require_in_firm(actor, case.firm, WITHDRAW, case.item)
    process.withdraw_process(actor=actor, instance=case.process, reason=reason[:400], at=at)
    record_audit(actor=actor, verb="case.withdraw", obj=case, after={"reason": reason[:400]})
    case.refresh_from_db()
    return case


@transaction.atomic
def urge_case(*, actor, case: Case, at: datetime | None = None) -> Case:
    """The applicant asks the office to hurry: from half of the term on, once a working day."""
    require_in_firm(actor, case.firm, FILE, case.item)
    require(case, "urge")
    urge_process(actor=actor, instance=case.process, at=at)
    record_audit(actor=actor, verb="case.urge", obj=case)
    return case


def _correction_purpose(case: Case) -> str:
    """What the draft of a correction is for: one open draft for each case."""
    return f"correction:{case.pk}"


@transaction.atomic
def begin_correction(*, actor, case: Case, owner_key: str = "") -> Draft:
    """The draft in which the applicant corrects the flagged fields; the same one when asked
    again.
    """
    require_in_firm(actor, case.firm, FILE, case.item)
    correction = _open_correction(case)
    if case.mandate_id and actor.user != case.applicant:
        actor = actor.under(case.mandate)
    draft = forms.open_draft(
        actor.user, _correction_purpose(case), owner_key, case.firm, actor.mandate
    )
    return draft or form_services.start_correction(
        actor=actor,
        record=case.record,
        only_fields=correction.fields,
        purpose=_correction_purpose(case),
        owner_key=owner_key,
    )


@transaction.atomic
def answer_correction(
    *, actor, case: Case, draft=None, values: dict | None = None, owner_key: str = "", at=None
) -> Case:
    """Send the correction: the `draft` of `begin_correction`, or `values` by field key (API).

    Only the flagged fields may change. Raises Unusable with what is still wrong, Conflict when the
    case does not wait for a correction.
    """
    require_in_firm(actor, case.firm, FILE, case.item)
    correction = _open_correction(case)
    if draft is not None:
        record = form_services.submit_correction(
            actor=actor, draft=draft, owner_key=owner_key, reason=correction.note
        )
    else:
        record = form_services.correct_record(
            actor=actor,
            record=case.record,
            values=values or {},
            only_fields=correction.fields,
            owner_key=owner_key,
            reason=correction.note,
        )
    process.answer_correction(
        actor=actor, instance=case.process, facts=forms.values_for_rules(record), at=at
    )
    record_audit(actor=actor, verb="case.correct", obj=case, after={"fields": correction.fields})
    case.refresh_from_db()
    return case


def _open_correction(case: Case) -> Correction:
    correction = Correction.objects.filter(case=case, answered_at=None).first()
    if correction is None or case.state != Case.State.CORRECTING:
        raise Conflict(_("This case does not wait for a correction."))
    return correction


@transaction.atomic
def correct_applicant(*, actor, case: Case, before: str, name: str) -> None:
    """The name of the applicant follows the answer that gave it, when that was put right. The
    caller holds the row lock of the case.
    """
    if case.applicant_name != before:
        return
    case.applicant_name = name
    case.save(update_fields=["applicant_name"])
    record_audit(actor=actor, verb="case.applicant", obj=case, after={"applicant_name": name})


@transaction.atomic
def note_read(*, actor, case: Case, verb: str = "case.read") -> None:
    """An official looked at the case: the applicant can see that in the record of who saw
    their data.
    """
    record_audit(actor=actor, verb=verb, obj=case)
