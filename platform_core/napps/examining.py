"""What registering a manifest would do, for somebody who wants to see it first. Writes nothing."""

from dataclasses import dataclass

from .changes import Chapter, chapters
from .code import has_code
from .history import history_problems
from .manifest import Manifest, ManifestInvalid, in_reading_order, read_manifest, validate_manifest
from .models import NApp, NAppVersion
from .problems import version_taken
from .selectors import current_manifest, napp_by_slug, version_of


@dataclass(frozen=True)
class Examination:
    """A sound manifest beside what is registered under its slug; `napp` is None for a new one."""

    manifest: Manifest
    napp: NApp | None
    known: NAppVersion | None
    chapters: list[Chapter]


def sound_manifest(data) -> Manifest:
    """The sound manifest in `data`; ManifestInvalid otherwise. It may name hooks when its N-app has
    code."""
    slug = read_manifest(data).get("slug")
    return validate_manifest(data, has_code=isinstance(slug, str) and has_code(slug))


def examine(data) -> Examination:
    """Read a manifest and compare it with the current version. Raises ManifestInvalid."""
    sound = sound_manifest(data)
    napp = napp_by_slug(sound.slug)
    known = version_of(napp, sound.version) if napp else None
    if known and known.digest != sound.digest:
        raise ManifestInvalid([version_taken(sound.version)])
    forbidden = history_problems(napp, sound) if napp else []
    if forbidden:
        raise ManifestInvalid(forbidden)
    changed = []
    if napp and napp.current:
        changed = chapters(in_reading_order(current_manifest(napp)), in_reading_order(sound))
    return Examination(sound, napp, known, changed)
