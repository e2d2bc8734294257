"""Switching an N-app works at once in every process, without a restart."""

from platform_core.napps import services
from platform_core.napps.folders import sync_folders
from platform_core.napps.selectors import napp_by_slug
from tests.factories import MAKER

from .processes import status_of

GUIDE = "/services/public_clues/report/"


def test_every_process_follows_at_once(processes):
    sync_folders(actor=MAKER)
    napp = napp_by_slug("public_clues")
    servers = [processes.start_web("web-1"), processes.start_web("web-2")]

    def statuses():
        return {status_of(server + GUIDE) for server in servers for _again in range(2)}

    assert statuses() == {404}
    services.open_napp(actor=MAKER, napp=napp)
    assert statuses() == {200}
    services.disable_napp(actor=MAKER, napp=napp)
    assert statuses() == {404}
    services.open_napp(actor=MAKER, napp=napp)
    assert statuses() == {200}
