"""Every read of pages."""

from django.http import Http404

from platform_core.napps.models import NAppVersion
from platform_core.napps.selectors import current_manifest, open_napps, version_manifest

from .addresses import ENDS


def page_of(napp_version: NAppVersion, page_key: str, end: str):
    """The page of that key at `end` ("public", "enterprise", "office"); Http404 when there is
    none."""
    wanted = ENDS[end]
    for page in version_manifest(napp_version).section("pages"):
        if page.key == page_key and wanted in page.ends:
            return page
    raise Http404


def menu_pages(end: str, user) -> list[tuple[str, object]]:
    """(slug, page) of every reachable N-app's page that wants to be in the menu of `end`."""
    wanted = ENDS[end]
    return [
        (napp.slug, page)
        for napp in open_napps(wanted, user)
        for page in current_manifest(napp).section("pages")
        if page.menu and wanted in page.ends
    ]
