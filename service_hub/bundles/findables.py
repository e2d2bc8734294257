"""Life events as findables."""

from django.utils.translation import gettext_lazy as _

from service_hub.finding.index import Findable
from service_hub.finding.registry import register_findables

from .selectors import open_bundles

KIND = "bundle"


def stamp(end: str | None) -> str:
    """Changes with every publication, opening and closing."""
    return str(hash(tuple(open_bundles(end).values_list("pk", "published_at"))))


def load(end: str | None) -> list[Findable]:
    """Every life event that can be begun."""
    return [
        Findable(
            KIND,
            str(bundle.pk),
            bundle.title,
            bundle.summary,
            tuple(bundle.keywords),
            (),
            "bundle",
            (bundle.napp.slug, bundle.key),
            icon=bundle.icon,
        )
        for bundle in open_bundles(end)
    ]


register_findables(KIND, _("One form for everything"), stamp=stamp, load=load, order=15)
