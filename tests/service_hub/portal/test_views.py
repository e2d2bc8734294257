"""The portal without a browser: every page, what is typed, and who gets what."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms import services as form_services
from platform_core.capabilities.forms.models import Draft
from platform_core.napps import services as napps
from service_hub.cases.models import Case
from tests.factories import (
    MAKER,
    actor_of,
    make_department,
    make_firm,
    make_firm_agent,
    make_region,
    sign_in,
)
from tests.service_hub.makers import (
    clue_values,
    do,
    elsewhere_values,
    file_elsewhere,
    file_rent,
    item_of,
    make_office,
    open_app,
)  # fmt: skip

pytestmark = pytest.mark.django_db
GUIDE = "/services/medical_insurance/elsewhere/"


@pytest.fixture
def filing(db):
    make_department("medical_insurance")
    return item_of("medical_insurance", "elsewhere")


def text_of(response) -> str:
    return response.content.decode()


class TestFindingAService:
    def test_the_first_pages_of_both_ends(self, client, filing):
        assert "Health cover in another province" in text_of(client.get("/"))
        assert client.get("/enterprise/").status_code == 200

    def test_search_marks_what_was_asked(self, client, filing):
        page = client.get("/search/", {"q": "treatment in another province"})
        assert "<mark>" in text_of(page)

    @pytest.mark.parametrize(
        "q", ["\x00", "<script>alert(1)</script>", "%%%", "'" * 300, "𠮷🏠", "a" * 5000]
    )
    def test_whatever_is_searched_for_is_shown_back_safely(self, client, filing, q):
        page = client.get(
            "/search/", {"q": q, "theme": "nope", "department": "\x00x", "page": "-1", "way": "x"}
        )
        assert page.status_code == 200
        assert "<script>alert" not in text_of(page)

    def test_a_case_number_leads_to_the_case(self, portal, alice, client):
        case = file_elsewhere(alice)
        assert client.get("/search/", {"q": case.number}).url == f"/follow/?number={case.number}"
        assert portal(alice).get("/search/", {"q": case.number}).url == f"/cases/{case.pk}/"

    def test_a_closed_service_says_so_and_a_disabled_one_is_gone(self, client, filing):
        assert "Start now" in text_of(client.get(GUIDE))
        napps.close_napp(actor=MAKER, napp=filing.napp)
        page = text_of(client.get(GUIDE))
        assert "no new cases" in page
        assert "Start now" not in page
        napps.disable_napp(actor=MAKER, napp=filing.napp)
        assert client.get(GUIDE).status_code == 404
        assert client.get("/").status_code == 200

    def test_pages_that_an_n_app_brings(self, client):
        open_app("public_clues")
        assert client.get("/n/public_clues/what/").status_code == 200
        assert client.get("/n/public_clues/received/").status_code == 404
        assert client.get("/n/public_clues/nothing/").status_code == 404

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_home_page_costs_the_same(
        self, portal, alice, number, django_assert_max_num_queries
    ):
        for _ in range(number):
            file_elsewhere(alice)
        client = portal(alice)
        client.get("/")
        with django_assert_max_num_queries(26):
            client.get("/")


def fill_in(client, start: str, answers: dict) -> str:
    """Begin an application and answer page by page; gives the address of the check page."""
    page = client.post(start, follow=True)
    for _step in range(10):
        address = page.redirect_chain[-1][0] if page.redirect_chain else page.request["PATH_INFO"]
        if address.endswith("/check/"):
            return address
        shown = re.findall(r'name="_shown" value="([^"]+)"', text_of(page))
        data = {key: answers[key] for key in shown if key in answers} | {
            "_shown": shown,
            "_next": "1",
        }
        page = client.post(address, data, follow=True)
    raise AssertionError("the form never came to its check page")


def forms_start(user, item):
    """A draft of `user` for `item`."""
    return form_services.start_draft(
        actor=actor_of(user),
        napp_version=item.napp_version,
        form_key=item.form_key,
        purpose=f"item:{item.pk}",
    )


def typed(values: dict) -> dict:
    """Answers as a browser sends them."""
    return {key: {True: "yes", False: "no"}.get(value, value) for key, value in values.items()}


class TestApplying:
    def test_from_start_to_receipt(self, portal, alice, filing):
        client = portal(alice)
        check = fill_in(client, f"{GUIDE}start/", typed(elsewhere_values(alice)))
        assert "Check your answers" in text_of(client.get(check))
        receipt = client.post(check, follow=True)
        case = Case.objects.get()
        assert receipt.redirect_chain[-1][0] == f"/cases/{case.pk}/receipt/"
        assert case.number[31:] in text_of(receipt).replace(" ", "")
        again = client.post(check, follow=True)
        assert again.redirect_chain[-1][0] == f"/cases/{case.pk}/receipt/"
        assert Case.objects.count() == 1

    def test_wrong_answers_stay_as_typed_with_the_reason_beside_them(self, portal, alice, filing):
        client = portal(alice)
        page = client.post(f"{GUIDE}start/", follow=True)
        address = page.redirect_chain[-1][0]
        answer = client.post(
            address,
            {
                "name": "陈𠮷宁",
                "citizen_number": "330106199001019999",
                "mobile": "12",
                "area": "330106",
            },
        )
        shown = text_of(answer)
        assert answer.status_code == 200
        assert "330106199001019999" in shown and "陈𠮷宁" in shown
        assert "Error:" in shown
        assert Case.objects.count() == 0

    def test_a_script_that_saves_while_typing_gets_no_page(self, portal, alice, filing):
        client = portal(alice)
        address = client.post(f"{GUIDE}start/", follow=True).redirect_chain[-1][0]
        answer = client.post(address, {"name": "half"}, HTTP_X_REQUESTED_WITH="fetch")
        assert answer.json()["rev"] == 1 and answer.json()["clash"] == []
        assert "half" in text_of(client.get(address))

    def test_a_second_window_that_saves_is_told_which_answer_clashes(self, portal, alice, filing):
        client = portal(alice)
        address = client.post(f"{GUIDE}start/", follow=True).redirect_chain[-1][0]
        for pen in ("phone", "desk"):
            values = {"name": f"from the {pen}", "_rev": "0", "_pen": pen}
            answer = client.post(address, values, HTTP_X_REQUESTED_WITH="fetch")
        assert answer.json()["clash"] == ["Name"]
        shown = text_of(client.get(address))
        assert "from the phone" in shown and "from the desk" in shown
        assert "Use this answer" in shown

    def test_the_list_says_where_a_draft_stands_and_until_when(self, portal, alice, filing):
        client = portal(alice)
        client.post(f"{GUIDE}start/")
        shown = text_of(client.get("/cases/"))
        assert "Stopped at" in shown and "kept until" in shown and "Discard" in shown

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_list_of_drafts_costs_the_same(
        self, portal, alice, filing, number, django_assert_max_num_queries
    ):
        for _ in range(number):
            forms_start(alice, filing)
        client = portal(alice)
        client.get("/cases/")
        with django_assert_max_num_queries(22):
            client.get("/cases/")

    def test_what_was_begun_is_offered_again(self, portal, alice, filing):
        client = portal(alice)
        client.post(f"{GUIDE}start/")
        assert "Go on" in text_of(client.get(GUIDE))
        assert client.get(f"{GUIDE}start/").status_code == 200
        client.post(f"{GUIDE}start/", {"new": "1"})
        assert forms.drafts_of(alice).count() == 2

    def test_signing_in_comes_first_and_leads_back(self, client, filing):
        answer = client.post(f"{GUIDE}start/")
        assert answer.url == f"/accounts/login/?next={GUIDE.replace('/', '%2F')}start%2F"

    def test_somebody_elses_draft_is_not_there(self, portal, alice, bob, filing):
        address = portal(alice).post(f"{GUIDE}start/", follow=True).redirect_chain[-1][0]
        client = portal(bob)
        assert client.get(address).status_code == 404
        assert client.post(address, {"name": "x"}).status_code == 404

    def test_answers_sent_after_the_session_ended_come_back(self, portal, alice, filing, client):
        portal(alice)
        address = client.post(f"{GUIDE}start/", follow=True).redirect_chain[-1][0]
        client.cookies.pop("sessionid")
        answer = client.post(address, {"name": "typed for an hour", "_shown": ["name"]})
        assert answer.status_code == 302 and "/accounts/login/" in answer.url
        assert "typed for an hour" in text_of(portal(alice).get(address))

    def test_a_stale_token_gives_the_answers_back(self, alice, filing, settings):
        client = Client(enforce_csrf_checks=True, headers={"sec-fetch-site": "same-origin"})
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        sign_in(client, alice)
        draft = forms_start(alice, filing)
        answer = client.post(
            f"/apply/{draft.pk}/page/you/", {"name": "typed 𠮷", "_draft": "1", "_shown": "name"}
        )
        assert answer.status_code == 403
        assert "typed 𠮷" in text_of(answer)


class TestWithoutAnAccount:
    def test_a_clue_is_filed_and_followed_by_number_and_code(self, client):
        make_department("emergency_desk")
        open_app("public_clues")
        values = typed(clue_values())
        check = fill_in(client, "/services/public_clues/report/start/", values)
        page = text_of(client.post(check, follow=True))
        case = Case.objects.get()
        assert case.follow_code[:5] in page
        client.cookies.clear()
        client.cookies["gov_language"] = "en"
        assert client.get(f"/cases/{case.pk}/").status_code == 302
        wrong = client.post("/follow/", {"number": case.number, "code": "AAAAAAAAAA"})
        assert wrong.status_code == 422 and case.number in text_of(wrong)
        found = client.post(
            "/follow/", {"number": case.number, "code": case.follow_code}, follow=True
        )
        assert "looking it through" in text_of(found)

    def test_guessing_is_slowed_down(self, client):
        make_department("emergency_desk")
        for _ in range(25):
            page = client.post("/follow/", {"number": "1" * 43, "code": "AAAAAAAAAA"})
        assert "Too many tries" in text_of(page)

    def test_an_empty_form_says_what_is_missing(self, client):
        page = text_of(client.post("/follow/", {"number": "", "code": "\x00"}))
        assert "43 characters" in page


class TestMyCases:
    @pytest.mark.parametrize("name", ["cases", "messages", "me", "export"])
    def test_pages_of_a_person(self, portal, client, alice, name):
        assert client.get(reverse(f"portal:{name}")).status_code == 302
        file_elsewhere(alice)
        assert portal(alice).get(reverse(f"portal:{name}")).status_code == 200

    @pytest.mark.parametrize(
        "name", ["case", "receipt", "withdraw", "correct", "rate", "certificate"]
    )
    def test_a_stranger_gets_404(self, portal, alice, bob, name):
        case = file_elsewhere(alice)
        address = reverse(f"portal:{name}", args=[case.pk])
        client = portal(bob)
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404

    def test_the_tracking_page_says_what_to_do(self, portal, alice):
        make_office("housing_fund")
        case = do(file_rent(alice), "correct", opinion="<b>地址</b>不全", fields=["address"])
        page = text_of(portal(alice).get(f"/cases/{case.pk}/"))
        assert "We need something from you" in page
        assert "&lt;b&gt;地址" in page

    def test_a_correction_opens_only_what_was_flagged(self, portal, alice):
        make_office("housing_fund")
        case = do(file_rent(alice), "correct", opinion="地址不全", fields=["address"])
        client = portal(alice)
        assert "Address" in text_of(client.get(f"/cases/{case.pk}/correct/"))
        page = client.post(f"/cases/{case.pk}/correct/", follow=True)
        address = page.redirect_chain[-1][0]
        assert 'name="rent"' not in text_of(page)
        check = client.post(address, {"address": "3 幢 1204 室", "_shown": "address"}, follow=True)
        client.post(check.redirect_chain[-1][0])
        case.refresh_from_db()
        assert case.state == Case.State.SUBMITTED
        assert forms.plain_values(case.record)["address"] == "3 幢 1204 室"

    def test_withdrawing_asks_once_more(self, portal, alice):
        case = file_elsewhere(alice)
        client = portal(alice)
        assert client.get(f"/cases/{case.pk}/withdraw/").status_code == 200
        client.post(f"/cases/{case.pk}/withdraw/", {"reason": "x" * 5000 + "\x00"})
        case.refresh_from_db()
        assert case.state == Case.State.WITHDRAWN
        assert client.post(f"/cases/{case.pk}/withdraw/").status_code == 302

    def test_rating_goes_in_two_steps_and_counts_once(self, portal, alice):
        make_office("medical_insurance")
        case = do(file_elsewhere(alice))
        client, rate = portal(alice), f"/cases/{case.pk}/rate/"
        assert "Later than promised" in text_of(client.get(rate, {"score": "1"}))
        assert client.post(rate, {"send": "1", "score": ""}).status_code == 422
        assert client.post(rate, {"send": "1", "score": "9"}).status_code == 422
        client.post(rate, {"send": "1", "score": "2", "option": ["late"], "text": "慢"})
        assert "We call you by" in text_of(client.get(f"/cases/{case.pk}/"))

    def test_my_data_is_masked_and_my_copy_is_not(self, portal, alice):
        client = portal(alice)
        number = alice.identity.citizen_number
        assert number not in text_of(client.get("/me/"))
        assert client.get("/me/export/").json()["identity"]["citizen_number"] == number

    def test_opening_a_message_marks_it_and_leads_to_the_case(self, portal, alice):
        from platform_core.capabilities.notifications.selectors import messages_of, unread_count

        case = file_elsewhere(alice)
        message = messages_of(alice).get()
        assert portal(alice).get(f"/messages/{message.pk}/").url == f"/cases/{case.pk}/"
        assert unread_count(alice) == 0


class TestForFirms:
    @pytest.fixture
    def erin(self, db):
        self.firm = make_firm("示例纺织有限公司", region=make_region("330106"))
        return make_firm_agent("erin", self.firm)

    def test_choosing_the_firm_comes_first(self, portal, erin):
        open_app("return_to_work")
        client = portal(erin)
        page = text_of(client.post("/enterprise/services/return_to_work/resume/start/"))
        assert "示例纺织有限公司" in page

    def test_at_the_firms_end_nobody_begins_in_their_own_name(self, portal, erin):
        """An item that is for people, too, would otherwise make the draft theirs unnoticed."""
        open_app("event_permit")
        client, start = portal(erin), "services/event_permit/permit/start/"
        assert "示例纺织有限公司" in text_of(client.post(f"/enterprise/{start}"))
        assert not Draft.objects.exists()
        client.post(f"/{start}")
        assert Draft.objects.get().firm is None

    def test_the_firm_is_filled_in(self, portal, erin):
        open_app("return_to_work")
        client = portal(erin, self.firm)
        page = client.post("/enterprise/services/return_to_work/resume/start/", follow=True)
        assert self.firm.credit_code in text_of(page)
        assert page.redirect_chain[-1][0].startswith("/enterprise/apply/")

    def test_a_person_is_led_to_the_firms_pages(self, client):
        open_app("return_to_work")
        page = text_of(client.get("/services/return_to_work/resume/"))
        assert 'href="/enterprise/services/return_to_work/resume/"' in page
