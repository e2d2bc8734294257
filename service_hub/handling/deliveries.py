"""How the paper of a decided case reaches its applicant (制证, 送达).

The certificate is issued within ten working days of the decision (Licensing Law art. 44). The case
is closed when its applicant has it; whether it was decided in time was settled before.
"""

import hmac
import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common import workcalendar
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.events import listen
from security.audit.services import record_audit
from security.identifiers import MOBILE
from service_hub.cases import states
from service_hub.cases.history import add_event, tell_applicant
from service_hub.cases.listeners import on_moved
from service_hub.cases.locking import lock_case
from service_hub.cases.models import Case
from service_hub.cases.moving import conclude, require, ways_of

from .models import Delivery

Way, State = Delivery.Way, Delivery.State
ISSUE_DAYS = 10
CODE_DIGITS = 6
LONGEST = {"to_name": 60, "to_address": 200, "place": 200, "carrier": 60, "parcel_number": 60}


@listen("case.decided")
def on_decided(*, case, at, **_facts) -> None:
    """A granted case with a paper begins its delivery; the only way there is needs no choice."""
    if case.state != states.State.DELIVERING:
        return
    due = workcalendar.if_known(workcalendar.due_at, at, ISSUE_DAYS)
    is_clear = ways_of(case) == [Way.WINDOW]
    Delivery.objects.get_or_create(
        case=case,
        defaults={
            "due_at": due,
            "way": Way.WINDOW if is_clear else "",
            "state": State.CHOSEN if is_clear else State.OPEN,
            "to_name": case.applicant_name,
        },
    )


def _locked(delivery: Delivery, version: int | None = None):
    """(process, delivery), locked with the case in between. Conflict when the paper is no longer
    wanted, or no longer where the page with `version` showed it.
    """
    instance, case = lock_case(delivery.case)
    found = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("case__item", "case__department", "case__applicant")
        .get(pk=delivery.pk)
    )
    if version is not None and version != found.version:
        raise Conflict(_("The delivery has changed meanwhile. Look at it again before you go on."))
    require(case, "deliver")
    found.case = case
    return instance, found


def _line(instance, delivery: Delivery, kind: str, *, actor, at, params) -> None:
    """A line in the case's history, and the end of the move."""
    add_event(delivery.case, kind, actor=actor, at=at, params=params)
    on_moved(instance=instance)
    tell_applicant(delivery.case, kind, actor=actor, params=params)


def _save(delivery: Delivery, *fields: str) -> None:
    delivery.version += 1
    delivery.save(update_fields=[*fields, "version"])


@transaction.atomic
def choose_delivery(
    *, actor, delivery: Delivery, way: str, name: str = "", phone: str = "", address: str = "",
    at: datetime | None = None,
) -> Delivery:  # fmt: skip
    """The applicant says how the paper is to come, until it is ready; who does without it has the
    result at once. Unusable at "way", "name", "phone", "address".
    """
    at = at or timezone.now()
    instance, delivery = _locked(delivery)
    if delivery.state not in (State.OPEN, State.CHOSEN):
        raise Conflict(_("The paper is on its way already."))
    problems = {}
    if way not in ways_of(delivery.case):
        problems["way"] = [_("Choose one of these ways.")]
    name, phone, address = (one.replace("\x00", "").strip() for one in (name, phone, address))
    if way == Way.POST:
        if not name or len(name) > LONGEST["to_name"]:
            problems["name"] = [_("Who receives it? At most %(n)d characters.") % {"n": 60}]
        if not MOBILE.fullmatch(phone):
            problems["phone"] = [_("Give a mobile number of 11 digits.")]
        if not 5 <= len(address) <= LONGEST["to_address"]:
            problems["address"] = [_("Give the whole address: street, number, door.")]
    if problems:
        raise Unusable(problems)
    delivery.way, delivery.state, delivery.chosen_at = way, State.CHOSEN, at
    if way == Way.ELECTRONIC:
        return _delivered(instance, actor, delivery, at, "way", "chosen_at")
    is_post = way == Way.POST
    delivery.to_name = name if is_post else delivery.case.applicant_name
    delivery.to_phone, delivery.to_address = (phone, address) if is_post else ("", "")
    _save(delivery, "way", "state", "chosen_at", "to_name", "to_phone", "to_address")
    _line(instance, delivery, "delivery_chosen", actor=actor, at=at, params={"way": way})
    record_audit(actor=actor, verb="delivery.choose", obj=delivery, after={"way": way})
    return delivery


