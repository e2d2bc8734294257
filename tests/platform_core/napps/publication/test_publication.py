"""Two people publish: one asks, another one reads the differences and approves."""

import pytest
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.napps import selectors, services
from platform_core.napps.manifest import ManifestInvalid
from platform_core.napps.publication import selectors as publications
from platform_core.napps.publication import services as publication
from platform_core.napps.publication.models import PublicationRequest
from security.actors import Actor
from security.audit.models import AuditEntry
from tests.factories import actor_of, make_admin, make_citizen, make_official, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return make_admin("anna")


@pytest.fixture
def ben():
    return make_admin("ben")


@pytest.fixture
def cleo():
    return make_admin("cleo")


@pytest.fixture
def opened(olga, manifest):
    version = services.register_napp(actor=olga, manifest=manifest())
    return services.open_napp(actor=olga, napp=version.napp)


@pytest.fixture
def newer(anna, opened, manifest):
    """A version that Anna registered for the open N-app."""
    return services.register_napp(
        actor=actor_of(anna), manifest=manifest(version="1.1.0", icon="bell")
    )


def ask(user, version, **more):
    return publication.ask_publication(actor=actor_of(user), version=version, **more)


def approve(user, request):
    return publication.approve_publication(actor=actor_of(user), request=request)


def current(slug="lost_property"):
    return selectors.napp_by_slug(slug).current.version


class TestFourEyes:
    def test_one_asks_and_another_approves(self, anna, ben, newer):
        request = ask(anna, newer, note="A bell instead of a glass")
        assert current() == "1.0.0"
        approve(ben, request)
        assert current() == "1.1.0"
        verbs = AuditEntry.objects.order_by("id").values_list("verb", flat=True)
        assert list(verbs)[-4:] == [
            "napp.register",
            "publication.asked",
            "napp.switch_version",
            "publication.approved",
        ]

    def test_a_draft_is_opened_by_two(self, anna, ben, manifest):
        version = services.register_napp(actor=actor_of(anna), manifest=manifest())
        approve(ben, ask(anna, version))
        assert selectors.napp_by_slug("lost_property").state == "open"

    @pytest.mark.parametrize("asks", ["anna", "ben"])
    @pytest.mark.parametrize("decides", ["anna", "ben", "cleo"])
    def test_neither_who_asked_nor_who_wrote_it_decides(self, request, newer, asks, decides):
        asking, deciding = request.getfixturevalue(asks), request.getfixturevalue(decides)
        assert deciding.is_superuser
        wish = ask(asking, newer)
        if decides in {asks, "anna"}:
            with pytest.raises(NotAllowed):
                approve(deciding, wish)
            with pytest.raises(NotAllowed):
                publication.refuse_publication(actor=actor_of(deciding), request=wish, reason="No.")
            assert publications.waiting_for(deciding) == []
        else:
            assert publications.waiting_for(deciding) == [wish]
            approve(deciding, wish)
        assert (current() == "1.1.0") is (decides not in {asks, "anna"})

    def test_co_authors_of_a_version_do_not_approve_it(self, opened, manifest, anna, ben, cleo):
        version = services.register_napp(
            actor=actor_of(anna), manifest=manifest(version="2.0.0"), authors=[ben.pk]
        )
        request = ask(anna, version)
        with pytest.raises(NotAllowed):
            approve(ben, request)
        approve(cleo, request)
        assert current() == "2.0.0"

    def test_no_person_gets_past_it(self, anna, ben, opened, newer, manifest):
        for user in (anna, ben):
            with pytest.raises(NotAllowed):
                services.switch_version(actor=actor_of(user), napp=opened, version=newer)
        draft = services.register_napp(actor=actor_of(anna), manifest=manifest(slug="other_one"))
        with pytest.raises(NotAllowed):
            services.open_napp(actor=actor_of(ben), napp=draft.napp)
        with pytest.raises(NotAllowed):
            services.open_napp(actor=Actor(name="nobody"), napp=draft.napp)
        with pytest.raises(NotAllowed):
            services.switch_version(
                actor=actor_of(ben), napp=opened, version=newer, approved=opened.current
            )

    def test_a_process_neither_asks_nor_approves(self, olga, newer, anna):
        with pytest.raises(NotAllowed):
            publication.ask_publication(actor=olga, version=newer)
        with pytest.raises(NotAllowed):
            publication.approve_publication(actor=olga, request=ask(anna, newer))

    def test_the_database_keeps_nobody_twice(self, anna, newer):
        request = ask(anna, newer)
        with pytest.raises(IntegrityError), transaction.atomic():
            PublicationRequest.objects.filter(pk=request.pk).update(
                state="approved", decided_by=anna
            )

    def test_the_brake_and_its_release_take_one(self, anna, opened):
        for move, state in (("disable", "disabled"), ("open", "open"), ("close", "closed")):
            napp = getattr(services, f"{move}_napp")(actor=actor_of(anna), napp=opened)
            assert napp.state == state


