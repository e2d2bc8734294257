import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from platform_core.napps import selectors, services
from tests.factories import make_admin, make_citizen, make_official, sign_in

pytestmark = pytest.mark.django_db
LIST = "/admin/platform_core/napp/"
ADD = f"{LIST}add/"
ASK = {"kind": "ask", "words": {"zh": "你好", "en": "Hello"}}


@pytest.fixture
def root(client):
    sign_in(client, make_admin())
    client.cookies["gov_language"] = "en"
    return client


@pytest.fixture
def napp(olga, manifest):
    return services.register_napp(actor=olga, manifest=manifest()).napp


def page(answer, status=200):
    assert answer.status_code == status, answer.content[:300]
    return answer.content.decode()


class TestUpload:
    def test_pasted_text_becomes_a_draft(self, root, manifest):
        answer = root.post(ADD, {"text": json.dumps(manifest()), "note": "first", "register": "1"})
        assert answer.status_code == 302
        napp = selectors.napp_by_slug("lost_property")
        assert (napp.state, napp.current.note) == ("draft", "first")
        assert napp.current.created_by.username == "root"
        assert "Lost property" in page(root.get(answer["Location"]))

    def test_a_file_becomes_a_draft(self, root, manifest):
        file = SimpleUploadedFile("m.json", json.dumps(manifest()).encode())
        assert root.post(ADD, {"file": file, "register": "1"}).status_code == 302
        assert selectors.napp_by_slug("lost_property")

    def test_mistakes_are_listed_by_place_and_the_text_stays(self, root, manifest):
        text = json.dumps(
            manifest(
                colour="red", chains=[{"key": "a", "links": [{"kind": "go", "to": "nowhere!"}]}]
            ),
            indent=3,
        )
        shown = page(root.post(ADD, {"text": text, "note": "mine", "register": "1"}))
        assert "<code>chains</code></td><td>0</td><td><code>links[0].to</code>" in shown
        assert "<code>colour</code></td><td>—</td>" in shown
        assert "2 mistakes in the manifest. Nothing was changed." in shown
        assert "nowhere!" in shown and "mine" in shown
        assert selectors.napp_by_slug("lost_property") is None

    def test_what_was_in_a_file_can_be_mended_in_the_box(self, root):
        file = SimpleUploadedFile("m.json", b'{"slug": <script>alert(1)</script>}')
        shown = page(root.post(ADD, {"file": file, "register": "1"}))
        assert "&lt;script&gt;alert(1)" in shown
        assert "<script>alert" not in shown
        assert "see line 1, column 10" in shown

    @pytest.mark.parametrize(
        "raw",
        [b"", b"[" * 10**5, b"\xff\xfe\x00", b"x" * (1024 * 1024 + 1), b'{"a": "\x00"}'],
    )
    def test_unusable_files_are_answered_in_words(self, root, raw):
        file = SimpleUploadedFile("m.json", raw)
        assert 'role="alert"' in page(root.post(ADD, {"file": file, "register": "1"}))

    def test_nothing_sent_is_said(self, root):
        assert "Choose a file or paste" in page(root.post(ADD, {"text": " ", "register": "1"}))

    def test_only_checking_changes_nothing(self, root, manifest, napp):
        newer = manifest(version="1.1.0", icon="bell")
        shown = page(root.post(ADD, {"text": json.dumps(newer), "check": "1"}))
        assert "The manifest is sound" in shown
        assert "version 1.1.0 of lost_property" in shown
        assert "icon: “search” → “bell”" in shown
        assert napp.versions.count() == 1

    def test_a_version_number_that_is_taken(self, root, manifest, napp):
        for button in ("check", "register"):
            shown = page(root.post(ADD, {"text": json.dumps(manifest(icon="bell")), button: "1"}))
            assert "Raise the number" in shown


