"""A code N-app with hooks, models, pages and listeners, and the folders that N-apps lie in."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import Http404
from django.utils import timezone
from pydantic import BaseModel

from platform_core.common.events import emit
from platform_core.common.outbox import services as outbox
from platform_core.common.outbox.models import OutboxMessage
from platform_core.napps import hooks, selectors, services
from platform_core.napps.folders import sync_folders
from platform_core.napps.manifest import ManifestInvalid, Section, register_section
from security.actors import Actor

FIXTURES = Path(__file__).parents[2] / "fixtures" / "napps"
NAME = "tests.fixtures.napps.library_card"
SYNC = Actor.system("sync_napps")


class Call(BaseModel):
    key: str
    hook: str


@pytest.fixture(autouse=True)
def _sections():
    """The real section "pages" beside one that names hooks."""
    from platform_core.capabilities.pages.capability import AnyPage

    register_section(Section("calls", list[Call]))
    register_section(Section("pages", list[AnyPage]))


@pytest.fixture
def library(db, settings):
    """The code N-app installed, with its table, and registered as sync_napps does it."""
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, NAME]
    settings.NAPP_DIRS = [FIXTURES]
    model = apps.get_model("napp_library_card", "Card")
    with connection.schema_editor() as editor:
        editor.create_model(model)
    sync_folders(actor=SYNC)
    return selectors.napp_by_slug("library_card")


@pytest.fixture
def opened(library):
    return services.open_napp(actor=SYNC, napp=library)


def work_off():
    for message_id in outbox.lease_due():
        outbox.deliver(message_id=message_id)


class TestCode:
    def test_it_is_registered_with_its_code(self, library):
        assert (library.state, library.has_code, library.in_folder) == ("draft", True, True)

    def test_a_hook_runs_while_the_napp_may_be_reached(self, opened):
        assert hooks.run_hook("library_card", "step", "issue_number", holder="Alice") == "L00001"
        services.disable_napp(actor=SYNC, napp=opened)
        with pytest.raises(Http404):
            hooks.run_hook("library_card", "step", "issue_number", holder="Bob")

    def test_a_hook_that_is_not_there(self, opened):
        with pytest.raises(hooks.HookMissing):
            hooks.run_hook("library_card", "step", "other", holder="Alice")

    def test_a_manifest_may_only_name_hooks_that_exist(self, library):
        wrong = library.current.manifest | {
            "version": "1.1.0",
            "calls": [{"key": "number", "hook": "other"}],
        }
        with pytest.raises(ManifestInvalid) as caught:
            services.register_napp(actor=SYNC, manifest=wrong, folder="library_card")
        assert [problem.place for problem in caught.value.problems] == ["calls[0].hook"]

    def test_the_browser_cannot_change_a_code_napp(self, library):
        newer = library.current.manifest | {"version": "1.1.0"}
        with pytest.raises(ManifestInvalid, match="folder"):
            services.register_napp(actor=SYNC, manifest=newer)

    def test_its_pages_stand_behind_the_gate(self, library, client):
        address = "/apps/library_card/count/"
        assert client.get(address).status_code == 404
        services.open_napp(actor=SYNC, napp=library)
        assert client.get(address).content == b"0 cards"
        assert client.get("/apps/library_card/other/").status_code == 404
        assert client.get("/apps/nothing/count/").status_code == 404
        services.disable_napp(actor=SYNC, napp=library)
        assert client.get(address).status_code == 404

    def test_its_listeners_hear_nothing_while_it_is_disabled(self, opened, client):
        emit("library.visited", holder="Alice")
        services.disable_napp(actor=SYNC, napp=opened)
        emit("library.visited", holder="Bob")
        services.open_napp(actor=SYNC, napp=opened)
        assert client.get("/apps/library_card/count/").content == b"1 cards"

    def test_its_tasks_wait_while_it_is_disabled(self, opened, client):
        services.disable_napp(actor=SYNC, napp=opened)
        outbox.send(topic="library.remind", key="r1", payload={"holder": "Alice"})
        work_off()
        assert OutboxMessage.objects.get().state == "ready"
        services.open_napp(actor=SYNC, napp=opened)
        OutboxMessage.objects.update(due_at=timezone.now())
        work_off()
        assert client.get("/apps/library_card/count/").content == b"1 cards"


class TestFolders:
    @pytest.fixture
    def place(self, db, tmp_path, settings, manifest):
        settings.NAPP_DIRS = [tmp_path]

        def write(name="lost_property", **changes):
            folder = tmp_path / name
            folder.mkdir(exist_ok=True)
            content = manifest(**({"slug": name} | changes))
            (folder / "manifest.json").write_text(json.dumps(content))
            return folder

        return write

    def test_what_is_found_is_a_draft_and_nothing_happens_twice(self, place):
        place()
        assert sync_folders(actor=SYNC).added == ["lost_property"]
        assert selectors.napp_by_slug("lost_property").state == "draft"
        done = sync_folders(actor=SYNC)
        assert (done.added, done.changed, done.same) == ([], [], ["lost_property"])

    def test_a_new_version_waits_for_an_administrator(self, place):
        place()
        sync_folders(actor=SYNC)
        napp = selectors.napp_by_slug("lost_property")
        services.open_napp(actor=SYNC, napp=napp)
        place(version="1.1.0")
        assert sync_folders(actor=SYNC).changed == ["lost_property"]
        assert selectors.napp_by_slug("lost_property").current.version == "1.0.0"

    def test_a_folder_that_is_gone_and_comes_back(self, place):
        folder = place()
        sync_folders(actor=SYNC)
        services.open_napp(actor=SYNC, napp=selectors.napp_by_slug("lost_property"))
        shutil.move(folder, folder.parent.parent / "elsewhere")
        assert sync_folders(actor=SYNC).missing == ["lost_property"]
        assert not selectors.is_reachable("lost_property")
        assert selectors.napp_by_slug("lost_property").versions.count() == 1
        shutil.move(folder.parent.parent / "elsewhere", folder)
        sync_folders(actor=SYNC)
        assert selectors.napp_by_slug("lost_property").state == "open"

    def test_one_bad_folder_does_not_stop_the_others(self, place):
        place("first", colour="red")
        place("second", slug="other")
        place("third")
        done = sync_folders(actor=SYNC)
        assert done.added == ["third"]
        assert sorted(Path(folder).name for folder in done.refused) == ["first", "second"]
        out, err = io.StringIO(), io.StringIO()
        with pytest.raises(CommandError):
            call_command("sync_napps", stdout=out, stderr=err)
        assert "colour: This section is not known" in err.getvalue()

    def test_an_napp_from_the_browser_becomes_a_folder(self, place, olga, manifest, tmp_path):
        services.register_napp(actor=olga, manifest=manifest(slug="from_browser"))
        call_command("export_napp", "from_browser", str(tmp_path), stdout=io.StringIO())
        assert sync_folders(actor=SYNC).same == ["from_browser"]
        assert selectors.napp_by_slug("from_browser").in_folder

    def test_exporting_what_is_not_there(self, db, tmp_path):
        with pytest.raises(CommandError):
            call_command("export_napp", "nothing", str(tmp_path))


def test_settings_install_code_napps_of_further_directories():
    code = (
        "import django; django.setup(); from platform_core.napps import code;"
        "print(code.has_code('library_card'), code.hook_names('library_card'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ
        | {
            "NAPP_DIRS": "tests/fixtures/napps",
            "DJANGO_SETTINGS_MODULE": "platform_core.settings",
            "DEBUG": "1",
        },
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "True {'issue_number'}"
