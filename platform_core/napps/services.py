"""Every write of N-apps: register, open, close, disable, switch the version."""

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.models import GroupObjectPermission
from guardian.shortcuts import assign_perm, remove_perm

from platform_core.common.errors import Conflict, NotAllowed
from platform_core.common.events import emit
from security.actors import Actor
from security.audit.services import record_audit

from .code import has_code
from .examining import sound_manifest
from .history import history_problems
from .manifest import Manifest, ManifestInvalid, sections, validate_manifest
from .models import NApp, NAppVersion
from .problems import CORE, Problem, version_taken
from .publication.models import PublicationRequest
from .selectors import group_name, role_group_names, version_manifest

State = NApp.State
REOPENABLE = (State.CLOSED, State.DISABLED)
OPENABLE = (State.DRAFT, *REOPENABLE)


@transaction.atomic
def register_napp(
    *, actor: Actor, manifest, note: str = "", folder: str = "", authors: Iterable[int] = ()
) -> NAppVersion:
    """Register a manifest (JSON text, bytes or an object) as an N-app or as a new version of one.

    A new N-app is a draft. While it is a draft a new version is its current one at once; of an open
    N-app somebody chooses it with `switch_version`. The same content again changes nothing. Raises
    ManifestInvalid, also when the version's number already stands for other content. `folder` is
    the name of the folder that the manifest lies in, which must be its slug. `authors` are the ids
    of those who wrote it besides the actor.
    """
    sound = sound_manifest(manifest)
    if folder and folder != sound.slug:
        message = _("The folder is called “%(folder)s”: it must be the slug.")
        raise ManifestInvalid([Problem(CORE, None, "slug", message % {"folder": folder})])
    napp, is_new = NApp.objects.select_for_update().get_or_create(
        slug=sound.slug, defaults=_shown(sound) | {"in_folder": bool(folder)}
    )
    if not is_new and napp.has_code and not folder:
        message = _("This N-app has code: change its folder instead.")
        raise ManifestInvalid([Problem(CORE, None, "slug", message)])
    version = _stored_version(napp, sound, actor, note, authors)
    if folder and not napp.in_folder:
        napp.in_folder = True
        napp.save(update_fields=["in_folder", "changed_at"])
    if napp.state == State.DRAFT and napp.current_id != version.id:
        _make_current(napp, version)
    return version


def _stored_version(napp: NApp, sound: Manifest, actor: Actor, note: str, authors) -> NAppVersion:
    known = napp.versions.filter(version=sound.version).first()
    if known:
        if known.digest != sound.digest:
            raise ManifestInvalid([version_taken(sound.version)])
        return known
    forbidden = history_problems(napp, sound)
    if forbidden:
        raise ManifestInvalid(forbidden)
    version = NAppVersion.objects.create(
        napp=napp,
        version=sound.version,
        manifest=sound.raw,
        digest=sound.digest,
        note=note[:400],
        created_by=actor.user,
        authors=sorted({*authors, *([actor.user.pk] if actor.user else [])}),
    )
    record_audit(actor=actor, verb="napp.register", obj=napp, after={"version": version.version})
    return version


def _shown(sound: Manifest) -> dict:
    return {
        "title": sound.title.model_dump(),
        "summary": sound.summary.model_dump(),
        "icon": sound.icon,
        "ends": list(sound.ends),
        "department_kind": sound.department,
        "has_code": has_code(sound.slug),
    }


def _make_current(napp: NApp, version: NAppVersion) -> None:
    for name, value in _shown(version_manifest(version)).items():
        setattr(napp, name, value)
    napp.current = version
    napp.save()
    # What was asked for was compared with another version: nobody approves what they did not see.
    PublicationRequest.objects.filter(napp=napp, state=PublicationRequest.State.WAITING).update(
        state=PublicationRequest.State.EXPIRED, decided_at=timezone.now()
    )


def _locked(napp: NApp) -> NApp:
    return NApp.objects.select_for_update(of=("self",)).select_related("current").get(pk=napp.pk)


def _move(napp: NApp, state: str, actor: Actor, verb: str) -> None:
    before, napp.state = napp.state, state
    napp.save(update_fields=["state", "changed_at"])
    record_audit(actor=actor, verb=verb, obj=napp, before={"state": before}, after={"state": state})
    emit("napp.state_changed", napp=napp, before=before, actor=actor)


def _refuse(napp: NApp, message: str):
    raise Conflict(message % {"state": napp.get_state_display()}, state=napp.state, slug=napp.slug)


def _second_person(actor: Actor, approved: NAppVersion | None, version: NAppVersion) -> None:
    """A person publishes only what a second one approved.

    Processes of the platform (set-up, sample data) are no person: whoever runs them has the machine
    and the folders in hand, and answers for both.
    """
    if actor.is_system or (approved is not None and approved.pk == version.pk):
        return
    raise NotAllowed(_("A second person approves what is published. Ask for the publication."))