@transaction.atomic
def make_ready(
    *, actor, delivery: Delivery, place: str, version: int | None = None,
    at: datetime | None = None,
) -> Delivery:  # fmt: skip
    """The paper lies at a window: its applicant gets a code. So it may also when they did not say
    how it is to come, because the office has only ten days. Unusable at "place".
    """
    at = at or timezone.now()
    instance, delivery = _locked(delivery, version)
    is_wanted = delivery.state == State.CHOSEN and delivery.way == Way.WINDOW
    if not is_wanted and not may_lay_ready_unasked(delivery):
        raise Conflict(_("This paper is not waiting to be laid ready at a window."))
    place = _required("place", place, _("Say where it can be fetched."))
    delivery.way, delivery.place = Way.WINDOW, place
    delivery.state, delivery.ready_at = State.READY, at
    delivery.code = "".join(secrets.choice("0123456789") for _n in range(CODE_DIGITS))
    delivery.handled_by = actor.user
    _save(delivery, "way", "place", "state", "ready_at", "code", "handled_by")
    _line(instance, delivery, "delivery_ready", actor=actor, at=at, params={"place": place})
    record_audit(actor=actor, verb="delivery.ready", obj=delivery)
    return delivery


@transaction.atomic
def send_parcel(
    *, actor, delivery: Delivery, carrier: str, parcel_number: str, version: int | None = None,
    at: datetime | None = None,
) -> Delivery:  # fmt: skip
    """The paper was posted. Unusable at "carrier" and "parcel_number"."""
    at = at or timezone.now()
    instance, delivery = _locked(delivery, version)
    if delivery.state != State.CHOSEN or delivery.way != Way.POST:
        raise Conflict(_("This paper is not waiting to be posted."))
    delivery.carrier = _required("carrier", carrier, _("Which carrier?"))
    delivery.parcel_number = _required("parcel_number", parcel_number, _("Which parcel number?"))
    delivery.state, delivery.sent_at, delivery.handled_by = State.SENT, at, actor.user
    _save(delivery, "carrier", "parcel_number", "state", "sent_at", "handled_by")
    params = {"carrier": delivery.carrier, "number": delivery.parcel_number}
    _line(instance, delivery, "delivery_sent", actor=actor, at=at, params=params)
    record_audit(actor=actor, verb="delivery.send", obj=delivery, after=params)
    return delivery


@transaction.atomic
def hand_over(
    *, actor, delivery: Delivery, code: str, collected_by: str, version: int | None = None,
    at: datetime | None = None,
) -> Delivery:  # fmt: skip
    """Give the paper to whoever names the code. Unusable at "code" and "collected_by"."""
    at = at or timezone.now()
    instance, delivery = _locked(delivery, version)
    if delivery.state != State.READY:
        raise Conflict(_("This paper is not ready to be handed over."))
    if not hmac.compare_digest(code.strip().encode(), delivery.code.encode()):
        raise Unusable({"code": [_("This is not the code of this paper.")]})
    name = collected_by.replace("\x00", "").strip()
    if not name or len(name) > LONGEST["to_name"]:
        raise Unusable({"collected_by": [_("Write down who fetched it.")]})
    delivery.collected_by = name
    return _delivered(instance, actor, delivery, at, "collected_by")


@transaction.atomic
def confirm_arrival(*, actor, delivery: Delivery, at: datetime | None = None) -> Delivery:
    """The applicant, or the office by the carrier's word, says that the parcel has arrived."""
    instance, delivery = _locked(delivery)
    if delivery.state != State.SENT:
        raise Conflict(_("No parcel is on its way."))
    return _delivered(instance, actor, delivery, at or timezone.now())


def _delivered(instance, actor, delivery: Delivery, at, *fields: str) -> Delivery:
    """The applicant has it, and with that the case is closed (办结)."""
    delivery.state, delivery.delivered_at = State.DELIVERED, at
    _save(delivery, "state", "delivered_at", *fields)
    words = {"way": delivery.way}
    conclude(delivery.case, "deliver", "delivered", actor=actor, at=at, words=words)
    on_moved(instance=instance)
    record_audit(actor=actor, verb="delivery.deliver", obj=delivery)
    return delivery


def _required(name: str, text: str, said: str) -> str:
    text = text.replace("\x00", "").strip()
    if not text or len(text) > LONGEST[name]:
        raise Unusable({name: [said]})
    return text


def may_lay_ready_unasked(delivery: Delivery) -> bool:
    """Whether the paper can be laid ready at a window although nobody chose that."""
    return delivery.state == State.OPEN and Way.WINDOW in ways_of(delivery.case)


def must_not_be_own(actor, case: Case) -> None:
    """Nobody acts as an official on their own case, or hands out their own paper."""
    if case.applicant_id and actor.user and actor.user.pk == case.applicant_id:
        raise NotAllowed(_("A colleague has to do this: it is your own case."))
