"""Writes of data requests: ask, propose, decide; and what a granted one does."""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from platform_core.capabilities.notifications.services import notify
from platform_core.common import workcalendar
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.access import may
from security.accounts.closing_services import close_account
from security.accounts.models import User
from security.accounts.selectors import only_representative_of
from security.audit.services import record_audit
from service_hub.cases.words import in_both

from . import correcting, keeping
from .erasing_services import forget_person
from .models import DataRequest
from .selectors import holds_on, running_cases

Kind, State = DataRequest.Kind, DataRequest.State
LONGEST = 2000
LANGUAGES = {"zh": "zh-hans", "en": "en"}
# GB/T 35273-2020: 30 days to answer (8.7), 15 working days to close an account (8.5).
ANSWER_DAYS = 30
CLOSURE_WORKING_DAYS = 15
ANSWERED = gettext_noop("Your request about your data was answered")


@transaction.atomic
def ask_request(*, actor, kind: str, text: str, at: datetime | None = None) -> DataRequest:
    """The person asks; the clock begins. One open request to delete or close at a time, and of the
    others one that says the same. What is to be corrected is named with `ask_correction`.

    Raises Unusable at "kind" or "text"; Conflict when the same is under way, or when an account
    is to be closed that is still needed.
    """
    at, text, errors = at or timezone.now(), text.replace("\x00", "").strip(), {}
    if kind not in Kind.values or kind == Kind.CORRECTION:
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
        _refuse_while_needed(actor.user)
    asked = DataRequest.objects.create(
        person=actor.user, kind=kind, text=text, asked_at=at, due_at=_due(kind, at)
    )
    record_audit(actor=actor, verb="data_request.ask", obj=asked, after={"kind": kind})
    return asked


@transaction.atomic
def ask_correction(
    *, actor, table: str, row: str, field: str, typed, text: str, at: datetime | None = None
) -> DataRequest:
    """The person names one datum that is held, how it should stand, and why; the clock begins.

    Raises Unusable at "wished" or "text", NotAllowed with the reason why it stays as it is, Http404
    for what does not hold the person, Conflict while the same datum is asked for.
    """
    at, text, errors = at or timezone.now(), text.replace("\x00", "").strip(), {}
    User.objects.select_for_update().get(pk=actor.user.pk)
    try:
        wanted = correcting.describe(actor, table, row, field, typed)
    except Unusable as error:
        errors |= error.errors
    if not text or len(text) > LONGEST:
        words = _("Say why, and how it can be proved, in at most %(last)s characters.")
        errors["text"] = [words % {"last": LONGEST}]
    if errors:
        raise Unusable(errors)
    same = {name: wanted[name] for name in ("table", "row", "field")}
    if DataRequest.objects.filter(**same, state__in=DataRequest.OPEN).exists():
        raise Conflict(_("You have asked for this already. It is under way."))
    asked = DataRequest.objects.create(
        person=actor.user, kind=Kind.CORRECTION, text=text, asked_at=at,
        due_at=_due(Kind.CORRECTION, at), **wanted,
    )  # fmt: skip
    record_audit(
        actor=actor, verb="data_request.ask", obj=asked, after={"kind": Kind.CORRECTION, **same}
    )
    return asked


def _due(kind: str, at: datetime) -> datetime | None:
    if kind == Kind.CLOSURE:
        return workcalendar.if_known(workcalendar.due_at, at, CLOSURE_WORKING_DAYS)
    return at + timedelta(days=ANSWER_DAYS)


def _refuse_while_needed(person) -> None:
    if person.kind != User.Kind.CITIZEN:
        raise Conflict(_("The account of an official is ended by the administrator."))
    running = running_cases(person)
    if running:
        words = _("%(count)s of your cases still run. Wait until they end, or withdraw them.")
        raise Conflict(words % {"count": running})
    firm = only_representative_of(person)
    if firm is not None:
        words = _("You are the only legal representative of %(firm)s. Let the firm name another.")
        raise Conflict(words % {"firm": firm.name})


def _refuse_while_held(person) -> None:
    # A hold that is being placed comes before or after, never in between.
    User.objects.select_for_update().get(pk=person.pk)
    if holds_on(person).exists():
        raise Conflict(_("A hold forbids to delete the data of this person. See the holds."))


@transaction.atomic
def answer_request(
    *, actor, request: DataRequest, is_granted: bool, reason: str, at: datetime | None = None
) -> DataRequest:
    """An official answers with a reason, which the person reads. Where something is deleted or
    changed, this is a proposal, and a second official confirms it with `confirm_request`.

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

    Raises Conflict when nothing is proposed, or when it cannot be carried out now: cases run, a
    hold lasts, the entry has changed; NotAllowed for the one who proposed.
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
    if request.is_proposed_granted and request.kind in {Kind.DELETION, Kind.CLOSURE}:
        _refuse_while_held(request.person)
    if request.is_proposed_granted and request.kind == Kind.CLOSURE:
        _refuse_while_needed(request.person)
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
    is_granted = request.state == State.GRANTED
    if is_granted and request.kind == Kind.CORRECTION and request.table:
        request.outcome = correcting.carry_out(actor, request)
    if is_granted and request.kind in {Kind.DELETION, Kind.CLOSURE}:
        request.outcome = forget_person(
            actor=actor, person=request.person, is_closing=request.kind == Kind.CLOSURE, at=at
        )
    request.save()
    record_audit(
        actor=actor, verb="data_request.decide", obj=request,
        after={"state": request.state, **request.outcome},
    )  # fmt: skip
    _tell(actor, request)
    if is_granted and request.kind == Kind.CLOSURE:
        # Only now: the last word still goes where the person could be reached.
        close_account(actor=actor, user=request.person)
    return request


def _tell(actor, request: DataRequest) -> None:
    body = {}
    for key, language in LANGUAGES.items():
        with override(language):
            body[key] = " ".join(filter(None, [_done(request, key), request.reason]))
    notify(
        actor=actor,
        recipient=request.person,
        key="data_request.answered",
        title="{title}",
        body="{body}",
        values={"title": in_both(lambda: _(ANSWERED)), "body": body},
        link=reverse("portal:data_requests"),
        channels=("in_app", "email"),
        dedupe=f"data_request:{request.pk}",
    )


def _done(request: DataRequest, language: str) -> str:
    """What was changed, or what was kept and why: whose account is closed reads it nowhere else."""
    if request.state != State.GRANTED:
        return ""
    if request.table:
        return correcting.told(request, language)
    kept = keeping.in_words(request.outcome.get("kept", []))
    if not kept:
        return ""
    said = "; ".join(f"{one.title} ({one.count}): {one.ground}" for one in kept)
    return _("Deleted, but for what the law keeps: %(kept)s.") % {"kept": said}
