"""What a firm must not miss, on its page, in a calendar, and among what waits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from platform_core.capabilities.documents.selectors import wallet_of
from service_hub.firms import services
from service_hub.firms.deadlines import calendar_token, deadlines_of
from service_hub.todos import todos_of
from tests.factories import actor_of, make_citizen

from .makers import make_members, mandate_of
from .test_members import again, invited

pytestmark = pytest.mark.django_db


def ending(firm, people, days: int):
    until = timezone.localdate() + timedelta(days=days)
    services.change_member(
        actor=actor_of(people["legal"], firm), mandate=mandate_of(firm, people["agent"]),
        role="agent", valid_until=until,
    )  # fmt: skip
    return until


def test_a_mandate_that_ends_is_seen_everywhere(client, portal):
    firm, people = make_members("agent")
    until = ending(firm, people, 20)
    boss = again(people["legal"])
    (found,) = deadlines_of(boss, firm)
    assert (found.kind, found.on) == ("mandate", until)
    assert [one.key for one in todos_of(actor_of(boss, firm))] == [found.key]
    assert not deadlines_of(again(people["agent"]), firm)
    address = f"/enterprise/firm/calendar/{calendar_token(boss, firm)}.ics"
    answer = client.get(address)
    assert f"DTSTART;VALUE=DATE:{until:%Y%m%d}" in answer.content.decode()
    assert client.get(address.replace(".ics", "x.ics")).status_code == 404
    page = portal(boss, firm).get("/enterprise/firm/deadlines/").content.decode()
    assert address in page


def test_the_calendar_ends_with_the_mandate(client):
    firm, people = make_members("agent")
    agent = people["agent"]
    address = f"/enterprise/firm/calendar/{calendar_token(agent, firm)}.ics"
    assert client.get(address).status_code == 200
    services.end_member(actor=actor_of(people["legal"], firm), mandate=mandate_of(firm, agent))
    assert client.get(address).status_code == 404


def test_an_invitation_waits_for_the_person():
    firm, people = make_members()
    person = make_citizen(name="王芳")
    invited(firm, people["legal"], person)
    (found,) = todos_of(actor_of(person))
    assert (found.url_name, found.icon) == ("firm:join", "building-2")


def test_a_viewer_sees_no_wallet(portal):
    firm, people = make_members("viewer")
    assert wallet_of(people["viewer"], firm).query.is_empty()
    assert not wallet_of(people["legal"], firm).query.is_empty()
    assert portal(people["viewer"], firm).get("/enterprise/wallet/").status_code == 200
