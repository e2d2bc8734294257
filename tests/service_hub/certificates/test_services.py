"""Documents of cases: the certificate comes with the decision, notices come on the way."""

import pytest

from platform_core.capabilities.documents import selectors as documents
from platform_core.capabilities.documents import services as document_services
from platform_core.capabilities.documents.models import Document
from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, Unusable
from service_hub.cases import services as cases
from service_hub.certificates import selectors, services
from tests.factories import actor_of, make_department, make_firm, make_firm_agent
from tests.service_hub.makers import (
    do,
    elsewhere_values,
    file_elsewhere,
    file_rent,
    item_of,
    make_office,
    photo,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def passed(alice):
    """Alice's elder pass, approved."""
    make_office("civil_affairs")
    item = item_of("elder_pass", "pass")
    known = elsewhere_values(alice)
    values = {key: known[key] for key in ("name", "citizen_number", "mobile", "area")}
    values |= {"helper": False, "photo": photo(actor_of(alice)), "need_card": False}
    return do(cases.file_values(actor=actor_of(alice), item=item, values=values).case)


def keys(case) -> list[str]:
    return [one.template for one in selectors.documents_of_case(case)]


class TestCertificates:
    def test_approval_issues_it_in_the_same_moment(self, passed):
        certificate = selectors.certificate_of(passed)
        assert certificate.holder == "Alice"
        assert certificate.issued_at == passed.closed_at
        assert documents.standing(certificate) == "valid"
        with pytest.raises(Conflict):
            services.issue_certificate(actor=actor_of(None), case=passed)

    def test_anybody_with_the_code_may_check_it(self, passed, client):
        certificate = selectors.certificate_of(passed)
        page = client.get(f"/verify/{certificate.verify_code}/")
        assert page.status_code == 200
        text = page.content.decode()
        assert "genuine" in text
        assert "Alice" not in text
        picture = client.get(f"/verify/{certificate.verify_code}/qr.svg")
        assert picture["Content-Type"] == "image/svg+xml"

    def test_an_item_without_certificate_issues_none(self, alice):
        make_office("medical_insurance")
        assert selectors.certificate_of(do(file_elsewhere(alice))) is None

    def test_each_issuer_counts_its_own(self, passed):
        number = selectors.certificate_of(passed).number
        assert number.split(".")[7] == "000000001"
        assert make_department("civil_affairs").credit_code in number

    def test_a_revoked_one_is_told_to_its_holder_and_stands_in_the_history(self, passed, client):
        certificate = selectors.certificate_of(passed)
        with pytest.raises(Unusable):
            document_services.revoke_document(
                actor=actor_of(None), document=certificate, reason=" "
            )
        document_services.revoke_document(
            actor=actor_of(None), document=certificate, reason="材料不实"
        )
        assert "revoked" in client.get(f"/verify/{certificate.verify_code}/").content.decode()
        assert passed.events.filter(kind="certificate_revoked").count() == 1
        assert Message.objects.filter(template="case.certificate_revoked").count() == 1


class TestNotices:
    @pytest.fixture
    def rent(self, alice):
        make_office("housing_fund")
        return file_rent(alice)

    def test_acceptance_and_decision_are_put_in_writing(self, rent):
        assert keys(rent) == []
        do(rent)
        assert keys(rent) == ["acceptance_notice"]
        while not rent.is_ended:
            do(rent)
        assert keys(rent) == ["acceptance_notice", "withdrawal_decision"]
        numbers = [one.number for one in selectors.documents_of_case(rent)]
        assert all(number.endswith("号") and "〔" in number for number in numbers)

    def test_a_correction_is_asked_for_in_writing_with_its_fields(self, rent):
        do(rent, "correct", fields=["lease_photo"], opinion="请补签字页")
        (notice,) = selectors.documents_of_case(rent)
        said = str(notice.content)
        assert notice.template == "correction_notice"
        assert "请补签字页" in said
        assert "租房合同" in said or "租" in said

    def test_a_refusal_says_why_and_what_one_can_do(self, rent):
        do(rent)
        do(rent, "reject", opinion="租期已过")
        refusal = selectors.documents_of_case(rent)[-1]
        assert refusal.template == "refusal_decision"
        assert "租期已过" in str(refusal.content)
        assert "行政复议" in str(refusal.content)

    def test_they_are_linked_on_the_tracking_page_and_nobody_else_gets_them(
        self, rent, portal, alice, bob
    ):
        do(rent)
        (notice,) = selectors.documents_of_case(rent)
        path = f"/cases/{rent.pk}/documents/{notice.pk}/"
        assert path in portal(alice).get(f"/cases/{rent.pk}/").content.decode()
        answer = portal(alice).get(path)
        assert answer["Content-Type"] == "application/pdf"
        assert b"".join(answer.streaming_content).startswith(b"%PDF-")
        assert portal(bob).get(path).status_code == 404
        assert portal(bob).get(f"/documents/{notice.pk}/pdf/").status_code == 404

    def test_the_official_who_handles_the_case_may_read_them(self, rent, portal):
        clerk = make_office("housing_fund", prefix="again")["clerk"]
        stranger = make_office("education", "330302")["clerk"]
        do(rent)
        (notice,) = selectors.documents_of_case(rent)
        assert portal(clerk).get(f"/documents/{notice.pk}/pdf/").status_code == 200
        assert portal(stranger).get(f"/documents/{notice.pk}/pdf/").status_code == 404


class TestWallet:
    def test_it_holds_what_was_issued_and_filters_it(self, passed, portal, alice, bob):
        certificate = selectors.certificate_of(passed)
        mine = portal(alice)
        assert certificate.number in mine.get("/wallet/").content.decode()
        assert certificate.number in mine.get("/wallet/?state=valid").content.decode()
        for state in ("expired", "ended"):
            assert certificate.number not in mine.get(f"/wallet/?state={state}").content.decode()
        for page in ("", "show/", "copy/"):
            assert mine.get(f"/wallet/{certificate.pk}/{page}").status_code == 200
        other = portal(bob)
        assert certificate.number not in other.get("/wallet/").content.decode()
        for page in ("", "show/", "copy/"):
            assert other.get(f"/wallet/{certificate.pk}/{page}").status_code == 404

    def test_it_asks_the_same_number_of_queries_for_one_and_three(
        self, passed, portal, alice, django_assert_num_queries
    ):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        mine = portal(alice)
        mine.get("/wallet/")
        with CaptureQueriesContext(connection) as one:
            mine.get("/wallet/")
        certificate = selectors.certificate_of(passed)
        for number in range(2):
            stored = Document.objects.filter(pk=certificate.pk).values().get()
            stored |= {"id": None, "number": f"x{number}", "verify_code": f"X{number}"}
            del stored["id"]
            Document(**stored | {"template": f"t{number}"}).save(force_insert=True)
        with django_assert_num_queries(len(one)):
            page = mine.get("/wallet/").content.decode()
        assert "x0" in page
        assert "x1" in page

    def test_a_firms_papers_belong_to_the_firm(self, passed, portal, alice):
        firm = make_firm()
        agent = make_firm_agent("eve", firm)
        certificate = selectors.certificate_of(passed)
        assert portal(agent, firm).get(f"/enterprise/wallet/{certificate.pk}/").status_code == 404
        assert portal(agent, firm).get("/enterprise/wallet/").status_code == 200

    def test_a_copy_for_one_use_can_be_checked_and_says_its_purpose(self, passed, portal, alice):
        certificate = selectors.certificate_of(passed)
        mine = portal(alice)
        path = f"/wallet/{certificate.pk}/copy/"
        wrong = mine.post(path, {"purpose": "租房", "recipient": "", "expires_on": "x"})
        assert wrong.status_code == 422
        assert "租房" in wrong.content.decode()
        from tests.service_hub.makers import today

        mine.post(path, {"purpose": "租房", "recipient": "某公寓", "expires_on": today(30)})
        copy = certificate.copies.get()
        answer = mine.get(f"/documents/copies/{copy.pk}/pdf/")
        pdf = b"".join(answer.streaming_content)
        checked = mine.get(f"/verify/{copy.verify_code}/").content.decode()
        assert "租房" in checked
        assert "某公寓" in checked
        from django.core.files.uploadedfile import SimpleUploadedFile

        for content, said in ((pdf, "bit by bit"), (pdf + b" ", "Do not rely")):
            upload = SimpleUploadedFile("x.pdf", content, content_type="application/pdf")
            page = mine.post(f"/verify/{copy.verify_code}/", {"file": upload})
            assert said in page.content.decode()


@pytest.mark.parametrize("code", ["x", "A" * 16, "a-b-c", "0" * 60])
def test_a_wrong_code_finds_nothing(passed, client, code):
    assert client.get(f"/verify/{code}/").status_code == 404
    assert client.get(f"/verify/{code}/qr.svg").status_code == 404


@pytest.mark.parametrize("typed", ["\x00", "🦖", "'; drop table", "x" * 500])
def test_a_hostile_code_is_said_to_be_unknown(client, db, typed):
    assert client.get("/verify/", {"code": typed}).status_code in (200, 422)


def test_a_number_that_does_not_belong_to_the_code_is_refused(passed, client):
    certificate = selectors.certificate_of(passed)
    code = certificate.verify_code
    right = client.get("/verify/", {"code": code, "number": certificate.number})
    assert right.status_code == 302
    assert client.get("/verify/", {"code": code, "number": "1.2.3"}).status_code == 422


class TestApi:
    def test_the_wallet_is_a_list_of_ones_own(self, passed, portal, alice, bob):
        certificate = selectors.certificate_of(passed)
        (mine,) = portal(alice).get("/api/v1/documents/").json()["results"]
        assert (mine["number"], mine["standing"]) == (certificate.number, "valid")
        assert portal(bob).get("/api/v1/documents/").json()["results"] == []

    def test_anybody_may_check_with_the_code_and_learns_no_name(self, passed, client):
        certificate = selectors.certificate_of(passed)
        asked = {"code": certificate.verify_code}
        found = client.get("/api/v1/documents/check/", asked).json()
        assert found["standing"] == "valid"
        assert "Alice" not in str(found)
        asked["number"] = "x"
        assert client.get("/api/v1/documents/check/", asked).status_code == 404
        assert client.get("/api/v1/documents/check/", {"code": "\x00"}).status_code == 404
