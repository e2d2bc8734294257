"""Writes of the intake desk: begin for somebody, send, throw away, bind to an account."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.services import name_holder
from platform_core.capabilities.forms import services as form_services
from platform_core.capabilities.forms.models import Draft
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.limits import is_within
from platform_core.common.locks import one_at_a_time
from security.accounts.models import Identity
from security.actors import Actor
from security.audit.services import record_audit
from security.crypto import blind_index
from security.identifiers import plain_mobile
from security.organs.selectors import active_posts
from service_hub.cases.models import Case
from service_hub.cases.parties import Party
from service_hub.cases.services import SUBJECT, Receipt, file_case
from service_hub.evaluations.services import record_visit
from service_hub.items.selectors import still_takes_new_cases

from .desks import post_for
from .models import Intake
from .people import Person, found_person, name_of, not_oneself, plain_name

# Looking people up by their number is slowed down for each official.
LOOK_UPS = (60, 3600)
SAME_PRESS = timedelta(minutes=2)


@transaction.atomic
def begin_intake(
    *,
    actor: Actor,
    item,
    person: Person,
    channel: str,
    window: str = "",
    may_fill_in: bool = False,
    at: datetime | None = None,
) -> Intake:
    """Begin an application for somebody who came or called.

    Raises NotAllowed where the official has no desk for the item or would serve themselves,
    Unusable at name, number or credit code, Conflict when the item takes no new cases.
    """
    post = post_for(actor.user, item.department_kind)
    if post is None:
        raise NotAllowed(_("Only clerks of the office that handles it, or of a hall, take it in."))
    if not still_takes_new_cases(item):
        raise Conflict(_("This service takes no new cases at the moment."))
    if not is_within(f"intake:{actor.user.pk}", *LOOK_UPS):
        raise Conflict(_("Too many tries. Please wait a while."))
    if channel not in Intake.Channel.values:
        raise Unusable({"channel": [_("Say how the person reached you.")]})
    firm, user, number = found_person(person, item)
    not_oneself(actor, user, number)
    one_at_a_time(f"intake:{actor.user.pk}")
    begun = _begun_before(actor, item, (firm, user, number), (channel, may_fill_in), at)
    if begun is not None:
        return begun
    intake = Intake(
        channel=channel,
        window=window.strip()[:40] if channel == Intake.Channel.WINDOW else "",
        item=item,
        applicant=None if firm else user,
        firm=firm,
        name="" if firm or user else " ".join(person.name.split()),
        citizen_number="" if firm or user else number,
        mobile=plain_mobile(person.mobile) if person.mobile.strip() else "",
        may_fill_in=may_fill_in,
        clerk=actor.user,
        department=post.department,
        begun_at=at or timezone.now(),
    )
    intake.draft = _draft(actor, intake, user, _shown(person, firm, number))
    intake.save(force_insert=True)
    record_audit(
        actor=actor, verb="intake.begin", obj=intake, after={"item": item.key, "channel": channel}
    )
    return intake


def _begun_before(actor: Actor, item, whose: tuple, how: tuple, at) -> Intake | None:
    """What the first press of the same button began."""
    firm, user, number = whose
    channel, may_fill_in = how
    found = Intake.objects.filter(
        clerk=actor.user,
        item=item,
        firm=firm,
        applicant=None if firm else user,
        channel=channel,
        may_fill_in=may_fill_in,
        case=None,
        draft__isnull=False,
        begun_at__gt=(at or timezone.now()) - SAME_PRESS,
    )
    if not (firm or user):
        found = found.filter(citizen_number_index=blind_index(number, "citizen_number"))
    return found.select_related("draft").first()


def _shown(person: Person, firm, number: str) -> dict:
    """What was said or shown at the window, named as in a profile."""
    if firm:
        return {"firm_name": firm.name, "credit_code": firm.credit_code, "mobile": person.mobile}
    return {"name": person.name, "citizen_number": number, "mobile": person.mobile}


def _draft(actor: Actor, intake: Intake, user, shown: dict) -> Draft:
    """The clerk's draft: of the person's stored data nothing comes in without their word."""
    knows = intake.may_fill_in and intake.applicant_id
    return form_services.start_draft(
        actor=actor,
        napp_version=intake.item.napp_version,
        form_key=intake.item.form_key,
        purpose=f"intake:{intake.pk}",
        known_of=Actor.of(user) if knows else Actor.anonymous(),
        shown=shown,
    )


@transaction.atomic
def send_intake(*, actor: Actor, intake: Intake, draft: Draft, at=None) -> Receipt:
    """File the case on the same way as any other; a second press gets the same receipt."""
    given, intake = intake, _locked(actor, intake)
    is_new = intake.case_id is None
    party = Party(
        applicant=intake.applicant,
        firm=intake.firm,
        name=name_of(intake),
        number=intake.citizen_number,
        received_by=actor.user,
        organ=intake.department,
        where={"window": intake.window, "channel": intake.channel},
        source=intake,
    )
    post = next((one for one in active_posts(actor.user) if one.department == intake.department),
                actor.post)  # fmt: skip
    through = Actor.of(
        actor.user, post=post, channel=intake.channel, ip=actor.ip, request_id=actor.request_id
    )
    receipt = file_case(actor=through, item=intake.item, draft=draft, party=party, at=at)
    if is_new and intake.channel == Intake.Channel.WINDOW:
        record_visit(actor=through, case=receipt.case, window=intake.window, at=at)
    given.case = receipt.case
    return receipt


def _locked(actor: Actor, intake: Intake) -> Intake:
    """The clerk's own intake, so that sending and throwing away come one after the other."""
    rows = Intake.objects.select_for_update(of=("self",)).select_related(
        "item__napp", "item__napp_version", "applicant", "firm", "department"
    )
    found = rows.filter(pk=intake.pk).first()
    if found is None:
        raise Conflict(_("This draft was deleted."))
    if found.clerk_id != actor.user.pk:
        raise NotAllowed(_("A colleague is taking this in."))
    return found


