"""Every write of publications: ask, approve, refuse, withdraw.

One person asks, another decides: neither whoever asked nor whoever wrote the version, and nobody
passes for being an administrator. Brakes (close, disable) and opening again what was open before,
unchanged, take one person: the content was approved, and an emergency does not wait.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.events import emit
from security.actors import Actor
from security.audit.services import record_audit

from .. import services as napps
from ..code import has_code
from ..manifest import validate_manifest
from ..models import NApp, NAppVersion
from .duties import bar
from .models import PublicationRequest

State = PublicationRequest.State
LONGEST = 400


@transaction.atomic
def ask_publication(*, actor: Actor, version: NAppVersion, note: str = "") -> PublicationRequest:
    """Ask that `version` be used: that its draft be opened, or that it replace the current one.

    Raises ManifestInvalid when it is not sound, Conflict when it is in use already, when the N-app
    cannot change its version, or when another publication of it waits.
    """
    if actor.user is None:
        raise NotAllowed(_("Only a person asks for a publication."))
    napp = _locked(version.napp_id)
    opens = napp.state == NApp.State.DRAFT
    if napp.state == NApp.State.MISSING:
        raise Conflict(_("The folder of the N-app is missing."), state=napp.state)
    if opens != (napp.current_id == version.pk):
        raise Conflict(
            _("Of a draft only the current version can be published.")
            if opens
            else _("Version %(version)s is in use already.") % {"version": version.version}
        )
    _refuse_second(napp)
    validate_manifest(version.manifest, has_code=has_code(napp.slug))
    request = PublicationRequest.objects.create(
        napp=napp,
        version=version,
        base=napp.current,
        digest=version.digest,
        note=note.strip()[:LONGEST],
        asked_by=actor.user,
    )
    _record(actor, request, "asked")
    return request


@transaction.atomic
def approve_publication(*, actor: Actor, request: PublicationRequest) -> PublicationRequest:
    """Approve and carry out what another person asked for.

    Raises NotAllowed for whoever asked or wrote it, Conflict when it was decided or the N-app has
    changed since, ManifestInvalid when the manifest is no longer sound.
    """
    request = _decidable(actor, request)
    napp, version = request.napp, request.version
    if napp.current_id != request.base_id or version.digest != request.digest:
        raise Conflict(_("The N-app has changed since this was asked for. Ask again."))
    _decide(actor, request, State.APPROVED)
    if request.opens:
        napps.open_napp(actor=actor, napp=napp, approved=version)
    else:
        napps.switch_version(actor=actor, napp=napp, version=version, approved=version)
    _record(actor, request, "approved")
    return request


@transaction.atomic
def refuse_publication(
    *, actor: Actor, request: PublicationRequest, reason: str
) -> PublicationRequest:
    """Refuse what another person asked for; the reason is told to them. Unusable without one."""
    reason = reason.strip()
    if not reason:
        raise Unusable({"reason": [_("Give the reason: whoever asked needs it.")]})
    if len(reason) > LONGEST:
        raise Unusable(
            {"reason": [_("Shorten this to %(limit)d characters.") % {"limit": LONGEST}]}
        )
    request = _decidable(actor, request)
    _decide(actor, request, State.REFUSED, reason)
    _record(actor, request, "refused")
    return request


@transaction.atomic
def withdraw_publication(*, actor: Actor, request: PublicationRequest) -> PublicationRequest:
    """Take back what one asked for oneself; NotAllowed for anybody else."""
    request = _waiting(request)
    if actor.user is None or request.asked_by_id != actor.user.pk:
        raise NotAllowed(_("Only whoever asked takes it back; others refuse it."))
    _decide(actor, request, State.WITHDRAWN)
    _record(actor, request, "withdrawn")
    return request


def _locked(napp_id: int) -> NApp:
    found = NApp.objects.select_for_update(of=("self",)).select_related("current")
    return found.get(pk=napp_id)


def _refuse_second(napp: NApp) -> None:
    other = PublicationRequest.objects.filter(napp=napp, state=State.WAITING).first()
    if other is None:
        return
    words = {"who": other.asked_by, "version": other.version.version}
    raise Conflict(
        _("%(who)s has already asked for the publication of version %(version)s.") % words,
        who=str(other.asked_by),
        at=other.asked_at.isoformat(),
        publication=other.pk,
    )


def _waiting(request: PublicationRequest) -> PublicationRequest:
    """The request, with its N-app locked first; Conflict when it is decided."""
    _locked(request.napp_id)
    related = ("napp", "version", "base", "asked_by", "decided_by")
    found = PublicationRequest.objects.select_related(*related).get(pk=request.pk)
    if found.state != State.WAITING:
        raise Conflict(
            _("This publication is no longer open: %(state)s.")
            % {"state": found.get_state_display()},
            state=found.state,
            who=str(found.decided_by or ""),
        )
    return found


def _decidable(actor: Actor, request: PublicationRequest) -> PublicationRequest:
    request = _waiting(request)
    why = bar(actor.user, request)
    if why:
        raise NotAllowed(why)
    return request


def _decide(actor: Actor, request: PublicationRequest, state: str, reason: str = "") -> None:
    request.state, request.decided_by, request.reason = state, actor.user, reason
    request.decided_at = timezone.now()
    request.save(update_fields=["state", "decided_by", "decided_at", "reason"])


def _record(actor: Actor, request: PublicationRequest, what: str) -> None:
    facts = {"version": request.version.version, "replaces": request.base.version}
    if request.reason:
        facts["reason"] = request.reason
    record_audit(actor=actor, verb=f"publication.{what}", obj=request.napp, after=facts)
    emit(f"publication.{what}", request=request, actor=actor)