class TestStates:
    def test_a_refusal_needs_a_reason_and_changes_nothing(self, anna, ben, newer):
        request = ask(anna, newer)
        with pytest.raises(Unusable):
            publication.refuse_publication(actor=actor_of(ben), request=request, reason="  ")
        publication.refuse_publication(
            actor=actor_of(ben), request=request, reason="The icon says something else."
        )
        request.refresh_from_db()
        assert (request.state, request.decided_by) == ("refused", ben)
        assert current() == "1.0.0"
        with pytest.raises(Conflict):
            approve(ben, request)

    def test_only_who_asked_takes_it_back(self, anna, ben, newer):
        request = ask(anna, newer)
        with pytest.raises(NotAllowed):
            publication.withdraw_publication(actor=actor_of(ben), request=request)
        publication.withdraw_publication(actor=actor_of(anna), request=request)
        with pytest.raises(Conflict):
            approve(ben, request)
        assert ask(anna, newer).state == "waiting"

    def test_what_was_compared_with_another_version_is_out_of_date(
        self, olga, anna, ben, opened, newer, manifest
    ):
        request = ask(anna, newer)
        other = services.register_napp(actor=olga, manifest=manifest(version="1.2.0"))
        services.switch_version(actor=olga, napp=opened, version=other)
        request.refresh_from_db()
        assert request.state == "expired"
        with pytest.raises(Conflict):
            approve(ben, request)
        assert current() == "1.2.0"

    def test_a_draft_that_changes_has_to_be_asked_again(self, anna, ben, manifest):
        first = services.register_napp(actor=actor_of(anna), manifest=manifest())
        request = ask(anna, first)
        services.register_napp(actor=actor_of(anna), manifest=manifest(version="1.1.0"))
        with pytest.raises(Conflict):
            approve(ben, request)
        assert selectors.napp_by_slug("lost_property").state == "draft"

    def test_one_waits_at_a_time(self, anna, ben, olga, newer, manifest):
        other = services.register_napp(actor=olga, manifest=manifest(version="1.2.0"))
        ask(anna, newer)
        with pytest.raises(Conflict) as caught:
            ask(ben, other)
        assert caught.value.facts["who"] == str(anna)

    def test_the_current_version_needs_no_publication(self, anna, opened):
        with pytest.raises(Conflict):
            ask(anna, opened.current)

    def test_rolling_back_takes_two_as_well(self, anna, ben, opened, newer):
        first = opened.current
        approve(ben, ask(anna, newer))
        back = ask(anna, first)
        assert current() == "1.1.0"
        approve(ben, back)
        assert current() == "1.0.0"

    def test_what_is_no_longer_sound_is_not_published(self, anna, ben, newer, monkeypatch):
        request = ask(anna, newer)
        monkeypatch.setattr(
            "platform_core.napps.services.validate_manifest",
            lambda *args, **more: (_ for _ in ()).throw(ManifestInvalid([])),
        )
        with pytest.raises(ManifestInvalid):
            approve(ben, request)
        request.refresh_from_db()
        assert (request.state, current()) == ("waiting", "1.0.0")


