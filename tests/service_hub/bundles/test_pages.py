"""The pages of life events, and how many queries they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from service_hub.bundles.models import BundleCase
from tests.service_hub.portal.test_views import text_of

from .makers import COVER, begun, fill, open_birth, sent

pytestmark = pytest.mark.django_db
PAGE = "/life/birth/newborn/"


@pytest.fixture
def birth(db):
    return open_birth()


def queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_it_stands_on_the_home_theme_and_search_pages(birth, client):
    for address in ("/", "/services/", "/search/?theme=birth", "/search/?q=newborn"):
        assert PAGE in text_of(client.get(address)), address


def test_the_page_counts_what_is_saved(birth, client):
    shown = text_of(client.get(PAGE, {"insured": "no", "card": "no"}))
    assert "13 questions instead of 23" in shown
    assert "One application instead of 2" in shown
    assert "The child is not insured yet" in shown


def test_from_the_choice_to_the_parent_page(birth, alice, portal):
    client = portal(alice)
    answer = client.get(f"{PAGE}start/", {"item": COVER}, follow=True)
    assert "What everybody asks" in text_of(answer)
    draft = fill(alice, begun(alice, birth))
    assert "Send everything" in text_of(client.get(f"/apply/{draft.pk}/check/"))
    answer = client.post(f"/apply/{draft.pk}/check/", follow=True)
    parent = BundleCase.objects.get()
    assert parent.number in text_of(answer)
    again = client.post(f"/apply/{draft.pk}/check/", follow=True)
    assert parent.number in text_of(again)
    shown = text_of(client.get(f"/life/sent/{parent.pk}/"))
    assert "On its way" in shown and "0 of 2 finished" in shown
    cards = text_of(client.get("/cases/"))
    assert cards.count("/life/sent/") == 1 and "/cases/" + str(parent.cases.first().pk) not in cards


def test_a_draft_stands_in_the_list_and_goes_on(birth, alice, portal):
    draft = fill(alice, begun(alice, birth))
    shown = text_of(portal(alice).get("/cases/"))
    assert f"/apply/{draft.pk}/" in shown and "A baby is born" in shown


def test_lists_cost_the_same_with_one_and_with_three(birth, alice, portal):
    client = portal(alice)
    first = sent(alice, birth)
    once = queries(client, "/cases/"), queries(client, f"/life/sent/{first.pk}/")
    sent(alice, birth, [COVER])
    last = sent(alice, birth, [])
    assert queries(client, "/cases/") == once[0]
    assert queries(client, f"/life/sent/{last.pk}/") <= once[1]


def test_a_stranger_sees_nothing(birth, alice, bob, portal):
    parent = sent(alice, birth)
    client = portal(bob)
    for end in ("", "receipt/", "withdraw/"):
        assert client.get(f"/life/sent/{parent.pk}/{end}").status_code == 404
