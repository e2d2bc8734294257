import json

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, transaction
from django.http import Http404

from platform_core.common.errors import Conflict
from platform_core.napps import selectors, services
from platform_core.napps.manifest import ManifestInvalid
from platform_core.napps.models import NAppVersion
from security.access import may, visible_to
from security.audit.models import AuditEntry
from tests.factories import make_citizen, make_official

pytestmark = pytest.mark.django_db
ASK = {"kind": "ask", "words": {"zh": "你好", "en": "Hello"}}


def chains(*keys):
    return [{"key": key, "links": [ASK]} for key in keys]


@pytest.fixture
def register(olga, manifest):
    def run(**changes):
        return services.register_napp(actor=olga, manifest=manifest(**changes))

    return run


class TestRegister:
    def test_a_new_napp_is_a_draft_with_a_current_version(self, register):
        napp = register().napp
        assert (napp.state, napp.current.version) == ("draft", "1.0.0")
        assert napp.title["en"] == "Lost property"
        assert AuditEntry.objects.get().verb == "napp.register"

    def test_the_same_content_again_changes_nothing(self, register):
        assert register().pk == register().pk
        assert AuditEntry.objects.count() == 1

    def test_a_version_number_stands_for_one_content(self, register):
        register()
        with pytest.raises(ManifestInvalid) as caught:
            register(icon="bell")
        assert caught.value.problems[0].place == "manifest.version"

    def test_of_a_draft_the_newest_version_is_current(self, register):
        register()
        assert register(version="1.1.0", icon="bell").napp.current.version == "1.1.0"

    def test_of_an_open_napp_a_new_version_waits(self, register, olga):
        napp = services.open_napp(actor=olga, napp=register().napp)
        register(version="1.1.0", icon="bell")
        napp.refresh_from_db()
        assert (napp.current.version, napp.icon) == ("1.0.0", "search")

    def test_an_invalid_manifest_leaves_nothing(self, register):
        with pytest.raises(ManifestInvalid):
            register(colour="red")
        assert selectors.napp_by_slug("lost_property") is None

    def test_a_version_never_changes(self, register):
        version = register()
        for change in (
            lambda: NAppVersion.objects.filter(pk=version.pk).update(note="x"),
            lambda: NAppVersion.objects.filter(pk=version.pk).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


class TestStates:
    @pytest.mark.parametrize(
        ("steps", "reachable", "accepting"),
        [
            ([], False, False),
            (["open"], True, True),
            (["open", "close"], True, False),
            (["open", "disable"], False, False),
            (["open", "close", "open"], True, True),
            (["open", "disable", "open"], True, True),
        ],
    )
    def test_the_gate_follows_the_state(self, register, olga, steps, reachable, accepting):
        napp = register().napp
        for step in steps:
            getattr(services, f"{step}_napp")(actor=olga, napp=napp)
        assert selectors.is_reachable("lost_property") is reachable
        assert selectors.accepts_new_cases("lost_property") is accepting
        for gate, is_open in (
            (selectors.require_reachable, reachable),
            (selectors.require_open, accepting),
        ):
            if is_open:
                assert gate("lost_property").slug == "lost_property"
            else:
                with pytest.raises(Http404):
                    gate("lost_property")

    @pytest.mark.parametrize(
        ("steps", "refused"),
        [
            ([], "close"),
            ([], "disable"),
            (["open"], "open"),
            (["open", "close"], "close"),
            (["open", "disable"], "close"),
        ],
    )
    def test_other_moves_are_refused(self, register, olga, steps, refused):
        napp = register().napp
        for step in steps:
            getattr(services, f"{step}_napp")(actor=olga, napp=napp)
        with pytest.raises(Conflict):
            getattr(services, f"{refused}_napp")(actor=olga, napp=napp)

    def test_every_move_is_audited(self, register, olga):
        napp = register().napp
        services.open_napp(actor=olga, napp=napp)
        services.disable_napp(actor=olga, napp=napp)
        verbs = AuditEntry.objects.order_by("id").values_list("verb", flat=True)
        assert list(verbs) == ["napp.register", "napp.open", "napp.disable"]

    def test_an_unknown_slug_is_not_reachable(self):
        assert not selectors.is_reachable("nothing")
        with pytest.raises(Http404):
            selectors.require_reachable("nothing")


class TestVersions:
    def test_sections_are_published_when_opened_and_when_switched(self, register, olga, published):
        napp = register(chains=chains("a")).napp
        assert published == []
        services.open_napp(actor=olga, napp=napp)
        newer = register(version="2.0.0")
        services.switch_version(actor=olga, napp=napp, version=newer)
        assert published == [("1.0.0", ["a"]), ("2.0.0", [])]

    def test_rolling_back_restores_what_is_shown(self, register, olga):
        first = register()
        napp = services.open_napp(actor=olga, napp=first.napp)
        services.switch_version(
            actor=olga, napp=napp, version=register(version="1.1.0", icon="bell")
        )
        napp = services.switch_version(actor=olga, napp=napp, version=first)
        assert (napp.current.version, napp.icon, napp.state) == ("1.0.0", "search", "open")

    def test_a_version_of_another_napp_is_refused(self, register, olga):
        other = register(slug="other_one")
        with pytest.raises(Conflict):
            services.switch_version(actor=olga, napp=register().napp, version=other)

    def test_differences_are_readable(self, register):
        old = register(chains=chains("a", "b"))
        new = register(version="1.1.0", icon="bell", chains=chains("b", "c"))
        core, rest = selectors.compare_versions(old, new)
        assert [sentence.text for sentence in core.sentences] == [
            "The version goes from 1.0.0 to 1.1.0",
            "icon: “search” → “bell”",
        ]
        assert {(sentence.text, sentence.path) for sentence in rest.sentences} == {
            ("chains: “c” was added", "chains[c]"),
            ("chains: “a” was removed", "chains[a]"),
        }

    def test_an_export_reads_in_the_order_of_the_schema(self, register):
        text = selectors.exported(NAppVersion.objects.get(pk=register(chains=chains("a")).pk))
        keys = ["schema", "slug", "version", "title", "summary", "icon", "ends", "chains"]
        places = [text.index(f'"{key}": ') for key in keys]
        assert places == sorted(places)
        assert json.loads(text) == selectors.napp_by_slug("lost_property").current.manifest

    def test_a_parsed_version_is_kept(self, register, django_assert_num_queries):
        version = register()
        with django_assert_num_queries(0):
            assert selectors.version_manifest(version) is selectors.version_manifest(version)


class TestRoles:
    def test_a_role_is_a_group_with_verbs_and_its_duties(self, register, olga):
        clerk = make_official("bob", kind="police", duties=["clerk"])
        head = make_official("carol", kind="police", duties=["head"])
        napp = services.open_napp(actor=olga, napp=register().napp)
        assert may(clerk, "handle", napp)
        assert not may(clerk, "manage", napp)
        assert not may(head, "handle", napp)
        names = Group.objects.filter(id__in=selectors.role_groups(napp, "desk"))
        assert set(names.values_list("name", flat=True)) == {
            "napp:lost_property:desk",
            "duty:clerk",
        }

    def test_verbs_go_when_the_next_version_takes_them_away(self, register, olga, manifest):
        clerk = make_official("bob", kind="police", duties=["clerk"])
        napp = services.open_napp(actor=olga, napp=register().napp)
        lonely = [manifest()["roles"][0] | {"includes": [], "verbs": ["use"]}]
        newer = register(version="1.1.0", roles=lonely)
        napp = services.switch_version(actor=olga, napp=napp, version=newer)
        assert not may(clerk, "handle", napp)
        assert len(selectors.role_groups(napp, "desk")) == 1

    def test_citizens_see_what_is_open_and_handle_nothing(self, register, olga):
        alice = make_citizen("alice")
        napp = register().napp
        assert not may(alice, "view", napp)
        napp = services.open_napp(actor=olga, napp=napp)
        assert may(alice, "view", napp)
        assert not may(alice, "handle", napp)
        assert not may(None, "use", napp)
        assert list(selectors.open_napps("public")) == [napp]
        assert list(selectors.open_napps("government")) == []

    @pytest.mark.parametrize("count", [1, 3])
    def test_listing_costs_the_same_for_one_and_three(
        self, register, olga, count, django_assert_num_queries
    ):
        alice = make_citizen("alice")
        for number in range(count):
            services.open_napp(actor=olga, napp=register(slug=f"napp_{number}").napp)
        with django_assert_num_queries(1):
            assert len(selectors.open_napps("public", alice)) == count

    def test_a_disabled_napp_can_be_handled_by_nobody(self, register, olga):
        clerk = make_official("bob", kind="police", duties=["clerk"])
        napp = services.open_napp(actor=olga, napp=register().napp)
        napp = services.disable_napp(actor=olga, napp=napp)
        assert not may(clerk, "handle", napp)
        assert not visible_to(clerk, "view", selectors.all_napps()).exists()
