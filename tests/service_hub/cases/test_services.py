"""Filing, following, correcting and withdrawing a case."""

import pytest
from django.db import DatabaseError, transaction

from platform_core.capabilities.forms import services as forms
from platform_core.capabilities.notifications.selectors import messages_of
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.napps import services as napps
from security.actors import Actor
from security.audit.models import AuditEntry
from service_hub.cases import selectors, services
from service_hub.cases.models import Case, CaseEvent, CaseSerial
from tests.factories import MAKER, actor_of, make_department
from tests.service_hub.makers import (
    clue_values,
    do,
    elsewhere_values,
    file_elsewhere,
    file_rent,
    item_of,
    make_office,
    open_tasks,
    today,
)

pytestmark = pytest.mark.django_db
State = Case.State


def draft_of(user, item, values, owner_key=""):
    """A complete draft of `user`, or of a browser."""
    actor = actor_of(user) if user else Actor.anonymous()
    draft = forms.start_draft(
        actor=actor,
        napp_version=item.napp_version,
        form_key=item.form_key,
        purpose=f"item:{item.pk}",
        owner_key=owner_key,
    )
    for page in item.napp_version.manifest["forms"][0]["pages"]:
        here = {f["key"]: values[f["key"]] for f in page["fields"] if f["key"] in values}
        forms.save_page(
            actor=actor, draft=draft, page=page["key"], values=here, owner_key=owner_key
        )
    draft.refresh_from_db()
    return draft


class TestFiling:
    def test_a_case_gets_a_number_of_the_office_the_item_and_the_day(self, alice):
        department = make_department("medical_insurance")
        case = file_elsewhere(alice)
        day = today().replace("-", "")
        assert case.number == f"{department.credit_code}4332030001000{day}0001"
        assert case.department == department
        assert case.applicant_name == "Alice"
        assert case.state == State.SUBMITTED

    def test_the_next_one_has_the_next_number(self, alice, bob):
        first, second = file_elsewhere(alice), file_elsewhere(bob)
        assert second.number[:39] == first.number[:39]
        assert int(second.number[39:]) == int(first.number[39:]) + 1

    def test_a_second_press_of_the_button_gets_the_same_receipt(self, alice):
        item = item_of("medical_insurance", "elsewhere")
        make_department("medical_insurance")
        draft = draft_of(alice, item, elsewhere_values(alice))
        first = services.file_case(actor=actor_of(alice), item=item, draft=draft)
        second = services.file_case(actor=actor_of(alice), item=item, draft=draft)
        assert first.case == second.case
        assert Case.objects.count() == 1

    def test_a_refused_filing_gives_its_number_back(self, alice):
        file_elsewhere(alice)
        with pytest.raises(Unusable) as refused:
            file_elsewhere(alice, citizen_number="330106199001010000")
        assert "citizen_number" in refused.value.errors
        assert CaseSerial.objects.get().last == 1

    def test_after_9999_numbers_the_day_is_over(self, alice):
        file_elsewhere(alice)
        CaseSerial.objects.update(last=9999)
        with pytest.raises(Conflict, match="used up"):
            file_elsewhere(alice)

    def test_nobody_signed_in_needs_an_item_that_allows_it(self, alice):
        item, values = item_of("medical_insurance", "elsewhere"), elsewhere_values(alice)
        with pytest.raises(NotAllowed):
            services.file_values(actor=Actor.anonymous(), item=item, values=values)

    def test_a_place_without_an_office_is_said_at_its_field(self, alice):
        item = item_of("medical_insurance", "elsewhere")
        with pytest.raises(Unusable) as refused:
            services.file_values(actor=actor_of(alice), item=item, values=elsewhere_values(alice))
        assert list(refused.value.errors) == ["area"]

    @pytest.mark.parametrize("move", [napps.close_napp, napps.disable_napp])
    def test_a_closed_or_disabled_n_app_takes_nothing(self, alice, move):
        item = item_of("medical_insurance", "elsewhere")
        move(actor=MAKER, napp=item.napp)
        with pytest.raises(Conflict, match="no new cases"):
            services.file_values(actor=actor_of(alice), item=item, values=elsewhere_values(alice))

    @pytest.mark.parametrize(
        "area", ["", None, 7, [], {"a": 1}, "999999", "330106; drop table", "\x00", "𠮷"]
    )
    def test_hostile_places_are_refused_at_the_field(self, alice, area):
        make_department("medical_insurance")
        with pytest.raises(Unusable) as refused:
            file_elsewhere(alice, area=area)
        assert "area" in refused.value.errors

    def test_filing_is_audited_and_told(self, alice):
        case = file_elsewhere(alice)
        assert AuditEntry.objects.filter(verb="case.file", object_id=str(case.pk)).exists()
        assert messages_of(alice).get().title["en"].startswith("We received your application")

    def test_history_cannot_be_changed(self, alice):
        file_elsewhere(alice)
        with pytest.raises(DatabaseError), transaction.atomic():
            CaseEvent.objects.update(kind="approved")


