"""Writes of data requests: ask, propose, decide; and what a granted one does."""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from platform_core.capabilities.forms.services import discard_all_drafts
from platform_core.capabilities.notifications.services import delete_messages, notify
from platform_core.common import workcalendar
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.access import may
from security.accounts.models import User
from security.accounts.services import close_account
from security.audit.services import record_audit
from security.privacy.consents import withdraw_all
from service_hub.cases.words import in_both

from .models import DataRequest
from .selectors import running_cases

Kind, State = DataRequest.Kind, DataRequest.State
LONGEST = 2000
# GB/T 35273-2020: 30 days to answer (8.7), 15 working days to close an account (8.5).
ANSWER_DAYS = 30
CLOSURE_WORKING_DAYS = 15
ANSWERED = gettext_noop("Your request about your data was answered")


@transaction.atomic
def ask_request(*, actor, kind: str, text: str, at: datetime | None = None) -> DataRequest:
    """The person asks; the clock begins. One open request to delete or close at a
    time, and of the others one that says the same.

    Raises Unusable at "kind" or "text"; Conflict when the same is under way, or when an account
    is to be closed while cases run.
    """
    at, text, errors = at or timezone.now(), text.replace("\x00", "").strip(), {}
    if kind not in Kind.values:
        errors["kind"] = [_("Choose what you ask for.")]
    if not text or len(text) > LONGEST:
        errors["text"] = [
            _("Write what it is about, in at most %(last)s characters.") % {"last": LONGEST}
        ]
    if errors:
        raise Unusable(errors)
    # Two presses come one after the other.
    User.objects.select_for_update().get(pk=actor.user.pk)
    same = DataRequest.objects.filter(person=actor.user, kind=kind, state__in=DataRequest.OPEN)
    # The text is sealed, so it is compared here.
    if any(kind in DataRequest.BY_TWO or one.text == text for one in same):
        raise Conflict(_("You have asked for this already. It is under way."))
    if kind == Kind.CLOSURE:
        _refuse_while_cases_run(actor.user)
    asked = DataRequest.objects.create(
        person=actor.user, kind=kind, text=text, asked_at=at, due_at=_due(kind, at)
    )
    record_audit(actor=actor, verb="data_request.ask", obj=asked, after={"kind": kind})
    return asked


def _due(kind: str, at: datetime) -> datetime | None:
    if kind == Kind.CLOSURE:
        return workcalendar.if_known(workcalendar.due_at, at, CLOSURE_WORKING_DAYS)
    return at + timedelta(days=ANSWER_DAYS)


def _refuse_while_cases_run(person) -> None:
    running = running_cases(person)
    if running:
        words = _("%(count)s of your cases still run. Wait until they end, or withdraw them.")
        raise Conflict(words % {"count": running})


@transaction.atomic
def answer_request(
    *, actor, request: DataRequest, is_granted: bool, reason: str, at: datetime | None = None
) -> DataRequest:
    """An official answers with a reason, which the person reads. Where something is deleted, this
    is a proposal, and a second official confirms it with `confirm_request`.

    Raises Unusable at "reason", Conflict when it was answered, NotAllowed for who may not handle.
    """
    request = _open(actor, request, State.ASKED)
    reason = reason.replace("\x00", "").strip()
    if not reason or len(reason) > LONGEST:
        raise Unusable({"reason": [_("Give the reason. The person reads it.")]})
    request.proposed_by, request.is_proposed_granted = actor.user, is_granted
    request.reason = reason
    if request.kind in DataRequest.BY_TWO:
        request.state = State.PROPOSED
        request.save(update_fields=["proposed_by", "is_proposed_granted", "reason", "state"])
        record_audit(actor=actor, verb="data_request.propose", obj=request)
        return request
    return _decide(actor, request, at)


@transaction.atomic
def confirm_request(
    *, actor, request: DataRequest, is_confirmed: bool, at: datetime | None = None
) -> DataRequest:
    """A second official confirms what the first proposed, and it is done; or sends it back.

    Raises Conflict when nothing is proposed or cases run, NotAllowed for the one who proposed.
    """
    request = _open(actor, request, State.PROPOSED)
    if request.proposed_by_id == actor.user.pk:
        raise NotAllowed(_("A second person confirms it, not the one who proposed it."))
    if not is_confirmed:
        request.state, request.proposed_by, request.is_proposed_granted = State.ASKED, None, None
        request.reason = ""
        request.save(update_fields=["state", "proposed_by", "is_proposed_granted", "reason"])
        record_audit(actor=actor, verb="data_request.send_back", obj=request)
        return request
    if request.is_proposed_granted and request.kind == Kind.CLOSURE:
        _refuse_while_cases_run(request.person)
    return _decide(actor, request, at)


def _open(actor, request: DataRequest, state: str) -> DataRequest:
    request = DataRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not may(actor.user, "handle", request):
        raise NotAllowed(_("Whoever answers for the protection of data handles this."))
    if request.state != state:
        raise Conflict(_("Somebody else was faster. This is how it stands now."))
    return request


def _decide(actor, request: DataRequest, at: datetime | None) -> DataRequest:
    request.state = State.GRANTED if request.is_proposed_granted else State.REFUSED
    request.decided_by, request.decided_at = actor.user, at or timezone.now()
    request.save()
    if request.state == State.GRANTED:
        _carry_out(actor, request)
    record_audit(
        actor=actor, verb="data_request.decide", obj=request, after={"state": request.state}
    )
    notify(
        actor=actor,
        recipient=request.person,
        key="data_request.answered",
        title="{title}",
        body="{body}",
        values={"title": in_both(lambda: _(ANSWERED)), "body": {
            "zh": request.reason, "en": request.reason}},
        link=reverse("portal:data_requests"),
        dedupe=f"data_request:{request.pk}",
    )  # fmt: skip
    return request


def _carry_out(actor, request: DataRequest) -> None:
    """What the law does not keep is deleted: drafts, messages, and what consents allowed. Cases,
    certificates and the audit trail stay, because the law asks for them.
    """
    if request.kind not in DataRequest.BY_TWO:
        return
    discard_all_drafts(actor=actor, user=request.person)
    delete_messages(actor=actor, user=request.person)
    withdraw_all(actor=actor, user=request.person)
    if request.kind == Kind.CLOSURE:
        close_account(actor=actor, user=request.person)