@transaction.atomic
def open_napp(*, actor: Actor, napp: NApp, approved: NAppVersion | None = None) -> NApp:
    """Open a draft, closed or disabled N-app: its services and pages appear at once.

    A draft needs `approved`, the version that a second person approved; to open again what was
    open before, unchanged, takes one. The manifest is checked again, because sections and hooks may
    have changed since it was registered. Raises ManifestInvalid, NotAllowed or, from any other
    state, Conflict.
    """
    napp = _locked(napp)
    if napp.state not in OPENABLE or napp.current is None:
        _refuse(napp, _("An N-app in the state “%(state)s” cannot be opened."))
    if napp.state == State.DRAFT:
        _second_person(actor, approved, napp.current)
    _publish(napp)
    _move(napp, State.OPEN, actor, "napp.open")
    return napp


@transaction.atomic
def close_napp(*, actor: Actor, napp: NApp) -> NApp:
    """Close an open N-app: nobody can begin a case, running ones finish."""
    napp = _locked(napp)
    if napp.state != State.OPEN:
        _refuse(napp, _("An N-app in the state “%(state)s” cannot be closed."))
    _move(napp, State.CLOSED, actor, "napp.close")
    return napp


@transaction.atomic
def disable_napp(*, actor: Actor, napp: NApp) -> NApp:
    """Disable an open or closed N-app: nothing of it can be reached, nothing is deleted."""
    napp = _locked(napp)
    if napp.state not in (State.OPEN, State.CLOSED):
        _refuse(napp, _("An N-app in the state “%(state)s” cannot be disabled."))
    _move(napp, State.DISABLED, actor, "napp.disable")
    return napp


@transaction.atomic
def switch_version(
    *, actor: Actor, napp: NApp, version: NAppVersion, approved: NAppVersion | None = None
) -> NApp:
    """Make another version the current one: an upgrade or a roll-back.

    Records and cases keep the version that they began with; only new ones use this one. Outside a
    draft it needs `approved`, the version that a second person approved; NotAllowed without.
    """
    napp = _locked(napp)
    if version.napp_id != napp.pk:
        raise Conflict(_("This version belongs to another N-app."))
    if napp.state == State.MISSING:
        _refuse(napp, _("An N-app in the state “%(state)s” cannot change its version."))
    if napp.current_id == version.pk:
        return napp
    if napp.state != State.DRAFT:
        _second_person(actor, approved, version)
    before = napp.current.version if napp.current else None
    _make_current(napp, version)
    if napp.state in (State.OPEN, State.CLOSED):
        _publish(napp)
    record_audit(
        actor=actor,
        verb="napp.switch_version",
        obj=napp,
        before={"version": before},
        after={"version": version.version},
    )
    return napp


@transaction.atomic
def mark_missing(*, actor: Actor, napp: NApp) -> NApp:
    """The folder of an N-app is gone: nothing of it can be reached until it is back."""
    napp = _locked(napp)
    if napp.state != State.MISSING:
        napp.former_state = napp.state
        napp.save(update_fields=["former_state"])
        _move(napp, State.MISSING, actor, "napp.missing")
    return napp


@transaction.atomic
def mark_found(*, actor: Actor, napp: NApp) -> NApp:
    """The folder is back: the N-app returns to the state that it had before."""
    napp = _locked(napp)
    if napp.state == State.MISSING:
        _move(napp, napp.former_state or State.DRAFT, actor, "napp.found")
    return napp


def _publish(napp: NApp) -> None:
    version = napp.current
    manifest = validate_manifest(version.manifest, has_code=has_code(napp.slug))
    _grant_roles(napp, manifest)
    for key, section in sections().items():
        if section.publish:
            section.publish(version, manifest.section(key, []))


def _grant_roles(napp: NApp, manifest: Manifest) -> None:
    """Each role's groups get exactly its verbs on the N-app's row; roles that are gone lose
    theirs."""
    wanted: set[tuple[str, str]] = set()
    for role in manifest.roles:
        Group.objects.get_or_create(name=group_name(napp.slug, role.key))
        names = role_group_names(manifest, role.key)
        wanted |= {(name, verb) for name in names for verb in role.verbs}
    granted = GroupObjectPermission.objects.filter(
        content_type__app_label="platform_core",
        content_type__model="napp",
        object_pk=str(napp.pk),
    ).select_related("group", "permission")
    have = {(row.group.name, row.permission.codename) for row in granted}
    groups = {g.name: g for g in Group.objects.filter(name__in={n for n, _verb in wanted | have})}
    for name, verb in sorted(wanted - have):
        if name in groups:
            assign_perm(f"platform_core.{verb}", groups[name], napp)
    own = ("duty:", group_name(napp.slug, ""))
    for name, verb in sorted(have - wanted):
        # Grants that somebody made by hand to other groups are theirs to take back.
        if name.startswith(own):
            remove_perm(f"platform_core.{verb}", groups[name], napp)
