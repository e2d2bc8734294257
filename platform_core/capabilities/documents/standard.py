"""Templates that a platform brings for everybody; an N-app may give its own under the same key."""

from platform_core.napps.selectors import version_manifest

from .definition import Template

_standard: dict[str, Template] = {}


def register_standard(template: Template) -> None:
    """Make a template known to every N-app. A platform calls it once from its registrations."""
    _standard[template.key] = template


def standard_templates() -> dict[str, Template]:
    """The registered templates by key."""
    return dict(_standard)


def templates_of(napp_version) -> dict[str, Template]:
    """All templates that a manifest version may use, its own first."""
    own = version_manifest(napp_version).section("documents")
    return _standard | {template.key: template for template in own}
