"""What a person must do next, on the first page and in my space."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from platform_core.capabilities.forms.models import Draft
from platform_core.capabilities.forms.services import start_draft
from security.accounts.mandate_services import ask_mandate
from service_hub import todos
from service_hub.todos import Todo, register_todo, todos_of
from tests.factories import actor_of, make_citizen, sign_in
from tests.service_hub.makers import do, file_elsewhere, file_rent, make_office

pytestmark = pytest.mark.django_db


def keys(user) -> list[str]:
    return [one.key.partition(":")[0] for one in todos_of(actor_of(user))]


def test_nothing_waits_for_a_stranger_or_somebody_new(alice):
    assert todos_of(actor_of(None)) == [] == todos_of(actor_of(alice))


@pytest.fixture
def busy(alice):
    """Alice with a correction, a draft near its end, a request for a mandate, a case to rate."""
    make_office("housing_fund")
    make_office("medical_insurance")
    case = do(file_rent(alice), "correct", fields=["rent"], opinion="The rent is missing.")
    decided = do(file_elsewhere(alice))
    item = decided.item
    draft = start_draft(
        actor=actor_of(alice),
        napp_version=item.napp_version,
        form_key="filing",
        purpose=f"item:{item.pk}",
    )
    Draft.objects.filter(pk=draft.pk).update(expires_at=timezone.now() + timedelta(days=2))
    ask_mandate(actor=actor_of(make_citizen("son")), principal=alice, relation="child")
    return case


def test_whatever_waits_is_listed_by_date_and_what_has_none_last(alice, busy):
    assert sorted(keys(alice)) == ["correct", "draft", "mandate", "rate"]
    assert keys(alice)[-1] == "rate"
    dates = [one.due_at for one in todos_of(actor_of(alice)) if one.due_at]
    assert dates == sorted(dates)


def test_home_and_my_space_lead_there(client, alice, busy):
    sign_in(client, alice)
    client.cookies["django_language"] = "en"
    for address in ("/", "/me/"):
        page = client.get(address).content.decode()
        assert "What you must do next" in page
        assert f"/cases/{busy.pk}/correct/" in page


def test_as_many_queries_for_three_as_for_one(alice, busy, django_assert_num_queries):
    with CaptureQueriesContext(connection) as first:
        todos_of(actor_of(alice))
    for _number in range(2):
        do(file_rent(alice), "correct", fields=["rent"], opinion="?")
        do(file_elsewhere(alice))
    with django_assert_num_queries(len(first)):
        assert len(todos_of(actor_of(alice))) == 8


def test_another_module_adds_its_own(alice, monkeypatch):
    monkeypatch.setattr(todos, "_sources", {})
    register_todo(lambda actor: [Todo("mine:1", "Answer")])
    assert keys(alice) == ["mine"]
