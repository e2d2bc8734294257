"""Sample data: the N-apps that come with the platform are opened in their newest version."""

from platform_core.common.samples import register_sample
from security.actors import Actor

from . import selectors, services


@register_sample("N-apps", order=30)
def open_shipped_napps() -> str:
    """Opens every draft that lies in a folder; what an administrator switched stays as it is."""
    actor, opened = Actor.system("sample data"), []
    for napp in selectors.napps_on_disk().filter(state="draft").order_by("slug"):
        services.open_napp(actor=actor, napp=napp)
        opened.append(napp.slug)
    return ", ".join(opened)
