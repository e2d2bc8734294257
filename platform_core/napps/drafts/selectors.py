"""Reads of drafts: the open one of an N-app, its mistakes and changes, and what could not be
saved."""

from dataclasses import dataclass

from django.db.models import QuerySet

from ..changes import Chapter, chapters
from ..models import NApp
from .merging import Merge, merge
from .models import DraftRevision, ManifestDraft, SideDraft


def _rows() -> QuerySet[ManifestDraft]:
    related = ("napp__current", "base", "author", "changed_by", "registered")
    return ManifestDraft.objects.select_related(*related).defer(
        "napp__current__manifest", "registered__manifest"
    )


def open_draft(napp: NApp) -> ManifestDraft | None:
    """The draft of the next version that is being written, or None."""
    return _rows().filter(napp=napp, state=ManifestDraft.State.OPEN).first()


def drafts_of(napp: NApp) -> QuerySet[ManifestDraft]:
    """Every draft of the N-app, the newest first."""
    return _rows().filter(napp=napp).order_by("-id")


def draft_in(napp: NApp, draft_id) -> ManifestDraft | None:
    """The draft of that id when it is one of the N-app's."""
    return _rows().filter(napp=napp, pk=draft_id).first()


def revisions_of(draft: ManifestDraft) -> QuerySet[DraftRevision]:
    """Who saved when, newest first."""
    return draft.revisions.select_related("by").defer("content")


def sides_of(draft: ManifestDraft, user) -> QuerySet[SideDraft]:
    """What `user` wrote into this draft and could not save, newest first."""
    return draft.sides.filter(author=user, is_settled=False).select_related("author")


def side_of(draft: ManifestDraft, user, side_id) -> SideDraft | None:
    return sides_of(draft, user).filter(pk=side_id).first()


def changes_of(draft: ManifestDraft) -> list[Chapter]:
    """What the draft changes in the version that it began from, in words."""
    return chapters(draft.base.manifest, draft.content)


@dataclass(frozen=True)
class Clash:
    """Both ways from the common ground in words, and both put together."""

    side: SideDraft
    draft: ManifestDraft
    theirs: list[Chapter]
    mine: list[Chapter]
    merge: Merge


def clash_of(side: SideDraft, draft: ManifestDraft, choices: dict | None = None) -> Clash:
    """What `side` and the draft as it is now changed since the revision that its author saw."""
    base = common_ground(draft, side.seen)
    put = merge(base, draft.content, side.content, choices)
    return Clash(side, draft, chapters(base, draft.content), chapters(base, side.content), put)


def common_ground(draft: ManifestDraft, seen: int) -> dict:
    """The content that the author of a side draft had before them. Old revisions are pruned: then
    the version that the draft began from."""
    known = draft.revisions.filter(number=seen).first()
    return known.content if known else draft.base.manifest