class TestMoves:
    def address(self, napp, move):
        return f"{LIST}{napp.pk}/{move}/"

    def test_each_move_asks_first_and_then_acts(self, root, napp, olga):
        services.open_napp(actor=olga, napp=napp)
        for move, state in (("close", "closed"), ("open", "open"), ("disable", "disabled")):
            assert "<form method" in page(root.get(self.address(napp, move)))
            assert selectors.napp_by_slug(napp.slug).state != state
            assert root.post(self.address(napp, move)).status_code == 302
            assert selectors.napp_by_slug(napp.slug).state == state

    def test_a_move_that_is_no_longer_possible_is_said(self, root, napp):
        answer = root.post(self.address(napp, "close"), follow=True)
        assert "cannot be closed" in page(answer)

    def test_publishing_checks_the_manifest_again(self, root, napp, monkeypatch):
        from platform_core.napps import manifest as registry

        version = services.register_napp(
            actor=services.Actor.system("test"),
            manifest=napp.current.manifest
            | {"version": "1.1.0", "chains": [{"key": "a", "links": [ASK]}]},
        )
        monkeypatch.setattr(registry, "_sections", {})
        address = f"{LIST}{napp.pk}/publish/{version.pk}/"
        assert "This section is not known" in page(root.post(address))
        assert selectors.napp_by_slug(napp.slug).state == "draft"

    def test_nobody_opens_a_draft_alone(self, root, napp):
        answer = root.post(self.address(napp, "open"), follow=True)
        assert "A second person approves what is published" in page(answer)
        assert selectors.napp_by_slug(napp.slug).state == "draft"

    def test_versions_are_compared_switched_and_exported(self, root, napp, manifest, olga):
        services.open_napp(actor=olga, napp=napp)
        old = napp.current
        newer = services.register_napp(
            actor=olga, manifest=manifest(version="1.1.0", icon="bell"), note="A bell"
        )
        overview = page(root.get(f"{LIST}{napp.pk}/change/"))
        assert "A bell" in overview and "Ask for publication" in overview
        assert "icon: “search” → “bell”" in page(
            root.get(f"{LIST}{napp.pk}/compare/{old.pk}/{newer.pk}/")
        )
        assert root.post(f"{LIST}{napp.pk}/switch/{newer.pk}/").status_code == 302
        assert selectors.napp_by_slug(napp.slug).current.version == "1.0.0"
        services.switch_version(actor=olga, napp=napp, version=newer)
        assert "bell" in page(root.get(f"{LIST}{napp.pk}/versions/{newer.pk}/"))
        exported = root.get(f"{LIST}{napp.pk}/versions/{newer.pk}/export/")
        assert json.loads(exported.content) == newer.manifest
        assert exported["Content-Disposition"].startswith("attachment")

    def test_addresses_that_lead_nowhere(self, root, napp, manifest, olga):
        other = services.register_napp(actor=olga, manifest=manifest(slug="other_one"))
        for address in (
            f"{LIST}99999/change/",
            f"{LIST}x/change/",
            f"{LIST}{napp.pk}/versions/{other.pk}/",
            f"{LIST}{napp.pk}/switch/{other.pk}/",
            f"{LIST}{napp.pk}/delete/",
        ):
            assert root.get(address).status_code in (403, 404), address


class TestOthers:
    @pytest.mark.parametrize("who", ["anonymous", "citizen", "official"])
    def test_nobody_else_gets_in(self, client, napp, who, manifest):
        if who == "citizen":
            sign_in(client, make_citizen("alice"))
        elif who == "official":
            sign_in(client, make_official("bob", kind="police", duties=["head"]))
        for address in (LIST, ADD, f"{LIST}{napp.pk}/change/", f"{LIST}{napp.pk}/open/"):
            assert client.get(address).status_code in (302, 403, 404)
            assert client.post(address, {"text": json.dumps(manifest())}).status_code in (
                302,
                403,
                404,
            )
        assert selectors.napp_by_slug(napp.slug).state == "draft"

    def test_pages_are_plain_for_the_strict_policy(self, root, napp):
        for address in (LIST, ADD, f"{LIST}{napp.pk}/change/", f"{LIST}{napp.pk}/open/"):
            answer = root.get(address)
            shown = page(answer)
            assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
            assert ' style="' not in shown and " onclick=" not in shown and "<script>" not in shown

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_list_costs_the_same_for_one_and_three(
        self, root, olga, manifest, count, django_assert_max_num_queries
    ):
        for number in range(count):
            services.register_napp(actor=olga, manifest=manifest(slug=f"napp_{number}"))
        with django_assert_max_num_queries(8):
            page(root.get(LIST))
