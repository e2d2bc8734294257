"""Every write of drafts: begin, save, put together, register, discard.

A save names the revision that the designer saw. When somebody was faster nothing is overwritten
and nothing is lost: what was typed becomes a side draft of its author, to be put together with what
the other one saved.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.templatetags.ui import moment
from security.actors import Actor
from security.audit.services import record_audit

from ..changes.talk import same
from ..manifest import ManifestInvalid, in_reading_order, read_manifest
from ..models import NApp, NAppVersion
from ..selectors import version_manifest
from ..services import register_napp
from .checking import problems_of
from .models import DraftRevision, ManifestDraft, SideDraft
from .selectors import clash_of

State = ManifestDraft.State
KEPT_REVISIONS = 50


@dataclass(frozen=True)
class Saving:
    """What became of a save: `side` is set when somebody was faster and the content was put
    aside."""

    draft: ManifestDraft
    side: SideDraft | None = None

    @property
    def message(self) -> str:
        said = _("%(who)s saved this draft at %(when)s. What you wrote is kept beside it.")
        return said % _who_and_when(self.draft)


def _who_and_when(draft: ManifestDraft) -> dict:
    return {"who": draft.changed_by, "when": moment(draft.changed_at)}


@transaction.atomic
def start_draft(*, actor: Actor, napp: NApp, version: NAppVersion | None = None) -> ManifestDraft:
    """The open draft of the N-app, begun from `version` (the current one) when there is none."""
    user = _person(actor)
    napp = NApp.objects.select_for_update(of=("self",)).select_related("current").get(pk=napp.pk)
    if napp.state == NApp.State.MISSING or (napp.has_code and napp.in_folder):
        raise Conflict(_("This N-app has code: change its folder instead."), state=napp.state)
    known = ManifestDraft.objects.filter(napp=napp, state=State.OPEN).first()
    if known:
        return known
    base = version or napp.current
    content = in_reading_order(version_manifest(base))
    content["version"] = _next_number(napp, content["version"])
    draft = ManifestDraft.objects.create(
        napp=napp, base=base, content=content, author=user, changed_by=user,
        changed_at=timezone.now(), authors=[],
    )  # fmt: skip
    _keep_revision(draft)
    record_audit(actor=actor, verb="draft.begin", obj=napp, after={"base": base.version})
    return draft


@transaction.atomic
def save_draft(*, actor: Actor, draft: ManifestDraft, seen: int, content) -> Saving:
    """Save `content` over the revision `seen`; mistakes do not keep it from being saved.

    When somebody saved meanwhile the draft stays as it is, and `content` becomes a side draft of
    the actor (Saving.side). Raises Unusable for what is no manifest at all.
    """
    user, draft = _person(actor), _locked(draft)
    content = _storable(content)
    is_new = not same(content, draft.content)
    if seen != draft.revision and is_new:
        side = SideDraft.objects.create(
            draft=draft, author=user, seen=seen, content=content, at=timezone.now()
        )
        return Saving(draft, side)
    if is_new:
        _write(actor, draft, content)
    return Saving(draft)


@transaction.atomic
def merge_draft(
    *, actor: Actor, draft: ManifestDraft, side: SideDraft, seen: int, choices: dict[str, str]
) -> ManifestDraft:
    """Save a side draft and the draft put together. `choices` says "mine" or "theirs" for every
    place that both changed; Unusable names the places that are missing, Conflict when somebody
    saved again since revision `seen`."""
    user, draft = _person(actor), _locked(draft)
    side = SideDraft.objects.select_for_update().get(pk=side.pk)
    if side.author_id != user.pk or side.draft_id != draft.pk:
        raise NotAllowed(_("Only whoever wrote it puts it together."))
    if side.is_settled:
        raise Conflict(_("This has been put together already."))
    _must_have_seen(draft, seen)
    put = clash_of(side, draft, choices).merge
    missing = [one.path for one in put.overlaps if choices.get(one.path) not in ("mine", "theirs")]
    if missing:
        raise Unusable({path: [_("Choose one of the two.")] for path in missing})
    side.is_settled = True
    side.save(update_fields=["is_settled"])
    _write(actor, draft, put.content)
    return draft


@transaction.atomic
def drop_side(*, actor: Actor, side: SideDraft) -> SideDraft:
    """The author of a side draft no longer wants it; the row stays."""
    if side.author_id != _person(actor).pk:
        raise NotAllowed(_("Only whoever wrote it puts it together."))
    side.is_settled = True
    side.save(update_fields=["is_settled"])
    record_audit(actor=actor, verb="draft.drop_side", obj=side.draft.napp)
    return side


@transaction.atomic
def register_draft(*, actor: Actor, draft: ManifestDraft, seen: int, note: str = "") -> NAppVersion:
    """Register the draft as a version of its N-app; everybody who saved it is an author.

    Raises ManifestInvalid while it has mistakes, Conflict when somebody saved since `seen`.
    """
    _person(actor)
    draft = _locked(draft)
    _must_have_seen(draft, seen)
    problems = problems_of(draft.napp, draft.content)
    if problems:
        raise ManifestInvalid(problems)
    version = register_napp(actor=actor, manifest=draft.content, note=note, authors=draft.authors)
    draft.state, draft.registered = State.REGISTERED, version
    draft.save(update_fields=["state", "registered"])
    return version


@transaction.atomic
def discard_draft(*, actor: Actor, draft: ManifestDraft, seen: int) -> ManifestDraft:
    """Give the draft up; it stays readable. Conflict when somebody saved since `seen`."""
    _person(actor)
    draft = _locked(draft)
    _must_have_seen(draft, seen)
    draft.state = State.DISCARDED
    draft.save(update_fields=["state"])
    record_audit(actor=actor, verb="draft.discard", obj=draft.napp)
    return draft


def _person(actor: Actor):
    if actor.user is None:
        raise NotAllowed(_("Only a person writes a draft: its authors do not approve it."))
    return actor.user


def _locked(draft: ManifestDraft) -> ManifestDraft:
    found = ManifestDraft.objects.select_for_update(of=("self",))
    draft = found.select_related("napp", "base", "changed_by").get(pk=draft.pk)
    if draft.state != State.OPEN:
        raise Conflict(
            _("This draft is closed: %(state)s.") % {"state": draft.get_state_display()},
            state=draft.state,
        )
    return draft


def _must_have_seen(draft: ManifestDraft, seen: int) -> None:
    if seen != draft.revision:
        said = _("%(who)s saved this draft at %(when)s. Look at it again first.")
        raise Conflict(said % _who_and_when(draft), revision=draft.revision)


def _storable(content) -> dict:
    try:
        return read_manifest(content)
    except ManifestInvalid as error:
        raise Unusable({"content": [problem.message for problem in error.problems]}) from None


def _write(actor: Actor, draft: ManifestDraft, content: dict) -> None:
    draft.content, draft.revision = content, draft.revision + 1
    draft.changed_by, draft.changed_at = actor.user, timezone.now()
    draft.authors = sorted({*draft.authors, actor.user.pk})
    draft.save(update_fields=["content", "revision", "changed_by", "changed_at", "authors"])
    _keep_revision(draft)
    draft.revisions.filter(number__lte=draft.revision - KEPT_REVISIONS).delete()
    record_audit(actor=actor, verb="draft.save", obj=draft.napp, after={"revision": draft.revision})


def _keep_revision(draft: ManifestDraft) -> None:
    DraftRevision.objects.create(
        draft=draft, number=draft.revision, content=draft.content,
        by=draft.changed_by, at=draft.changed_at,
    )  # fmt: skip


def _next_number(napp: NApp, version: str) -> str:
    major, minor, _patch = (int(part) for part in version.split("."))
    taken = set(napp.versions.values_list("version", flat=True))
    while f"{major}.{minor}.0" in taken or f"{major}.{minor}.0" == version:
        minor += 1
    return f"{major}.{minor}.0"
