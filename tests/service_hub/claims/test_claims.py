"""A firm that the register does not know: claimed, looked at by two, accepted once."""

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.panels import waiting_for
from security.accounts.models import Firm, FirmAgent, User
from security.accounts.selectors import firms_of
from service_hub.claims import selectors, services
from service_hub.claims.models import FirmClaim
from service_hub.firms import services as firms
from tests.factories import actor_of, credit_code, make_citizen, make_official, make_region
from tests.platform_core.capabilities.process.test_concurrency import at_once, split
from tests.service_hub.firms.makers import make_members, register_firm
from tests.service_hub.makers import photo
from tests.service_hub.portal.test_views import text_of

from .makers import NAME, make_claim, make_organ

pytestmark = pytest.mark.django_db
State = FirmClaim.State


def send(person, **changes):
    terms = {"credit_code": credit_code(), "name": NAME, "region": make_region("330106")}
    terms |= {"licence": photo(actor_of(person))[0]} | changes
    return services.send_claim(actor=actor_of(person), **terms)


def test_two_officials_accept_and_the_claimant_represents_the_firm(portal):
    department, clerk, reviewer = make_organ()
    person, code = make_citizen(), credit_code()
    client = portal(person)
    body = {"credit_code": code.lower(), "name": NAME, "region": "330106"}
    wrong = client.post("/enterprise/firm/claims/", body | {"name": ""})
    assert wrong.status_code == 422 and "Attach" not in text_of(wrong)
    (kept,) = photo(actor_of(person))
    answer = client.post("/enterprise/firm/claims/", body | {"kept": kept}, follow=True)
    assert NAME in text_of(answer) and "Sent" in text_of(answer)
    claim = FirmClaim.objects.get()
    assert claim.department == department and claim.due_at > claim.warn_at > claim.sent_at
    assert {one.key: one.count for one in waiting_for(clerk)}["firm_claims"] == 1
    office = portal(clerk)
    page = text_of(office.get(f"/office/firms/{claim.pk}/"))
    assert code in page and "Propose to accept" in page
    assert office.get(f"/files/{kept}/").status_code == 200
    office.post(f"/office/firms/{claim.pk}/", {"do": "propose"})
    claim.refresh_from_db()
    with pytest.raises(NotAllowed):
        services.accept_claim(actor=actor_of(clerk), claim=claim)
    portal(reviewer).post(f"/office/firms/{claim.pk}/", {"do": "accept"})
    (firm,) = firms_of(User.objects.get(pk=person.pk))
    assert (firm.name, firm.credit_code, firm.region.code) == (NAME, code, "330106")
    assert FirmAgent.objects.get().role == "legal"
    assert Message.objects.get(recipient=person).link == "/enterprise/firm/claims/"
    page = text_of(portal(person, firm).get("/enterprise/"))
    assert NAME in page and "Legal representative" in page


def test_a_closed_account_represents_nobody():
    _department, clerk, reviewer = make_organ()
    claim = make_claim()
    services.propose_claim(actor=actor_of(clerk), claim=claim)
    User.objects.filter(pk=claim.claimant_id).update(is_active=False)
    with pytest.raises(Conflict):
        services.accept_claim(actor=actor_of(reviewer), claim=claim)
    assert services.forget_claims(actor=actor_of(clerk), user=claim.claimant) == 1
    claim.refresh_from_db()
    assert claim.state == State.WITHDRAWN and not Firm.objects.exists()


