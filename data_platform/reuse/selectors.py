"""How much is reused: which N-app uses which capability, which question is asked how often.

Counted from the published manifests, so the figures need no upkeep and cannot be polished.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import get_args

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from platform_core.napps.manifest import sections
from platform_core.napps.models import NApp

from .documents import Document, read_document
from .engine import capabilities_used, questions

NAMES = {
    "decisions": (
        pgettext_lazy("capability", "Decisions"),
        gettext_lazy("Tables that say what follows from answers, proven before they are used."),
    ),
    "documents": (
        pgettext_lazy("capability", "Documents"),
        gettext_lazy("Issues numbered certificates and notices as PDF that anybody can check."),
    ),
    "files": (
        pgettext_lazy("capability", "Files"),
        gettext_lazy("Receives attachments, checks them and hands them only to who may see them."),
    ),
    "forms": (
        pgettext_lazy("capability", "Forms"),
        gettext_lazy("Draws and checks forms described as data, fills in what is already known."),
    ),
    "notifications": (
        pgettext_lazy("capability", "Notifications"),
        gettext_lazy(
            "Tells people in both languages, on the platform, by e-mail and by text message."
        ),
    ),
    "pages": (
        pgettext_lazy("capability", "Pages"),
        gettext_lazy("Shows texts and lists of records without a line of code."),
    ),
    "process": (
        pgettext_lazy("capability", "Processes"),
        gettext_lazy("Moves a matter through people and offices, with deadlines in working days."),
    ),
    "rules": (
        pgettext_lazy("capability", "Rules"),
        gettext_lazy("One condition shows a field, checks it and chooses the way of a process."),
    ),
}


@dataclass
class CapabilityUse:
    """A capability, what it is for, and the N-apps that use it (title and slug in `napps`)."""

    key: str
    title: str
    summary: str
    document: Document | None = None
    napps: list[NApp] = field(default_factory=list)


@dataclass
class QuestionUse:
    """A field key and the N-apps that ask for it; `prefilled` of `asked` are filled in by us."""

    key: str
    label: object
    napps: list[NApp] = field(default_factory=list)
    asked: int = 0
    prefilled: int = 0


def published_napps(user) -> list[NApp]:
    """N-apps with a published version that people can reach, for whoever works in an office."""
    if not may_see_reuse(user):
        return []
    reachable = [NApp.State.OPEN, NApp.State.CLOSED]
    return list(NApp.objects.filter(state__in=reachable).select_related("current").order_by("slug"))


def may_see_reuse(user) -> bool:
    """The figures are for those who work here: officials, administrators and auditors."""
    return user.is_authenticated and user.kind != user.Kind.CITIZEN


def capability_folders() -> dict[str, Path]:
    """Each capability's folder by its key."""
    base = Path(settings.BASE_DIR) / "platform_core" / "capabilities"
    return {path.parent.name: path.parent for path in sorted(base.glob("*/__init__.py"))}


def _classes(kind) -> list[type]:
    """The classes that a type is written with, such as those of list[Text | Table]."""
    if isinstance(kind, type):
        return [kind]
    return [found for inner in get_args(kind) for found in _classes(inner)]


def section_owners() -> dict[str, str]:
    """Which capability owns each registered manifest section."""
    known = capability_folders()
    owners = {}
    for key, section in sections().items():
        parts = [part for kind in _classes(section.model) for part in kind.__module__.split(".")]
        owner = next((part for part in parts if part in known), None)
        if owner:
            owners[key] = owner
    return owners


@cache
def document_of(folder: Path) -> Document | None:
    """The README of a capability; the text of a running release does not change."""
    return read_document(folder / "README.md")


def capability_catalogue(user) -> list[CapabilityUse]:
    """Every capability with its documentation and who uses it, the most used first."""
    if not may_see_reuse(user):
        return []
    owners = section_owners()
    found = {}
    for key, folder in capability_folders().items():
        document = document_of(folder)
        title, summary = NAMES.get(key, (document.title if document else key, ""))
        found[key] = CapabilityUse(key, str(title), str(summary), document)
    for napp in published_napps(user):
        for key in capabilities_used(napp.current.manifest if napp.current else {}, owners):
            if key in found:
                found[key].napps.append(napp)
    return sorted(found.values(), key=lambda use: (-len(use.napps), use.key))


def capability(user, key: str) -> CapabilityUse:
    """One capability of the catalogue, or Http404."""
    for use in capability_catalogue(user):
        if use.key == key:
            return use
    raise Http404(gettext("There is no such capability."))


def question_catalogue(user) -> list[QuestionUse]:
    """Every question by field key, the most asked first: what is asked twice can be shared."""
    found: dict[str, QuestionUse] = {}
    askers: dict[str, set[int]] = defaultdict(set)
    for napp in published_napps(user):
        for question in questions(napp.current.manifest if napp.current else {}):
            use = found.setdefault(question.key, QuestionUse(question.key, question.label))
            use.asked += 1
            use.prefilled += question.prefilled
            if napp.pk not in askers[question.key]:
                askers[question.key].add(napp.pk)
                use.napps.append(napp)
    return sorted(found.values(), key=lambda use: (-len(use.napps), -use.asked, use.key))
