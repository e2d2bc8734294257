"""Never asked twice: what is held is not asked for, and what was had keeps its receipt."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from platform_core.capabilities.documents.models import Document
from platform_core.capabilities.documents.services import revoke_document
from platform_core.capabilities.forms import services as forms
from platform_core.capabilities.forms.binding import bind_draft
from platform_core.capabilities.forms.earlier import allow_earlier
from platform_core.capabilities.forms.selectors import form_of, plain_values
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.napps.selectors import version_manifest
from security.accounts.services import grant_mandate
from service_hub.cases import services as cases
from service_hub.items.capability import check_services
from service_hub.items.definitions import definition_of
from service_hub.items.schema import Service
from service_hub.materials import given, selectors, services
from service_hub.materials.knowing import Subject, codes_held
from service_hub.materials.models import Confirmation, MaterialReceipt, SharedFact
from service_hub.sample_answers import answers_for
from tests.factories import (
    MAKER,
    actor_of,
    make_citizen,
    make_department,
    make_firm_agent,
    make_official,
)

from ..handling.makers import sign_in
from ..makers import do, file_rent, item_of, make_office, rent_values

pytestmark = pytest.mark.django_db
VALUE = {"zh": "已备案", "en": "On file"}


@pytest.fixture
def office(db):
    return make_office("housing_fund")


def share(user, kind: str, **more) -> SharedFact:
    facts = {"value": VALUE, "as_of": date(2026, 9, 1), "department": make_department("housing")}
    return SharedFact.objects.create(kind=kind, user=user, **(facts | more))


def draft_of(user):
    item = item_of("housing_fund", "rent")
    return item, forms.start_draft(
        actor=actor_of(user), napp_version=item.napp_version, form_key=item.form_key,
        purpose=f"item:{item.pk}",
    )  # fmt: skip


def receipts(case) -> dict[str, str]:
    return dict(MaterialReceipt.objects.filter(case=case).values_list("code", "way"))


class TestWhatIsHeld:
    def test_is_neither_asked_for_nor_missing(self, alice, office):
        share(alice, "tenancy_contract")
        _item, draft = draft_of(alice)
        bound = bind_draft(draft, actor=actor_of(alice))
        assert set(bound.exempt) == {"lease_photo"}
        assert "lease_photo" not in bound.errors
        assert "On file" in bound.exempt["lease_photo"]["note"]["en"]

    def test_the_case_is_filed_without_it_and_the_receipt_says_why(self, alice, office):
        fact = share(alice, "tenancy_contract")
        values = rent_values(alice)
        values.pop("lease_photo")
        item = item_of("housing_fund", "rent")
        case = cases.file_values(actor=actor_of(alice), item=item, values=values).case
        assert receipts(case)["tenancy_contract"] == "shared"
        kept = MaterialReceipt.objects.get(case=case, code="tenancy_contract")
        assert (kept.facts["id"], kept.was_held) == (fact.pk, False)

    @pytest.mark.parametrize(
        "gone", [{"valid_until": date(2026, 1, 1)}, {"kind": "something_else"}, {"user": None}]
    )
    def test_what_no_longer_counts_is_asked_for(self, alice, office, gone):
        fact = share(alice, "tenancy_contract")
        if "user" in gone:
            gone = {"user": make_citizen()}
        SharedFact.objects.filter(pk=fact.pk).update(**gone)
        _item, draft = draft_of(alice)
        assert "lease_photo" in bind_draft(draft, actor=actor_of(alice)).errors

    def test_nobody_is_spared_by_what_is_held_of_an_official_at_the_window(self, alice, office):
        share(office["clerk"], "tenancy_contract")
        item = item_of("housing_fund", "rent")
        draft = forms.start_draft(
            actor=actor_of(office["clerk"]), napp_version=item.napp_version,
            form_key=item.form_key, purpose="intake:1",
        )  # fmt: skip
        assert bind_draft(draft, actor=actor_of(office["clerk"])).exempt == {}

    def test_who_adds_it_all_the_same_is_taken_at_their_word(self, alice, office):
        share(alice, "tenancy_contract")
        case = file_rent(alice)
        assert receipts(case)["tenancy_contract"] == "shared"
        assert not MaterialReceipt.objects.filter(was_held=True).exists()

    def test_the_page_says_what_we_hold_and_lets_one_add_it(self, alice, office, portal):
        share(alice, "tenancy_contract")
        _item, draft = draft_of(alice)
        pages = [one.key for one in bind_draft(draft, actor=actor_of(alice)).form.pages]
        shown = "".join(
            portal(alice).get(f"/apply/{draft.pk}/page/{page}/").content.decode() for page in pages
        )
        assert "You need not bring" in shown
        assert "It is not right, or I want to add it myself" in shown
        check = portal(alice).get(f"/apply/{draft.pk}/check/").content.decode()
        assert "not asked for" in check

    def test_as_many_queries_for_three_facts_as_for_one(
        self, alice, office, django_assert_num_queries
    ):
        item = item_of("housing_fund", "rent")
        version = item.napp_version
        share(alice, "tenancy_contract")
        selectors.exempt_fields(actor_of(alice), version, "application", f"item:{item.pk}")
        counts = []
        for kind in ("tenancy_contract", "no_home", "housing_fund_account"):
            share(alice, kind)
            with django_assert_num_queries(1):
                found = selectors.exempt_fields(
                    actor_of(alice), version, item.form_key, f"item:{item.pk}"
                )
            counts.append(len(found))
        assert counts[-1] >= counts[0]


def test_typing_asks_nothing_of_what_is_held_and_going_on_does(alice, office, portal):
    share(alice, "tenancy_contract")
    _item, draft = draft_of(alice)
    client = portal(alice)
    for button, times in (("_autosave", 0), ("_next", 1)):
        with CaptureQueriesContext(connection) as seen:
            answer = client.post(f"/apply/{draft.pk}/page/lease/", {"rent": "3200", button: "1"})
        assert answer.status_code in {200, 302}
        asked = [one for one in seen if "sharedfact" in one["sql"]]
        assert bool(asked) == bool(times)
    # Nobody who refuses wrong answers asks for what is held, whatever button was pressed.
    forms.save_page(
        actor=actor_of(alice), draft=draft, page="lease", tolerant=False,
        values={**rent_values(alice), "lease_photo": None, "_autosave": "1"},
    )  # fmt: skip


class TestAMemberWithoutTheWallet:
    @pytest.fixture
    def seen(self, alice):
        """How the household register is had, for a member of a firm in each role."""
        make_office("household")
        item = item_of("schooling", "enrol")
        firm = make_firm_agent().mandates.get().firm

        draft = forms.start_draft(
            actor=actor_of(alice), napp_version=item.napp_version, form_key=item.form_key,
            purpose=f"item:{item.pk}",
        )  # fmt: skip

        def seen(role: str) -> dict:
            member = make_citizen()
            grant_mandate(actor=MAKER, firm=firm, user=member, role=role)
            actor = actor_of(member, firm)
            rows = selectors.shown_for_draft(actor, item, draft)
            return next(row for row in rows if row["name"] in {"Household register", "户籍信息"})

        return seen

    def test_hears_why_a_certificate_does_not_count(self, seen):
        assert "does not open its wallet" in seen("viewer")["note"]
        assert "does not open" not in seen("agent")["note"]

    def test_gets_the_next_way_that_holds(self, seen):
        make_department("police")
        row = seen("viewer")
        assert row["way"] == "organ" and row["is_spared"]
        assert "does not open its wallet" in row["note"]
        with translation.override("zh-hans"):
            assert "电子证照" in seen("viewer")["note"]


class TestGivenBefore:
    @pytest.fixture
    def drafted(self, alice, office):
        allow_earlier(actor=actor_of(alice), is_allowed=True)
        file_rent(alice)
        return draft_of(alice)

    def test_it_is_offered_and_used_again_as_a_file_of_its_own(self, alice, drafted, portal):
        _item, draft = drafted
        page = f"/apply/{draft.pk}/page/lease/"
        assert "You gave this before" in portal(alice).get(page).content.decode()
        assert portal(alice).post(f"{page}again/", {"field": "lease_photo"}).status_code == 302
        draft.refresh_from_db()
        (again,) = plain_values(draft)["lease_photo"]
        shown = portal(alice).get(page).content.decode()
        assert again in shown
        assert "You gave this before" not in shown

    def test_the_same_content_is_recognised(self, alice, drafted):
        second = file_rent(alice)
        kept = MaterialReceipt.objects.get(case=second, code="tenancy_contract")
        assert kept.facts["same"] == 1

    def test_never_across_people_nor_without_leave(self, alice, drafted, portal):
        bob = make_citizen("bob")
        allow_earlier(actor=actor_of(bob), is_allowed=True)
        _item, theirs = draft_of(bob)
        page = f"/apply/{theirs.pk}/page/lease/"
        assert "You gave this before" not in portal(bob).get(page).content.decode()
        assert portal(bob).post(f"{page}again/", {"field": "lease_photo"}).status_code == 404
        allow_earlier(actor=actor_of(alice), is_allowed=False)
        item, draft = drafted
        papers = given.papers_of(definition_of(item))
        assert "tenancy_contract" in papers
        assert given.offered(actor_of(alice), papers, draft, form_of(draft).page("lease")) == []


class TestTheCounter:
    def test_asking_for_what_is_held_is_counted_and_agrees_with_plain_sql(self, alice, office):
        bob = make_citizen("bob")
        file_rent(bob)
        case = file_rent(alice)
        share(alice, "floor_plan")
        # The service itself knows no better way than asking: that is what the counter is for.
        row = MaterialReceipt.objects.get(case=case, code="tenancy_contract")
        share(alice, "tenancy_contract")
        assert codes_held(Subject(alice), ["tenancy_contract", "plan"]) == {"tenancy_contract"}
        assert codes_held(Subject(bob), ["tenancy_contract"]) == set()
        assert selectors.asked_although_held() == {"asked": 2, "held": 0}
        MaterialReceipt.objects.bulk_create(
            [MaterialReceipt(case=case, code="again", name=row.name, way="upload", was_held=True,
                             at=timezone.now())]
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) filter (where way = 'upload'), count(*) filter (where was_held)"
                " from service_hub_materialreceipt"
            )
            asked, held = cursor.fetchone()
        assert selectors.asked_although_held() == {"asked": asked, "held": held}
        assert held == 1

    def test_a_receipt_cannot_be_changed(self, alice, office):
        case = file_rent(alice)
        with pytest.raises(Exception, match=r"append_only|Cannot update"):
            MaterialReceipt.objects.filter(case=case).update(way="shared")


class TestOtherOrgans:
    @pytest.fixture
    def case(self, alice, office):
        make_office("police")
        self.health = make_official(kind="health")
        item = item_of("household", "newborn")
        values = answers_for("newborn", actor_of(alice), "330106")
        return cases.file_values(actor=actor_of(alice), item=item, values=values).case

    def test_the_other_organ_is_asked_with_a_clock_and_answers(self, case, alice):
        asked = Confirmation.objects.get(case=case)
        assert (asked.code, asked.state) == ("birth_certificate", "asked")
        assert asked.due_at is not None
        assert receipts(case)["birth_certificate"] == "organ"
        clerk = sign_in(self.health)
        assert "Birth certificate" in clerk.get("/office/confirmations/").content.decode()
        page = f"/office/confirmations/{asked.pk}/"
        assert clerk.post(page, {"no": "1", "answer": " "}).status_code == 422
        assert clerk.post(page, {"yes": "1"}).status_code == 302
        asked.refresh_from_db()
        assert (asked.state, asked.answered_by) == ("confirmed", self.health)
        assert case.events.get(kind="material_confirmed").is_public
        with pytest.raises(Conflict):
            services.answer_confirmation(
                actor=actor_of(self.health), confirmation=asked, is_so=True
            )

    def test_strangers_and_the_applicant_do_not_answer(self, case, alice, office):
        asked = Confirmation.objects.get(case=case)
        stranger = sign_in(office["clerk"])
        assert stranger.get(f"/office/confirmations/{asked.pk}/").status_code == 404
        with pytest.raises(NotAllowed):
            services.answer_confirmation(actor=actor_of(alice), confirmation=asked, is_so=True)
        with pytest.raises(Unusable):
            services.answer_confirmation(
                actor=actor_of(self.health), confirmation=asked, is_so=False
            )


class TestRevokedMeanwhile:
    @pytest.fixture
    def draft(self, alice, office):
        """A draft of which one answer came from a certificate."""
        make_office("civil_affairs")
        _item, draft = draft_of(alice)
        pass_item = item_of("elder_pass", "pass")
        values = answers_for("pass", actor_of(alice), "330106")
        case = do(cases.file_values(actor=actor_of(alice), item=pass_item, values=values).case)
        self.certificate = Document.objects.get(subject_id=str(case.pk), kind="certificate")
        facts = {"source": "certificate", "number": self.certificate.number, "on": "2026-09-01"}
        draft.sources["address"] = facts
        draft.save(update_fields=["sources"])
        return draft

    def test_what_came_from_it_is_asked_again_and_says_why(self, draft, alice):
        assert services.forget_revoked(actor=actor_of(alice), draft=draft) == []
        revoke_document(actor=MAKER, document=self.certificate, reason="A mistake")
        assert services.forget_revoked(actor=actor_of(alice), draft=draft) == ["address"]
        draft.refresh_from_db()
        bound = bind_draft(draft, actor=actor_of(alice))
        assert bound.values["address"] is None
        assert bound.sources["address"]["source"] == "lost_certificate"
        assert services.forget_revoked(actor=actor_of(alice), draft=draft) == []


def test_a_manifest_that_contradicts_the_ladder_is_refused_at_its_place():
    item = item_of("housing_fund", "rent")
    manifest = version_manifest(item.napp_version)
    (service,) = manifest.section("services")
    broken = service.model_dump(mode="json")
    ways = broken["guide"]["materials"][3]["ways"]
    broken["guide"]["materials"][3]["ways"] = [{"way": "upload", "field": "name"}, ways[0]]
    broken["guide"]["materials"][2]["code"] = None
    found = dict(check_services(manifest, [Service.model_validate(broken)]))
    assert "[0].guide.materials[3].ways" in found
    assert "[0].guide.materials[3].ways[0].field" in found
    assert "[0].guide.materials[2].code" in found
