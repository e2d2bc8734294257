"""A definition is written by several people; whoever is second is told, and loses nothing."""

import copy
import json

import pytest
from rest_framework.test import APIClient

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.napps import selectors as napps
from platform_core.napps import services as registry
from platform_core.napps.drafts import selectors, services
from platform_core.napps.manifest import ManifestInvalid
from platform_core.napps.publication import services as publication
from tests.factories import actor_of, make_admin, make_citizen, sign_in

pytestmark = pytest.mark.django_db
ASK = {"kind": "ask", "words": {"zh": "你好", "en": "Hello"}}


@pytest.fixture
def anna():
    return make_admin("anna")


@pytest.fixture
def ben():
    return make_admin("ben")


@pytest.fixture
def napp(olga, manifest):
    version = registry.register_napp(
        actor=olga, manifest=manifest(chains=[{"key": "a", "links": [ASK]}])
    )
    return registry.open_napp(actor=olga, napp=version.napp)


@pytest.fixture
def draft(anna, napp):
    return services.start_draft(actor=actor_of(anna), napp=napp)


def content_of(draft, **changes):
    return copy.deepcopy(draft.content) | changes


def save(user, draft, seen=1, **changes):
    return services.save_draft(
        actor=actor_of(user), draft=draft, seen=seen, content=content_of(draft, **changes)
    )


class TestWriting:
    def test_a_draft_begins_from_the_current_version_with_the_next_number(self, draft, ben, napp):
        assert (draft.base.version, draft.content["version"]) == ("1.0.0", "1.1.0")
        assert services.start_draft(actor=actor_of(ben), napp=napp) == draft

    def test_mistakes_are_saved_listed_and_keep_it_from_being_registered(self, anna, draft):
        saved = save(anna, draft, icon="Not an icon!", chains=3).draft
        assert saved.revision == 2
        with pytest.raises(ManifestInvalid) as caught:
            services.register_draft(actor=actor_of(anna), draft=saved, seen=2)
        assert {problem.place for problem in caught.value.problems} == {
            "manifest.icon",
            "chains",
        }

    def test_a_sound_draft_becomes_a_version_of_its_authors(self, anna, ben, draft, napp):
        save(anna, draft, icon="bell")
        draft.refresh_from_db()
        save(ben, draft, seen=2, summary={"zh": "新", "en": "New"})
        version = services.register_draft(actor=actor_of(anna), draft=draft, seen=3, note="x")
        assert version.authors == sorted([anna.pk, ben.pk])
        assert napps.napp_by_slug(napp.slug).current.version == "1.0.0"
        assert selectors.open_draft(napp) is None
        wish = publication.ask_publication(actor=actor_of(anna), version=version)
        with pytest.raises(NotAllowed):
            publication.approve_publication(actor=actor_of(ben), request=wish)
        publication.approve_publication(actor=actor_of(make_admin("cleo")), request=wish)
        assert napps.napp_by_slug(napp.slug).current.version == "1.1.0"

    def test_another_slug_or_a_taken_number_is_a_mistake(self, anna, draft):
        save(anna, draft, slug="somebody_else", version="1.0.0")
        draft.refresh_from_db()
        with pytest.raises(ManifestInvalid) as caught:
            services.register_draft(actor=actor_of(anna), draft=draft, seen=2)
        assert "manifest.slug" in {problem.place for problem in caught.value.problems}

    @pytest.mark.parametrize("content", ["{", "[1]", 3, None, "[" * 10**5, {"a": "\0"}])
    def test_what_is_no_manifest_at_all_is_refused_in_words(self, anna, draft, content):
        with pytest.raises(Unusable):
            services.save_draft(actor=actor_of(anna), draft=draft, seen=1, content=content)

    def test_a_discarded_draft_makes_room_for_another(self, anna, draft, napp):
        services.discard_draft(actor=actor_of(anna), draft=draft, seen=1)
        with pytest.raises(Conflict):
            save(anna, draft)
        assert services.start_draft(actor=actor_of(anna), napp=napp) != draft

    def test_old_revisions_are_pruned(self, anna, draft, monkeypatch):
        monkeypatch.setattr(services, "KEPT_REVISIONS", 3)
        for number in range(1, 6):
            save(anna, draft, seen=number, icon=f"i{number}")
            draft.refresh_from_db()
        assert [one.number for one in selectors.revisions_of(draft)] == [6, 5, 4]

    def test_a_process_writes_no_drafts(self, olga, napp):
        with pytest.raises(NotAllowed):
            services.start_draft(actor=olga, napp=napp)


