"""Every read of N-apps. The gate asks the database each time: a switch works at once everywhere."""

import json

from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import Http404

from security.access import visible_to

from .changes import Chapter, chapters
from .manifest import Manifest, in_reading_order, parse_stored
from .models import NApp, NAppVersion

State = NApp.State
REACHABLE = (State.OPEN, State.CLOSED)
_KEPT = 500
_parsed: dict[tuple[int, str], Manifest] = {}


def all_napps() -> QuerySet[NApp]:
    """Every N-app in every state, for the platform's own processes."""
    # The manifest itself is fetched only when no process has parsed it yet.
    return NApp.objects.select_related("current").defer("current__manifest")


def reachable_napps() -> QuerySet[NApp]:
    """Every N-app that is open or finishing its cases, whoever asks."""
    return all_napps().filter(state__in=REACHABLE, current__isnull=False)


def open_napps(end: str, user=None) -> QuerySet[NApp]:
    """N-apps shown at a service end ("government", "public", "enterprise"), open or closing."""
    napps = all_napps().filter(state__in=REACHABLE, ends__contains=[end])
    return visible_to(user, "view", napps)


def napps_for(user) -> QuerySet[NApp]:
    """The N-apps that this person sees: what can be reached, and every one for administrators."""
    return visible_to(user, "view", all_napps()).order_by("slug")


def napp_by_slug(slug: str) -> NApp | None:
    """The N-app of that slug in whatever state, or None."""
    return all_napps().filter(slug=slug).first()


def napp_by_id(napp_id: int) -> NApp | None:
    """The N-app of that id in whatever state, or None."""
    return all_napps().filter(pk=napp_id).first()


def napps_on_disk() -> QuerySet[NApp]:
    """N-apps that came from a folder."""
    return NApp.objects.filter(in_folder=True)


def reachable(queryset: QuerySet, path: str = "napp") -> QuerySet:
    """The rows of `queryset` whose N-app (found over the relation `path`) may be reached."""
    return queryset.filter(**{f"{path}__state__in": REACHABLE})


def unreachable_ids() -> list[int]:
    """The ids of the N-apps of which nothing may be reached, mostly none."""
    return list(NApp.objects.exclude(state__in=REACHABLE).values_list("pk", flat=True))


def napp_titles(ids) -> dict[int, dict]:
    """{id: title in both languages} of these N-apps in whatever state."""
    return dict(NApp.objects.filter(pk__in=list(ids)).values_list("pk", "title"))


def versions_named(ids) -> dict[int, NAppVersion]:
    """{id: version with its N-app, without the manifest} of these versions."""
    found = NAppVersion.objects.filter(pk__in=list(ids)).select_related("napp")
    return {one.pk: one for one in found.defer("manifest")}


def is_reachable(slug: str) -> bool:
    """Whether anything of the N-app may be reached: it is open, or closed and finishing its
    cases."""
    return NApp.objects.filter(slug=slug, state__in=REACHABLE).exists()


def accepts_new_cases(slug: str) -> bool:
    """Whether somebody may begin something new with the N-app."""
    return NApp.objects.filter(slug=slug, state=State.OPEN).exists()


def require_reachable(slug: str) -> NApp:
    """The gate: the N-app with its current version, or Http404 while it may not be reached."""
    napp = all_napps().filter(slug=slug, state__in=REACHABLE).first()
    if napp is None:
        raise Http404
    return napp


def require_open(slug: str) -> NApp:
    """The gate for new cases: as `require_reachable`, but a closed N-app is refused too."""
    napp = require_reachable(slug)
    if napp.state != State.OPEN:
        raise Http404
    return napp


def versions_of(napp: NApp) -> QuerySet[NAppVersion]:
    """The N-app's versions, newest first."""
    return napp.versions.select_related("created_by")


def version_of(napp: NApp, version: str) -> NAppVersion | None:
    return napp.versions.filter(version=version).first()


def version_in(napp: NApp, version_id: int) -> NAppVersion | None:
    """The version of that id when it is one of the N-app's."""
    return napp.versions.filter(pk=version_id).first()


def version_manifest(napp_version: NAppVersion) -> Manifest:
    """The typed manifest of a version. Versions never change, so each process parses one once."""
    key = (napp_version.pk, napp_version.digest)
    if key not in _parsed:
        if len(_parsed) >= _KEPT:
            _parsed.pop(next(iter(_parsed)), None)
        _parsed[key] = parse_stored(napp_version.manifest)
    return _parsed[key]


def current_manifest(napp: NApp) -> Manifest:
    """The typed manifest of the N-app's current version."""
    return version_manifest(napp.current)


def exported(napp_version: NAppVersion) -> str:
    """A version's manifest as text for people: keys in the order of the schema."""
    ordered = in_reading_order(version_manifest(napp_version))
    return json.dumps(ordered, ensure_ascii=False, indent=2) + "\n"


def compare_versions(old: NAppVersion, new: NAppVersion) -> list[Chapter]:
    """What changed from one version to another, in sentences by section."""
    return chapters(*(in_reading_order(version_manifest(one)) for one in (old, new)))


def group_name(slug: str, role_key: str) -> str:
    return f"napp:{slug}:{role_key}"


def role_group_names(manifest: Manifest, role_key: str) -> list[str]:
    """The role's own group and the standing duties that it includes."""
    role = manifest.role(role_key)
    duties = [f"duty:{duty}" for duty in role.includes] if role else []
    return [group_name(manifest.slug, role_key), *duties]


def role_groups(napp: NApp, role_key: str) -> list[int]:
    """Ids of the groups whose members have the role: its own group and the duties it includes."""
    if napp.current_id is None:
        return []
    names = role_group_names(current_manifest(napp), role_key)
    return list(Group.objects.filter(name__in=names).order_by("id").values_list("id", flat=True))
