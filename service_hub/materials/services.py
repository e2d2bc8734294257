"""Writes of materials: receipts at filing, what other organs are asked, and what was revoked."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.forms import services as form_services
from platform_core.capabilities.notifications.services import notify
from platform_core.common import workcalendar
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.i18n import pick
from security.audit.services import record_audit
from security.organs.selectors import department_for, officials_of
from service_hub.cases.history import add_event
from service_hub.cases.models import Case
from service_hub.cases.words import in_both
from service_hub.items.definitions import definition_of

from .given import hashes_of, same_elsewhere
from .knowing import Subject, codes_held
from .links import confirmation_page
from .models import Confirmation, MaterialReceipt, SharedFact
from .selectors import assessed_for, revoked_sources

LONGEST_ANSWER = 1000
MOST_TOLD = 20


@transaction.atomic
def keep_receipts(
    *, actor, case: Case, values: dict, at: datetime | None = None
) -> list[MaterialReceipt]:
    """Write down how each material of a case just filed was satisfied, and ask the organs that have
    to confirm something.
    """
    at = at or timezone.now()
    subject = Subject(case.applicant, case.firm)
    definition = definition_of(case.item, case.napp_version)
    assessed = assessed_for(subject, definition, values)
    held = codes_held(subject, [one.material.code for one in assessed if one.way == "upload"])
    made = []
    for one in assessed:
        code = one.material.code
        facts = dict(one.facts)
        if one.way == "upload":
            facts["files"] = hashes_of(case, facts["field"], values)
            facts["same"] = same_elsewhere(case, facts["files"])
        made.append(
            MaterialReceipt(
                case=case,
                code=code,
                name=one.material.name.model_dump(),
                way=one.way,
                facts=facts,
                missed=list(one.missed),
                was_held=one.way == "upload" and code in held,
                at=at,
            )
        )
        if one.way == "organ":
            _ask_organ(actor, case, one.material, code, at)
    return MaterialReceipt.objects.bulk_create(made)


def _ask_organ(actor, case: Case, material, code: str, at) -> None:
    way = next(way for way in material.ways if way.way == "organ")
    department = department_for(way.department_kind, case.region or case.department.region)
    if department is None:
        return
    due = workcalendar.if_known(workcalendar.due_at, at, way.working_days)
    found = Confirmation.objects.create(
        case=case,
        code=code,
        name=material.name.model_dump(),
        question=way.question.model_dump(),
        department=department,
        asked_at=at,
        due_at=due,
        warn_at=due and workcalendar.if_known(workcalendar.warn_at, at, way.working_days),
    )
    for person in officials_of(department)[:MOST_TOLD]:
        notify(
            actor=actor,
            recipient=person,
            key="material.asked",
            title="{title}",
            body="{question}",
            values={
                "title": in_both(
                    lambda: _("Please confirm: %(name)s") % {"name": pick(found.name)}
                ),
                "question": found.question,
            },
            link=confirmation_page(found),
            dedupe=f"confirmation:{found.pk}:{person.pk}",
        )


@transaction.atomic
def answer_confirmation(
    *, actor, confirmation: Confirmation, is_so: bool, answer: str = "", at: datetime | None = None
) -> Confirmation:
    """The asked organ says whether it is so. A denial needs words. Conflict when it was answered,
    NotAllowed in one's own case.
    """
    at = at or timezone.now()
    confirmation = (
        Confirmation.objects.select_for_update(of=("self",))
        .select_related("case__department")
        .get(pk=confirmation.pk)
    )
    if confirmation.state != Confirmation.State.ASKED:
        raise Conflict(_("This was answered already."))
    if confirmation.case.applicant_id == actor.user.pk:
        raise NotAllowed(_("A colleague has to do this: it is your own case."))
    answer = answer.replace("\x00", "").strip()
    if len(answer) > LONGEST_ANSWER or (not is_so and not answer):
        said = _("Say why it is not so, in at most %(n)s characters.")
        raise Unusable({"answer": [said % {"n": LONGEST_ANSWER}]})
    State = Confirmation.State
    confirmation.state = State.CONFIRMED if is_so else State.DENIED
    confirmation.answer, confirmation.answered_by = answer, actor.user
    confirmation.answered_at = at
    confirmation.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    case = Case.objects.select_for_update(of=("self",)).get(pk=confirmation.case_id)
    kind = "material_confirmed" if is_so else "material_denied"
    params = {"name": confirmation.name, "answer": answer}
    add_event(case, kind, actor=actor, at=at, params=params)
    record_audit(actor=actor, verb=f"confirmation.{confirmation.state}", obj=confirmation)
    return confirmation


@transaction.atomic
def correct_fact(*, actor, fact: SharedFact, value: dict) -> SharedFact:
    """Put right what an organ has shared about somebody; `value` are words in both languages."""
    before = fact.value
    fact.value = value
    fact.save(update_fields=["value"])
    record_audit(
        actor=actor, verb="shared_fact.correct", obj=fact,
        before={"value": before}, after={"value": value},
    )  # fmt: skip
    return fact


@transaction.atomic
def forget_facts(*, actor, user) -> int:
    """Delete the copies of what organs have shared about a person, whose account ends; how many."""
    count, _by_model = SharedFact.objects.filter(user=user).delete()
    record_audit(actor=actor, verb="shared_fact.forget", obj=user, after={"count": count})
    return count


@transaction.atomic
def forget_revoked(*, actor, draft, owner_key: str = "") -> list[str]:
    """Ask again for the answers of a draft that came from certificates which no longer count;
    their fields.
    """
    stale = revoked_sources(draft)
    if stale:
        form_services.forget_sources(
            actor=actor, draft=draft, owner_key=owner_key, lost=stale, source="lost_certificate"
        )
    return list(stale)