@transaction.atomic
def link_case(*, actor: Actor, intake: Intake, case: Case) -> None:
    """Remember which case came of an intake; called inside the filing."""
    intake.case = case
    intake.save(update_fields=["case"])
    record_audit(actor=actor, verb="intake.sent", obj=intake, after={"number": case.number})


@transaction.atomic
def discard_intake(*, actor: Actor, intake: Intake, draft: Draft) -> None:
    """The person changed their mind: what was typed is deleted."""
    intake = _locked(actor, intake)
    if intake.case_id:
        raise Conflict(_("This was sent already."))
    form_services.discard_draft(actor=actor, draft=draft)
    record_audit(actor=actor, verb="intake.discard", obj=intake)
    intake.delete()


@transaction.atomic
def bind_to_account(*, actor: Actor, identity: Identity, at: datetime | None = None) -> int:
    """Give the cases of a citizen number to the account for which it is now verified; their number.

    The name must be the same: a number alone is not a person.
    """
    found = Intake.objects.select_for_update(of=("self",)).select_related("case").filter(
        citizen_number_index=identity.citizen_number_index,
        applicant=None, firm=None, bound_at=None, case__isnull=False,
    )  # fmt: skip
    owner, bound = identity.user, 0
    for intake in found:
        if plain_name(intake.name) != plain_name(identity.real_name):
            continue
        Case.objects.filter(pk=intake.case_id, applicant=None).update(applicant=owner)
        name_holder(actor=actor, subject_type=SUBJECT, subject_id=intake.case_id, user=owner)
        intake.applicant, intake.bound_at = owner, at or timezone.now()
        intake.save(update_fields=["applicant", "bound_at"])
        record_audit(
            actor=actor, verb="intake.bound", obj=intake.case,
            after={"number": intake.case.number},
        )  # fmt: skip
        bound += 1
    return bound