class TestAdmin:
    LIST = "/admin/platform_core/publicationrequest/"

    @pytest.fixture
    def as_ben(self, client, ben):
        client.cookies["gov_language"] = "en"
        sign_in(client, ben)
        return client

    def test_what_waits_is_listed_and_approved(self, as_ben, anna, newer):
        request = ask(anna, newer, note="A bell")
        assert "lost_property" in as_ben.get(f"{self.LIST}?turn=mine").content.decode()
        shown = as_ben.get(f"{self.LIST}{request.pk}/change/").content.decode()
        assert "A bell" in shown and "Approve and publish" in shown
        assert as_ben.post(f"{self.LIST}{request.pk}/change/", {"approve": "1"}).status_code == 302
        assert current() == "1.1.0"

    def test_one_s_own_wish_can_only_be_taken_back(self, as_ben, ben, newer):
        request = ask(ben, newer)
        assert "lost_property" not in as_ben.get(f"{self.LIST}?turn=mine").content.decode()
        address = f"{self.LIST}{request.pk}/change/"
        shown = as_ben.get(address).content.decode()
        assert "You asked for this publication yourself" in shown and "Approve" not in shown
        answer = as_ben.post(address, {"approve": "1"}, follow=True)
        assert "You asked for this publication yourself" in answer.content.decode()
        as_ben.post(address, {"withdraw": "1"})
        request.refresh_from_db()
        assert (request.state, current()) == ("withdrawn", "1.0.0")

    def test_a_refusal_without_a_reason_keeps_the_page(self, as_ben, anna, newer):
        request = ask(anna, newer)
        answer = as_ben.post(f"{self.LIST}{request.pk}/change/", {"refuse": "1"})
        assert answer.status_code == 200
        assert "Give the reason" in answer.content.decode()

    def test_asking_in_the_browser(self, as_ben, ben, newer):
        address = f"/admin/platform_core/napp/{newer.napp_id}/publish/{newer.pk}/"
        assert "Ask for publication" in as_ben.get(address).content.decode()
        answer = as_ben.post(address, {"note": "Please"}, follow=True)
        assert "has asked for the publication of version 1.1.0" in answer.content.decode()
        assert publications.waiting_publication(newer.napp).note == "Please"

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_list_costs_the_same_for_one_and_three(
        self, as_ben, anna, olga, manifest, count, django_assert_max_num_queries
    ):
        for number in range(count):
            version = services.register_napp(actor=olga, manifest=manifest(slug=f"napp_{number}"))
            ask(anna, version)
        with django_assert_max_num_queries(12):
            assert as_ben.get(self.LIST).status_code == 200

    def test_addresses_that_lead_nowhere(self, as_ben):
        for address in (f"{self.LIST}999/change/", f"{self.LIST}x/change/", f"{self.LIST}add/"):
            assert as_ben.get(address).status_code in (403, 404)


class TestApi:
    ALL = "/api/v1/napps/lost_property/publications/"

    @pytest.fixture
    def api(self):
        client = APIClient()
        client.cookies["gov_language"] = "en"
        return client

    def test_two_people_publish(self, api, anna, ben, newer):
        sign_in(api, anna)
        asked = api.post(self.ALL, {"version": "1.1.0", "note": "x"}, format="json")
        assert (asked.status_code, asked.json()["replaces"]) == (202, "1.0.0")
        address = f"{self.ALL}{asked.json()['id']}/"
        assert api.post(f"{address}approve/", {}, format="json").status_code == 403
        assert api.post(self.ALL, {"version": "1.1.0"}, format="json").status_code == 409
        sign_in(api, ben)
        assert api.post(f"{address}refuse/", {}, format="json").status_code == 422
        assert api.post(f"{address}approve/", {}, format="json").json()["state"] == "approved"
        assert api.post(f"{address}approve/", {}, format="json").status_code == 409
        assert api.post(f"{address}explode/", {}, format="json").status_code == 404
        assert [one["state"] for one in api.get(self.ALL).json()] == ["approved"]
        assert current() == "1.1.0"

    @pytest.mark.parametrize("who", ["citizen", "official"])
    def test_strangers_find_nothing(self, api, who, newer, anna):
        wish = ask(anna, newer)
        people = {
            "citizen": lambda: make_citizen("alice"),
            "official": lambda: make_official("olaf", kind="police"),
        }
        sign_in(api, people[who]())
        assert api.get(self.ALL).status_code == 404
        assert api.post(self.ALL, {"version": "1.1.0"}, format="json").status_code == 404
        assert api.post(f"{self.ALL}{wish.pk}/approve/", {}, format="json").status_code == 404
