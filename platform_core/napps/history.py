"""What earlier versions of an N-app forbid a later one. Each section brings its own check."""

from .manifest import Manifest, sections
from .models import NApp
from .problems import Problem, located
from .selectors import version_manifest, versions_of


def history_problems(napp: NApp, manifest: Manifest) -> list[Problem]:
    """Problems of `manifest` as another version of `napp`, oldest version first."""
    checks = [section for section in sections().values() if section.check_history]
    if not checks:
        return []
    earlier = [
        version_manifest(version)
        for version in versions_of(napp).order_by("id")
        if version.version != manifest.version
    ]
    return [
        located(section.key, path, message)
        for section in checks
        for path, message in section.check_history(
            manifest.section(section.key),
            [(one.version, one.section(section.key)) for one in earlier],
        )
    ]