class TestTwoDesigners:
    def test_the_second_is_told_and_nothing_is_overwritten(self, anna, ben, draft):
        save(anna, draft, icon="bell")
        saving = save(ben, draft, icon="star")
        assert saving.side.content["icon"] == "star"
        assert "Anna" in saving.message
        draft.refresh_from_db()
        assert (draft.content["icon"], draft.revision) == ("bell", 2)
        assert list(selectors.sides_of(draft, ben)) == [saving.side]
        assert list(selectors.sides_of(draft, anna)) == []

    def test_saving_the_same_is_no_clash(self, anna, ben, draft):
        save(anna, draft, icon="bell")
        assert save(ben, draft, icon="bell").side is None

    def test_true_and_one_are_two_things(self, anna, draft):
        save(anna, draft, extra=1)
        draft.refresh_from_db()
        assert save(anna, draft, seen=2, extra=True).draft.revision == 3

    def test_what_fits_together_is_saved_together(self, anna, ben, draft):
        save(anna, draft, icon="bell")
        side = save(ben, draft, summary={"zh": "新", "en": "New"}).side
        draft.refresh_from_db()
        clash = selectors.clash_of(side, draft)
        assert [one.text for chapter in clash.theirs for one in chapter.sentences] == [
            "icon: “search” → “bell”"
        ]
        assert [one.text for chapter in clash.mine for one in chapter.sentences] == [
            "summary: “Report something you lost.” → “New”"
        ]
        assert clash.merge.overlaps == []
        merged = services.merge_draft(
            actor=actor_of(ben), draft=draft, side=side, seen=2, choices={}
        )
        assert (merged.content["icon"], merged.content["summary"]["en"]) == ("bell", "New")
        assert merged.authors == sorted([anna.pk, ben.pk])
        assert list(selectors.sides_of(draft, ben)) == []

    def test_overlaps_need_a_choice(self, anna, ben, draft):
        save(anna, draft, icon="bell")
        side = save(ben, draft, icon="star").side
        facts = {"actor": actor_of(ben), "draft": draft, "side": side, "seen": 2}
        with pytest.raises(Unusable) as caught:
            services.merge_draft(**facts, choices={})
        assert set(caught.value.errors) == {"icon"}
        assert services.merge_draft(**facts, choices={"icon": "mine"}).content["icon"] == "star"

    def test_who_was_faster_again_is_told_again(self, anna, ben, draft):
        save(anna, draft, icon="bell")
        side = save(ben, draft, icon="star").side
        draft.refresh_from_db()
        save(anna, draft, seen=2, icon="moon")
        with pytest.raises(Conflict):
            services.merge_draft(
                actor=actor_of(ben), draft=draft, side=side, seen=2, choices={"icon": "mine"}
            )

    def test_nobody_puts_together_what_another_wrote(self, anna, ben, draft):
        save(anna, draft, icon="bell")
        side = save(ben, draft, icon="star").side
        with pytest.raises(NotAllowed):
            services.merge_draft(
                actor=actor_of(anna), draft=draft, side=side, seen=2, choices={"icon": "mine"}
            )


