"""N-apps that lie in folders: found, registered, and missed when their folder is gone."""

from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from security.actors import Actor

from . import selectors, services
from .manifest import MAX_BYTES, ManifestInvalid
from .problems import Problem

MANIFEST = "manifest.json"


@dataclass
class Sync:
    """What a run of `sync_folders` did: slugs by outcome, and problems by folder."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    refused: dict[str, list[Problem]] = field(default_factory=dict)


def napp_folders() -> list[Path]:
    """Folders with a manifest below every directory of settings.NAPP_DIRS, in order."""
    found = []
    for place in settings.NAPP_DIRS:
        found += sorted(path.parent for path in Path(place).glob(f"*/{MANIFEST}"))
    return found


def sync_folders(*, actor: Actor) -> Sync:
    """Register what the folders hold; one bad folder does not stop the others."""
    done, present = Sync(), set()
    for folder in napp_folders():
        present.add(folder.name)
        try:
            sync_folder(actor=actor, folder=folder, done=done)
        except ManifestInvalid as error:
            done.refused[str(folder)] = error.problems
    for napp in selectors.napps_on_disk():
        if napp.slug not in present:
            services.mark_missing(actor=actor, napp=napp)
            done.missing.append(napp.slug)
    return done


def sync_folder(*, actor: Actor, folder: Path, done: Sync | None = None) -> None:
    """Register the manifest of one folder. Raises ManifestInvalid."""
    done = done if done is not None else Sync()
    with (folder / MANIFEST).open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    before = selectors.napp_by_slug(folder.name)
    known = set(before.versions.values_list("version", flat=True)) if before else set()
    version = services.register_napp(actor=actor, manifest=raw, folder=folder.name)
    napp = version.napp
    if napp.state == napp.State.MISSING:
        services.mark_found(actor=actor, napp=napp)
    outcome = (
        done.added if before is None else done.same if version.version in known else done.changed
    )
    outcome.append(napp.slug)
