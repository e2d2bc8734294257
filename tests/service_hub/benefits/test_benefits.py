"""Which policies fit a firm, and why; two people put one into force."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from platform_core.capabilities.notifications.models import Message
from platform_core.capabilities.rules import fields_used, is_true
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.outbox.models import OutboxMessage
from service_hub.benefits import selectors, services, tasks
from service_hub.benefits.facts import facts_of
from service_hub.benefits.matching import FULFILLED, NOT, UNKNOWN, match
from tests.factories import actor_of, make_department, make_official
from tests.service_hub.firms.makers import make_members, register_firm

TODAY = date(2026, 11, 27)
WORDS = {"zh": "小微企业补贴", "en": "Grant for small firms"}

numbers = st.integers(0, 500)
conditions = st.one_of(
    st.builds(lambda n: {"<=": [{"var": "staff"}, n]}, numbers),
    st.builds(lambda n: {">": [{"var": "capital"}, n]}, numbers),
    st.builds(lambda v: {"==": [{"var": "industry"}, v]}, st.sampled_from(["trade", "software"])),
)
rules = st.recursive(
    conditions,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"and": parts}, st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda parts: {"or": parts}, st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda part: {"not": [part]}, inner),
    ),
    max_leaves=6,
)
facts = st.fixed_dictionaries(
    {},
    optional={
        "staff": numbers, "capital": numbers, "industry": st.sampled_from(["trade", "software"]),
    },
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(rule=rules, known=facts)
def test_a_match_is_the_rule_and_its_explanation_is_complete(rule, known):
    result, found = match(rule, known, TODAY)
    assert (result == "fits") == is_true(rule, known, today=TODAY)
    used = set().union(*(fields_used(one.rule) for one in found))
    assert used == set(fields_used(rule))
    states = {one.state for one in found}
    assert states <= {FULFILLED, NOT, UNKNOWN}
    if result == "no":
        assert NOT in states
    if result == "maybe":
        assert NOT not in states
    for one in found:
        assert (one.state == UNKNOWN) == bool(one.missing)
        assert not set(one.missing) & set(known)


def written(official, **changes):
    terms = {
        "title": WORDS, "gets": {"zh": "每家一万元", "en": "10,000 yuan each"},
        "formula": '[staff] <= 100 and [industry] == "manufacturing"',
        "valid_from": timezone.localdate(),
    }  # fmt: skip
    return services.ask_benefit(actor=actor_of(official), **(terms | changes))


@pytest.fixture
def office(db):
    department = make_department("economy")
    return {
        duty: make_official(duty, department=department, duties=[duty])
        for duty in ("clerk", "reviewer", "head")
    }


def test_written_by_one_in_force_by_another_and_told(office):
    firm, people = make_members("agent")
    made = written(office["clerk"])
    for person in (office["clerk"], make_official("else", kind="economy", region="330302")):
        with pytest.raises(NotAllowed):
            services.decide_benefit(actor=actor_of(person), benefit=made, is_approved=True)
    assert not selectors.in_force().exists()
    services.decide_benefit(actor=actor_of(office["reviewer"]), benefit=made, is_approved=True)
    with pytest.raises(Conflict):
        services.decide_benefit(actor=actor_of(office["head"]), benefit=made, is_approved=True)
    message = OutboxMessage.objects.get(topic=services.TELLING)
    tasks.on_telling(message)
    tasks.on_telling(message)
    assert [one.recipient for one in Message.objects.all()] == [people["legal"]]
    (found,) = selectors.matches_for(people["agent"], firm, "en")
    assert (found.result, [one["state"] for one in found.conditions]) == ("fits", [FULFILLED] * 2)
    assert "100" in found.conditions[0]["words"]


def test_what_is_not_known_is_said(office):
    from security.accounts.models import FirmRegistration

    firm, people = make_members()
    FirmRegistration.objects.update(staff=None)
    made = written(office["clerk"])
    services.decide_benefit(actor=actor_of(office["reviewer"]), benefit=made, is_approved=True)
    (found,) = selectors.matches_for(people["legal"], firm, "en")
    assert (found.result, found.conditions[0]["missing"]) == ("maybe", ["Employees"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"formula": "[staff] <="}, "formula"),
        ({"formula": "[nothing] == 1"}, "formula"),
        ({"title": {"zh": "x", "en": ""}}, "title_zh"),
        ({"gets": {"zh": "", "en": "x"}}, "gets_zh"),
        ({"valid_until": date(2020, 1, 1)}, "valid_until"),
    ],
)
def test_what_is_wrong_in_a_policy_is_said(office, change, field):
    with pytest.raises(Unusable) as caught:
        written(office["clerk"], **change)
    assert set(caught.value.errors) == {field}


def test_the_office_writes_and_decides_in_pages(office, portal):
    client = portal(office["clerk"])
    body = {
        "title_zh": "补贴", "title_en": "Grant", "gets_zh": "一万元", "gets_en": "10,000",
        "formula": "[staff] <= 100", "valid_from": timezone.localdate().isoformat(),
    }  # fmt: skip
    assert client.post("/office/policies/", body | {"formula": "["}).status_code == 422
    answer = client.post("/office/policies/", body)
    assert answer.status_code == 302
    client = portal(office["reviewer"])
    assert client.post(answer.url, {"do": "approve"}).status_code == 302
    firm, people = make_members()
    client = portal(people["legal"], firm)
    assert "Grant" in client.get("/enterprise/firm/policies/").content.decode()
    benefit = selectors.in_force().get()
    page = client.get(f"/enterprise/firm/policies/{benefit.pk}/").content.decode()
    assert "Fulfilled" in page


def test_over_is_over(office):
    firm, _people = make_members()
    made = written(office["clerk"], valid_until=timezone.localdate() + timedelta(days=1))
    services.decide_benefit(actor=actor_of(office["head"]), benefit=made, is_approved=True)
    assert selectors.in_force().exists()
    assert not selectors.in_force(timezone.localdate() + timedelta(days=2)).exists()
    with pytest.raises(Http404):
        selectors.match_for(make_official("x", kind="health"), firm, made.pk, "en")


def test_three_policies_take_as_many_queries_as_one(office, portal):
    firm, people = make_members()
    client, counts = portal(people["legal"], firm), []
    for n in (1, 2):
        for _n in range(n):
            made = written(office["clerk"])
            reviewer = actor_of(office["reviewer"])
            services.decide_benefit(actor=reviewer, benefit=made, is_approved=True)
        client.get("/enterprise/firm/policies/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/enterprise/firm/policies/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_facts_are_those_of_the_register():
    _firm, people = make_members()
    entry = register_firm(people["legal"], name="别家", staff=None)
    found = facts_of(entry)
    assert "staff" not in found
    assert (found["city"], found["county"]) == ("330100", "330106")
    assert facts_of(None) == {}