def test_a_refusal_says_why_and_a_new_claim_is_possible(portal):
    _department, clerk, _reviewer = make_organ()
    claim = make_claim()
    office = portal(clerk)
    assert office.post(f"/office/firms/{claim.pk}/", {"do": "refuse"}).status_code == 422
    reason = {"do": "refuse", "reason": "营业执照照片不清楚"}
    assert office.post(f"/office/firms/{claim.pk}/", reason).status_code == 302
    person = claim.claimant
    assert Message.objects.get(recipient=person).body["zh"] == reason["reason"]
    assert reason["reason"] in text_of(portal(person).get("/enterprise/firm/claims/"))
    again = make_claim(person, claim.credit_code)
    portal(person).post("/enterprise/firm/claims/", {"withdraw": str(again.pk)})
    again.refresh_from_db()
    assert again.state == State.WITHDRAWN and selectors.light(again) is None
    assert not Firm.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"credit_code": "91330106K000000021"}, "credit_code"),
        ({"credit_code": ""}, "credit_code"),
        ({"name": "x"}, "name"), ({"region": None}, "region"), ({"licence": None}, "licence"),
        ({"licence": "00000000-0000-4000-8000-000000000000"}, "licence"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(changes, field):
    make_organ()
    with pytest.raises(Unusable) as raised:
        send(make_citizen(), **changes)
    assert list(raised.value.errors) == [field]
    assert not FirmClaim.objects.exists()


def test_a_firm_that_is_known_or_represented_is_not_claimed():
    make_organ()
    person = make_citizen()
    entry = register_firm(make_citizen())
    firm, _people = make_members()
    for code in (entry.credit_code, firm.credit_code):
        with pytest.raises(Unusable):
            send(person, credit_code=code)
    with pytest.raises(Unusable) as raised:
        send(make_citizen(verified=False))
    assert list(raised.value.errors) == ["identity"]
    claim = make_claim(person)
    with pytest.raises(Unusable):
        send(person, credit_code=claim.credit_code)


def test_the_register_wins_over_a_claim():
    _department, clerk, reviewer = make_organ()
    claim, true = make_claim(), make_citizen()
    services.propose_claim(actor=actor_of(clerk), claim=claim)
    entry = register_firm(true, code=claim.credit_code, name=NAME)
    with pytest.raises(Conflict):
        services.accept_claim(actor=actor_of(reviewer), claim=claim)
    firms.bind(actor=actor_of(true), credit_code=entry.credit_code, name=NAME)
    assert FirmAgent.objects.get().user == true


def test_only_the_organ_of_the_place_sees_a_claim(portal):
    _department, clerk, _reviewer = make_organ()
    claim = make_claim()
    elsewhere = make_official(kind="market", region="330110")
    with pytest.raises(Http404):
        selectors.claim_for(elsewhere, claim.pk)
    with pytest.raises(NotAllowed):
        services.propose_claim(actor=actor_of(elsewhere), claim=claim)
    assert portal(make_official(kind="health")).get("/office/firms/").status_code == 404
    assert portal(make_citizen()).get(f"/office/firms/{claim.pk}/").status_code == 404
    assert list(selectors.claims_for(clerk, is_open=True)) == [claim]


def test_lists_cost_the_same_for_one_and_for_three(portal):
    _department, clerk, _reviewer = make_organ()
    person = make_citizen()

    def cost(who, path):
        client = portal(who)
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    make_claim(person)
    paths = [(clerk, "/office/firms/"), (person, "/enterprise/firm/claims/")]
    one = [cost(*pair) for pair in paths]
    make_claim(person), make_claim(person)
    assert [cost(*pair) for pair in paths] == one


@pytest.mark.django_db(transaction=True)
def test_of_two_claims_of_one_firm_at_once_one_is_accepted():
    _department, clerk, reviewer = make_organ()
    code = credit_code()
    claims = [make_claim(code=code), make_claim(code=code)]
    assert list(selectors.rivals_of(claims[0])) == [claims[1]]
    for claim in claims:
        services.propose_claim(actor=actor_of(clerk), claim=claim)

    def accept(claim):
        return lambda: services.accept_claim(actor=actor_of(reviewer), claim=claim)

    won, lost = split(at_once(*(accept(claim) for claim in (*claims, claims[0]))))
    assert len(won) == 1 and {type(one) for one in lost} == {Conflict}
    assert FirmAgent.objects.count() == Firm.objects.count() == 1
    assert FirmClaim.objects.filter(state=State.ACCEPTED).count() == 1
