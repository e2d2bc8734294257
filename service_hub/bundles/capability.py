"""The manifest section "bundles": checked in itself, published as life events. Items of other
N-apps are looked up when a page is opened, for they come and go without this one.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.capabilities.rules.checks import Known, check
from platform_core.napps.changes import register_wording
from platform_core.napps.manifest import Section, entries, register_section
from security.actors import Actor

from .schema import Bundle
from .services import publish_bundles


def check_bundles(manifest, bundles: list[Bundle]) -> Iterator[tuple[str, str]]:
    """Rules about questions that are not asked, mappings of items that are not there, wrong ends,
    as (path, message).
    """
    for index, bundle in enumerate(bundles):
        known = {
            one.key: Known("text", tuple(option.value for option in one.options))
            if one.options
            else Known("bool")
            for one in bundle.questions
        }
        items = {child.item for child in bundle.items}
        for number, child in enumerate(bundle.items):
            if child.when is not None:
                for problem in check(child.when, known):
                    yield f"[{index}].items[{number}].when", problem.message
        for number, group in enumerate(bundle.shared):
            for name in group:
                if name.partition(":")[0] not in items:
                    message = _("“%(name)s” is no question of an item of this life event.")
                    yield f"[{index}].shared[{number}]", message % {"name": name}
        end = {"person": "public", "firm": "enterprise"}[bundle.audience]
        if end not in manifest.ends:
            message = _("The N-app does not serve the end “%(end)s”.")
            yield f"[{index}].audience", message % {"end": end}


def publish(napp_version, bundles: list[Bundle]) -> None:
    publish_bundles(actor=Actor.system("publication"), napp_version=napp_version, bundles=bundles)


register_section(
    Section(key="bundles", model=entries(Bundle), check=check_bundles, publish=publish)
)
register_wording("bundles", gettext_lazy("Life events"))
