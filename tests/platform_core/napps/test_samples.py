import json

import pytest

from platform_core.napps import selectors, services
from platform_core.napps.folders import sync_folders
from platform_core.napps.samples import open_shipped_napps
from security.actors import Actor

pytestmark = pytest.mark.django_db
SYNC = Actor.system("sync_napps")


def test_shipped_napps_are_opened_once_and_left_alone_afterwards(
    tmp_path, settings, manifest, olga
):
    settings.NAPP_DIRS = [tmp_path]
    for slug in ("first", "second"):
        (tmp_path / slug).mkdir()
        (tmp_path / slug / "manifest.json").write_text(json.dumps(manifest(slug=slug)))
    services.register_napp(actor=olga, manifest=manifest(slug="from_browser"))
    sync_folders(actor=SYNC)
    assert open_shipped_napps() == "first, second"
    services.disable_napp(actor=olga, napp=selectors.napp_by_slug("first"))
    assert open_shipped_napps() == ""
    assert [napp.state for napp in selectors.all_napps().order_by("slug")] == [
        "disabled",
        "draft",
        "open",
    ]