class TestApi:
    ALL = "/api/v1/napps/lost_property/drafts/"

    @pytest.fixture
    def api(self, anna):
        client = APIClient()
        client.cookies["gov_language"] = "en"
        sign_in(client, anna)
        return client

    def test_a_studio_writes_checks_and_registers(self, api, napp):
        begun = api.post(self.ALL, {}, format="json")
        assert (begun.status_code, begun.json()["revision"]) == (201, 1)
        address = f"{self.ALL}{begun.json()['id']}/"
        content = begun.json()["content"] | {"icon": "No!"}
        checked = api.post(f"{address}validate/", {"content": content}, format="json").json()
        assert set(checked["problems"]) == {"manifest.icon"}
        saved = api.put(address, {"revision": 1, "content": content}, format="json").json()
        assert (saved["revision"], set(saved["problems"])) == (2, {"manifest.icon"})
        refused = api.post(f"{address}register/", {"revision": 2}, format="json")
        assert refused.status_code == 422
        content["icon"] = "bell"
        saved = api.put(address, {"revision": 2, "content": content}, format="json").json()
        assert saved["problems"] == {}
        assert saved["changes"][0]["changes"][1]["text"] == "icon: “search” → “bell”"
        done = api.post(f"{address}register/", {"revision": 3}, format="json")
        assert (done.status_code, done.json()["version"]) == (201, "1.1.0")
        assert api.get(self.ALL).json()[0]["state"] == "registered"
        assert api.get(address).json()["content"]["icon"] == "bell"

    def test_a_clash_carries_both_and_what_they_make_together(self, api, anna, ben, draft):
        save(ben, draft, icon="star", summary={"zh": "新", "en": "New"})
        address = f"{self.ALL}{draft.pk}/"
        sent = {"revision": 1, "content": content_of(draft, icon="moon", department="health")}
        clash = api.put(address, sent, format="json")
        assert (clash.status_code, clash.json()["who"], clash.json()["revision"]) == (409, "Ben", 2)
        body = clash.json()
        assert [one["path"] for one in body["overlaps"]] == ["icon"]
        assert body["merged"]["department"] == "health"
        assert body["merged"]["summary"]["en"] == "New"
        wish = {"side": body["side"], "revision": 2, "choices": {}}
        unchosen = api.post(f"{address}merge/", wish, format="json")
        assert set(unchosen.json()["errors"]) == {"icon"}
        merged = api.post(f"{address}merge/", wish | {"choices": {"icon": "mine"}}, format="json")
        assert merged.json()["content"]["icon"] == "moon"
        assert merged.json()["revision"] == 3

    @pytest.mark.parametrize("body", [{}, {"revision": 0}, {"revision": "x", "content": {}}])
    def test_unusable_bodies_are_answered_in_words(self, api, draft, body):
        assert api.put(f"{self.ALL}{draft.pk}/", body, format="json").status_code == 400

    def test_strangers_find_nothing(self, api, draft):
        sign_in(api, make_citizen("alice"))
        for address in (self.ALL, f"{self.ALL}{draft.pk}/"):
            assert api.get(address).status_code == 404
        for end in ("validate", "merge", "register", "discard"):
            assert api.post(f"{self.ALL}{draft.pk}/{end}/", {}, format="json").status_code == 404


class TestAdmin:
    @pytest.fixture
    def as_anna(self, client, anna):
        client.cookies["gov_language"] = "en"
        sign_in(client, anna)
        return client

    def address(self, napp):
        return f"/admin/platform_core/napp/{napp.pk}/draft/"

    def test_begin_save_and_register(self, as_anna, napp):
        address = self.address(napp)
        assert "Begin a draft" in as_anna.get(address).content.decode()
        as_anna.post(address, {"begin": "1"})
        draft = selectors.open_draft(napp)
        text = json.dumps(content_of(draft, icon="No!"))
        shown = as_anna.post(
            address, {"revision": 1, "text": text, "register": "1"}, follow=True
        ).content.decode()
        assert "1 mistake keeps this draft from being registered" in shown
        text = json.dumps(content_of(draft, icon="bell"))
        answer = as_anna.post(
            address, {"revision": 2, "text": text, "register": "1"}, follow=True
        ).content.decode()
        assert "ost_property 1.1.0 is registered" in answer

    def test_broken_text_stays_in_the_box(self, as_anna, napp, draft):
        shown = as_anna.post(
            self.address(napp), {"revision": 1, "text": '{"slug": oops', "save": "1"}
        ).content.decode()
        assert "oops" in shown and "see line 1" in shown
        draft.refresh_from_db()
        assert draft.revision == 1

    def test_the_second_sees_both_side_by_side_and_chooses(self, as_anna, napp, ben, draft):
        save(ben, draft, icon="star")
        text = json.dumps(content_of(draft, icon="moon"))
        answer = as_anna.post(
            self.address(napp), {"revision": 1, "text": text, "save": "1"}, follow=True
        )
        shown = answer.content.decode()
        assert "icon: “search” → “star”" in shown and "icon: “search” → “moon”" in shown
        address = answer.redirect_chain[-1][0]
        missing = as_anna.post(address, {"revision": "2", "merge": "1"}).content.decode()
        assert "Choose one of the two" in missing
        as_anna.post(address, {"revision": "2", "choice:icon": "mine", "merge": "1"})
        draft.refresh_from_db()
        assert (draft.content["icon"], draft.revision) == ("moon", 3)
