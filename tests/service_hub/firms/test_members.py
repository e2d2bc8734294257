"""Who binds a firm, who may do what for it, and how that ends."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from platform_core.capabilities.documents.selectors import wallet_of
from platform_core.capabilities.forms.models import Draft
from platform_core.capabilities.forms.services import start_draft
from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.outbox.models import OutboxMessage
from security.accounts.firm_roles import RIGHTS, allows, gives
from security.accounts.firm_services import change_registration
from security.accounts.models import FirmAgent, User
from security.accounts.selectors import firms_of, identity_of, registration_of_firm
from service_hub.cases import selectors as cases
from service_hub.cases.services import file_values, withdraw_case
from service_hub.firms import selectors, services, tasks
from service_hub.firms.models import FirmEvent, FirmInvitation
from tests.factories import (
    actor_of,
    make_citizen,
    make_department,
    make_firm,
    make_firm_agent,
    make_region,
)
from tests.service_hub.makers import item_of

from .makers import make_members, mandate_of, register_firm

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


def again(user) -> User:
    """The person as the next request sees them."""
    return User.objects.get(pk=user.pk)


def refund_values(firm, **changes) -> dict:
    make_region("330106")
    return {
        "firm_name": firm.name, "credit_code": firm.credit_code, "area": "330106",
        "mobile": "13800002046", "insured": 40, "cut": 1, "account": "6222021202000006217",
    } | changes  # fmt: skip


def file_refund(user, firm):
    item = item_of("employment", "refund")
    make_department("social_security")
    return file_values(actor=actor_of(user, firm), item=item, values=refund_values(firm)).case


def test_the_representative_binds_the_firm(portal):
    person = make_citizen()
    entry = register_firm(person)
    client = portal(person)
    body = {"credit_code": entry.credit_code.lower(), "name": entry.name}
    answer = client.post("/enterprise/firm/bind/", body)
    assert answer.status_code == 302
    page = client.get("/enterprise/firm/members/").content.decode()
    assert entry.name in page
    assert [one.role for one in FirmAgent.objects.all()] == ["legal"]
    assert FirmEvent.objects.get().kind == "bound"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"credit_code": "91330106K000000021"}, "credit_code"),
        ({"name": "别的公司"}, "name"),
        ({"state": "dissolved"}, "credit_code"),
        ({"person": "somebody else"}, "representative"),
        ({"person": "unverified"}, "representative"),
    ],
)
def test_nobody_else_binds_it(change, field):
    person = make_citizen()
    entry = register_firm(person, state=change.get("state", "active"))
    if "person" in change:
        person = make_citizen(verified=change["person"] != "unverified")
    code, name = change.get("credit_code", entry.credit_code), change.get("name", entry.name)
    with pytest.raises(Unusable) as caught:
        services.bind(actor=actor_of(person), credit_code=code, name=name)
    assert set(caught.value.errors) == {field}
    assert not firms_of(again(person))


def test_another_representative_takes_the_place_of_the_first():
    first, second = make_citizen(), make_citizen()
    entry = register_firm(first)
    known = {"credit_code": entry.credit_code, "name": entry.name}
    firm = services.bind(actor=actor_of(first), **known).firm
    number = identity_of(second)
    change_registration(
        actor=actor_of(None), entry=entry,
        representative=(number.real_name, number.citizen_number),
    )  # fmt: skip
    assert not firms_of(again(first))
    assert services.bind(actor=actor_of(second), **known).firm == firm
    with pytest.raises(Unusable):
        services.bind(actor=actor_of(first), **known)


def test_a_dissolved_firm_applies_for_nothing():
    firm, people = make_members()
    case = file_refund(people["legal"], firm)
    entry = registration_of_firm(firm)
    change_registration(actor=actor_of(None), entry=entry, state="dissolved")
    person = again(people["legal"])
    firm.refresh_from_db()
    assert list(cases.cases_of(person, firm)) == [case]
    with pytest.raises(NotAllowed):
        file_refund(person, firm)


def test_what_each_role_may_do():
    """The whole matrix, in the services themselves."""
    roles = ("legal", "manager", "agent", "viewer")
    firm, people = make_members(*roles[1:])
    for role in roles:
        person, rights = people[role], RIGHTS[role]
        actor = actor_of(person, firm)
        if "file" in rights:
            case = file_refund(person, firm)
        else:
            with pytest.raises(NotAllowed):
                file_refund(person, firm)
            with pytest.raises(NotAllowed):
                start_draft(
                    actor=actor, napp_version=item_of("employment", "refund").napp_version,
                    form_key="refund", purpose="item:1",
                )  # fmt: skip
        assert cases.case_for(again(person), case.pk, "own") == case
        assert wallet_of(again(person), firm).exists() is False
        if "withdraw" in rights:
            withdraw_case(actor=actor, case=case)
        else:
            with pytest.raises(Http404):
                cases.case_for(again(person), case.pk, "withdraw")
        for other in roles:
            may = "manage" in rights and gives(role, other)
            terms = {"name": "王芳", "role": other, "valid_until": timezone.localdate() + YEAR}
            if may:
                services.invite_member(actor=actor, firm=firm, **terms)
            else:
                with pytest.raises(NotAllowed):
                    services.invite_member(actor=actor, firm=firm, **terms)
    assert not allows("agent", "file", services=["a/b"], service="a/c")
    assert allows("agent", "file", services=["a/b"], service="a/b")
    assert not allows("nobody", "see")


def test_an_agent_of_one_service_files_no_other():
    firm, people = make_members("agent")
    mandate = mandate_of(firm, people["agent"])
    services.change_member(
        actor=actor_of(people["legal"], firm), mandate=mandate, role="agent",
        services=["food_licence/licence"], valid_until=timezone.localdate() + YEAR,
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        file_refund(again(people["agent"]), firm)


def invited(firm, by, person, **changes) -> FirmInvitation:
    identity = identity_of(person)
    terms = {
        "name": identity.real_name, "number": identity.citizen_number, "role": "agent",
        "valid_until": timezone.localdate() + YEAR,
    }  # fmt: skip
    return services.invite_member(actor=actor_of(by, firm), firm=firm, **(terms | changes))


def test_an_invited_person_agrees(portal):
    firm, people = make_members()
    person = make_citizen(name="王芳")
    made = invited(firm, people["legal"], person)
    letter = Message.objects.get(recipient=person)
    assert letter.link.endswith(f"/join/{made.token}/")
    client = portal(person)
    assert firm.name in client.get(letter.link).content.decode()
    assert client.post(letter.link, {"do": "accept"}).status_code == 302
    assert firms_of(again(person)) == [firm]
    assert client.get(letter.link).status_code == 404
    assert client.get("/enterprise/firm/members/").status_code == 200
    with pytest.raises(Conflict):
        services.settle_invitation(actor=actor_of(person), invitation=made, is_accepted=True)


def test_a_link_lets_nobody_else_in(portal):
    firm, people = make_members()
    made = invited(firm, people["legal"], make_citizen(name="王芳"))
    stranger = make_citizen(name="李强")
    client = portal(stranger)
    answer = client.post(f"/enterprise/firm/join/{made.token}/", {"do": "accept"})
    assert answer.status_code == 422
    assert not firms_of(again(stranger))


def test_an_invitation_of_somebody_removed_gives_nothing():
    firm, people = make_members("manager")
    person = make_citizen(name="王芳")
    made = invited(firm, people["manager"], person)
    services.end_member(
        actor=actor_of(people["legal"], firm), mandate=mandate_of(firm, people["manager"])
    )
    with pytest.raises(NotAllowed):
        services.settle_invitation(actor=actor_of(person), invitation=made, is_accepted=True)


@pytest.mark.parametrize("days", [-1, 0, 3 * 366 + 1, None])
def test_a_mandate_ends_within_three_years(days):
    firm, people = make_members()
    until = None if days is None else timezone.localdate() + timedelta(days=days)
    if days == 0:
        assert invited(firm, people["legal"], make_citizen(), valid_until=until)
        return
    with pytest.raises(Unusable) as caught:
        invited(firm, people["legal"], make_citizen(), valid_until=until)
    assert set(caught.value.errors) == {"valid_until"}


def test_whoever_is_removed_may_nothing_and_leaves_the_drafts(portal):
    firm, people = make_members("agent")
    item = item_of("employment", "refund")
    agent = people["agent"]
    draft = start_draft(
        actor=actor_of(agent, firm), napp_version=item.napp_version, form_key="refund",
        purpose=f"item:{item.pk}",
    )  # fmt: skip
    client = portal(agent, firm)
    assert client.get(f"/enterprise/apply/{draft.pk}/", follow=True).status_code == 200
    services.end_member(actor=actor_of(people["legal"], firm), mandate=mandate_of(firm, agent))
    assert Draft.objects.get().user == people["legal"]
    assert client.get("/enterprise/firm/members/").context["title"]  # asks for which firm
    with pytest.raises(NotAllowed):
        file_refund(agent, firm)


def test_suspended_and_again():
    firm, people = make_members("agent")
    mandate, boss = mandate_of(firm, people["agent"]), actor_of(people["legal"], firm)
    services.suspend_member(actor=boss, mandate=mandate, is_suspended=True)
    assert not firms_of(again(people["agent"]))
    services.suspend_member(actor=boss, mandate=mandate, is_suspended=False)
    assert firms_of(again(people["agent"])) == [firm]


def test_the_last_representative_stays():
    firm, people = make_members("manager")
    legal = mandate_of(firm, people["legal"])
    for person in people.values():
        with pytest.raises((Conflict, NotAllowed)):
            services.end_member(actor=actor_of(person, firm), mandate=legal)
    assert firms_of(again(people["legal"])) == [firm]


def test_before_it_ends_both_sides_are_told():
    firm, people = make_members("agent")
    mandate = mandate_of(firm, people["agent"])
    until = timezone.localdate() + timedelta(days=60)
    boss = actor_of(people["legal"], firm)
    services.change_member(actor=boss, mandate=mandate, role="agent", valid_until=until)
    timers = list(OutboxMessage.objects.filter(topic=services.EXPIRY).order_by("due_at"))
    days = [(until - timezone.localdate(one.due_at)).days for one in timers]
    assert days == [30, 7]
    tasks.on_expiry(timers[0])
    told = Message.objects.filter(template="firm.expiring")
    assert {one.recipient for one in told} == {people["legal"], people["agent"]}
    later = until + timedelta(days=30)
    services.change_member(actor=boss, mandate=mandate, role="agent", valid_until=later)
    tasks.on_expiry(timers[1])
    assert told.count() == 2


def test_over_is_over_everywhere():
    firm, people = make_members("agent")
    case = file_refund(people["agent"], firm)
    with time_machine.travel(timezone.now() + timedelta(days=301)):
        person = again(people["agent"])
        assert not firms_of(person)
        assert not cases.cases_of(person, firm).exists()
        with pytest.raises(Http404):
            cases.case_for(person, case.pk, "own")
        assert [one.state for one in selectors.member_lines(again(people["legal"]), firm)] == [
            "valid", "over",
        ]  # fmt: skip


def test_the_pages_take_as_many_queries_for_three_members(portal):
    counts = []
    for roles in (("agent",), ("agent", "viewer", "manager")):
        firm, people = make_members(*roles)
        for _n in roles:
            invited(firm, people["legal"], make_citizen())
        client = portal(people["legal"], firm)
        for path in ("members", "history"):
            client.get(f"/enterprise/firm/{path}/")
            with CaptureQueriesContext(connection) as seen:
                assert client.get(f"/enterprise/firm/{path}/").status_code == 200
            counts.append(len(seen))
    assert counts[:2] == counts[2:]


def test_strangers_see_no_members(portal):
    firm, people = make_members("agent")
    other = make_firm()
    stranger = make_firm_agent("eve", other)
    client = portal(stranger, other)
    mandate = mandate_of(firm, people["agent"])
    assert client.get(f"/enterprise/firm/members/{mandate.pk}/").status_code == 404
    assert not selectors.member_lines(stranger, firm)
    assert not selectors.history_of(people["agent"], firm).exists()


def test_who_did_what_is_told(portal):
    firm, people = make_members("manager")
    case = file_refund(people["manager"], firm)
    withdraw_case(actor=actor_of(people["manager"], firm), case=case)
    page = portal(people["legal"], firm).get("/enterprise/firm/history/").content.decode()
    assert f"Filed the case {case.number}" in page
    assert f"Withdrew the case {case.number}" in page