class TestOnItsWay:
    @pytest.fixture(autouse=True)
    def _office(self, db):
        self.people = make_office("housing_fund")

    def test_acceptance_starts_the_clock(self, alice):
        case = do(file_rent(alice), "approve")
        assert case.state == State.REVIEWING
        assert case.accepted_at
        assert case.promise_due_at <= case.legal_due_at
        assert case.promise_due_at > case.accepted_at

    def test_approval_closes_it(self, alice):
        case = do(do(file_rent(alice)), opinion="符合条件 {braces}")
        assert case.state == State.APPROVED
        assert case.result["opinion"] == "符合条件 {braces}"
        kinds = [event.kind for event in selectors.timeline(case)]
        written = "document_issued"
        assert kinds == ["submitted", "accepted", written, "reviewing", "approved", written]
        assert messages_of(alice).count() == 3

    def test_refusal_carries_its_reason(self, alice):
        case = do(do(file_rent(alice)), "reject", opinion="名下有住房")
        assert case.state == State.REFUSED
        assert case.result == {"outcome": "rejected", "opinion": "名下有住房", "answer": ""}

    def test_correction_opens_only_the_flagged_fields_and_only_once(self, alice):
        case = do(file_rent(alice), "correct", opinion="地址不全", fields=["address"])
        assert case.state == State.CORRECTING
        with pytest.raises(Unusable) as refused:
            services.answer_correction(actor=actor_of(alice), case=case, values={"rent": "1.00"})
        assert "rent" in refused.value.errors
        case = services.answer_correction(
            actor=actor_of(alice), case=case, values={"address": "文一西路 969 号 3 幢"}
        )
        assert case.state == State.SUBMITTED
        with pytest.raises(Conflict, match="only once"):
            do(case, "correct", opinion="再补", fields=["address"])
        assert do(case).state == State.REVIEWING

    def test_the_draft_of_a_correction_is_the_same_one_when_asked_again(self, alice):
        case = do(file_rent(alice), "correct", opinion="地址不全", fields=["address"])
        actor = actor_of(alice)
        first = services.begin_correction(actor=actor, case=case)
        assert services.begin_correction(actor=actor, case=case) == first
        assert first.only_fields == ["address"]

    def test_withdrawal_ends_everything(self, alice):
        case = services.withdraw_case(actor=actor_of(alice), case=file_rent(alice), reason="填错了")
        assert case.state == State.WITHDRAWN
        assert open_tasks(case) == []
        with pytest.raises(Conflict):
            services.withdraw_case(actor=actor_of(alice), case=case)

    def test_a_running_case_keeps_the_days_it_began_with(self, alice):
        from tests.service_hub.makers import manifest_of

        case = file_rent(alice)
        newer = manifest_of("housing_fund") | {"version": "2.0.0"}
        newer["services"][0] |= {"promise_days": 0}
        version = napps.register_napp(actor=MAKER, manifest=newer)
        napps.switch_version(actor=MAKER, napp=case.item.napp, version=version)
        case = do(case)
        assert (case.promise_due_at - case.accepted_at).days >= 2


class TestWhoMaySee:
    def test_a_stranger_gets_nothing(self, alice, bob):
        from django.http import Http404

        case = file_elsewhere(alice)
        assert selectors.case_for(alice, case.pk) == case
        for verb in ("read", "withdraw", "correct", "rate", "handle"):
            with pytest.raises(Http404):
                selectors.case_for(bob, case.pk, verb)
        with pytest.raises(Http404):
            selectors.case_for(None, case.pk)

    def test_the_office_sees_it_and_another_office_does_not(self, alice):
        from django.http import Http404

        ours, theirs = make_office("medical_insurance"), make_office("medical_insurance", "330302")
        case = file_elsewhere(alice)
        assert selectors.case_for(ours["clerk"], case.pk) == case
        with pytest.raises(Http404):
            selectors.case_for(ours["clerk"], case.pk, "own")
        with pytest.raises(Http404):
            selectors.case_for(theirs["clerk"], case.pk)
        with pytest.raises(Http404):
            selectors.case_for(ours["clerk"], case.pk, "withdraw")

    def test_number_and_code_open_an_anonymous_case_and_nothing_else(self, alice):
        item = item_of("public_clues", "report")
        make_department("emergency_desk")
        receipt = services.file_values(actor=Actor.anonymous(), item=item, values=clue_values())
        number, code = receipt.case.number, receipt.follow_code
        assert len(code) == 10
        assert selectors.track(number, code.lower()) == receipt.case
        assert selectors.track(number, "AAAAAAAAAA") is None
        assert selectors.track(number, "") is None
        assert selectors.track(file_elsewhere(alice).number, "") is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_my_cases_costs_the_same_for_one_and_three(
    alice, count, django_assert_max_num_queries
):
    for _ in range(count):
        file_elsewhere(alice)
    with django_assert_max_num_queries(1):
        assert len(list(selectors.cases_of(alice))) == count


def test_what_needs_me_stands_first(alice):
    make_office("housing_fund")
    waiting = do(file_rent(alice), "correct", opinion="地址不全", fields=["address"])
    file_elsewhere(alice)
    assert next(iter(selectors.cases_of(alice))) == waiting
