"""Certificates: issued with the decision, checked by anybody, revoked with a reason."""

import pytest

from platform_core.common.errors import Conflict, Unusable
from security.identifiers import certificate_check_char
from service_hub.certificates import selectors, services
from service_hub.certificates.identifiers import certificate_number
from tests.factories import actor_of, make_department
from tests.service_hub.makers import do, elsewhere_values, item_of, make_office, photo

pytestmark = pytest.mark.django_db

PUBLISHED = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"


def test_the_check_character_of_a_published_number():
    parts = PUBLISHED.split(".")
    assert certificate_check_char("".join(parts[5:9])) == parts[9]


def test_a_number_is_built_like_the_published_one():
    number = certificate_number(
        type_owner="11100000000013338W", type_code="011", issuer="11430000006122244L", serial=403
    )
    parts = number.split(".")
    assert number.startswith(
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.000000403.001."
    )
    assert certificate_check_char("".join(parts[5:9])) == parts[9]


@pytest.fixture
def passed(alice):
    """Alice's elder pass, approved."""
    make_office("civil_affairs")
    item = item_of("elder_pass", "pass")
    values = {
        k: v
        for k, v in elsewhere_values(alice).items()
        if k in ("name", "citizen_number", "mobile", "area")
    }
    from service_hub.cases import services as cases

    values |= {"helper": False, "photo": photo(actor_of(alice)), "need_card": False}
    case = cases.file_values(actor=actor_of(alice), item=item, values=values).case
    return do(case)


def test_approval_issues_it_in_the_same_moment(passed):
    certificate = selectors.certificate_of(passed)
    assert certificate.holder == "Alice"
    assert certificate.issued_at == passed.closed_at
    assert selectors.standing(certificate) == "valid"
    with pytest.raises(Conflict):
        services.issue_certificate(actor=actor_of(None), case=passed)


def test_anybody_with_the_code_may_check_it(passed, client):
    certificate = selectors.certificate_of(passed)
    page = client.get(f"/verify/{certificate.verify_code}/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "genuine" in text
    assert "Alice" not in text
    picture = client.get(f"/verify/{certificate.verify_code}/qr.svg")
    assert picture["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize("code", ["x", "A" * 16, "a-b-c", "0" * 60])
def test_a_wrong_code_finds_nothing(passed, client, code):
    assert client.get(f"/verify/{code}/").status_code == 404
    assert client.get(f"/verify/{code}/qr.svg").status_code == 404


@pytest.mark.parametrize("typed", ["\x00", "🦖", "'; drop table", "x" * 500])
def test_a_hostile_code_is_said_to_be_unknown(client, db, typed):
    assert client.get("/verify/", {"code": typed}).status_code in (200, 422)


def test_revoked_is_shown_to_whoever_checks(passed, client):
    certificate = selectors.certificate_of(passed)
    with pytest.raises(Unusable):
        services.revoke_certificate(actor=actor_of(None), certificate=certificate, reason=" ")
    certificate = services.revoke_certificate(
        actor=actor_of(None), certificate=certificate, reason="材料不实"
    )
    assert selectors.standing(certificate) == "revoked"
    assert "revoked" in client.get(f"/verify/{certificate.verify_code}/").content.decode()


def test_an_item_without_certificate_issues_none(alice):
    from tests.service_hub.makers import file_elsewhere

    make_office("medical_insurance")
    assert selectors.certificate_of(do(file_elsewhere(alice))) is None


def test_each_issuer_counts_its_own(passed):
    assert selectors.certificate_of(passed).number.split(".")[7] == "000000001"
    assert make_department("civil_affairs").credit_code in selectors.certificate_of(passed).number
