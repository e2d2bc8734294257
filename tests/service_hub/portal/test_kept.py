"""The wallet holds papers that a person gave and saved answers; both can be taken back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platform_core.capabilities.forms import services as forms
from platform_core.capabilities.forms.earlier import allow_earlier, saved_answers
from platform_core.capabilities.forms.selectors import plain_values
from service_hub.materials.given import given_before, papers_given
from tests.factories import actor_of, make_citizen
from tests.service_hub.makers import file_elsewhere, file_rent, item_of

from .test_views import text_of

pytestmark = pytest.mark.django_db
PAPERS, ANSWERS = "/wallet/papers/", "/wallet/answers/"
CODE = "tenancy_contract"


def allowed(user):
    allow_earlier(actor=actor_of(user), is_allowed=True)
    return user


def cost(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


class TestPapers:
    def test_they_stand_with_where_they_were_used_and_are_withdrawn_and_offered_again(
        self, alice, portal
    ):
        allowed(alice)
        first, second = file_rent(alice), file_rent(alice)
        client = portal(alice)
        shown = text_of(client.get(PAPERS))
        assert f"/cases/{first.pk}/" in shown and f"/cases/{second.pk}/" in shown
        (paper,) = papers_given(alice)
        assert len(given_before(alice, None, {CODE: "lease_photo"})) == 1
        name = f"{CODE}:{paper.content}"
        assert client.post(PAPERS, {"withdraw": name}).status_code == 302
        assert given_before(alice, None, {CODE: "lease_photo"}) == []
        assert "offered no more" in text_of(client.get(PAPERS))
        client.post(PAPERS, {"offer": name})
        assert len(given_before(alice, None, {CODE: "lease_photo"})) == 1

    def test_nobody_elses(self, alice, bob, portal):
        allowed(alice)
        file_rent(alice)
        (paper,) = papers_given(alice)
        client = portal(bob)
        assert "lease.png" not in text_of(client.get(PAPERS))
        for sent in ({"withdraw": f"{CODE}:{paper.content}"}, {"withdraw": "\x00:"}, {}):
            assert client.post(PAPERS, sent).status_code == 404
        assert papers_given(alice)[0].is_offered

    def test_the_page_costs_the_same_for_one_and_for_three(self, alice, portal):
        file_rent(alice)
        client = portal(alice)
        once = cost(client, PAPERS)
        file_rent(alice), file_rent(alice)
        assert cost(client, PAPERS) == once


class TestSavedAnswers:
    def begun(self, user) -> dict:
        item = item_of("medical_insurance", "elsewhere")
        draft = forms.start_draft(
            actor=actor_of(user), napp_version=item.napp_version, form_key=item.form_key,
            purpose=f"item:{item.pk}",
        )  # fmt: skip
        return plain_values(draft)

    def test_an_answer_is_listed_and_deleted_until_it_is_given_anew(self, alice, portal):
        file_elsewhere(alice)
        client = portal(alice)
        assert "you have not agreed" in text_of(client.get(ANSWERS))
        assert "上海市" not in text_of(client.get(ANSWERS))
        allowed(alice)
        assert "上海市" in text_of(client.get(ANSWERS))
        assert self.begun(alice)["province"] == "上海市"
        name = "medical_insurance:filing:province"
        assert client.post(ANSWERS, {"forget": name}).status_code == 302
        assert "上海市" not in text_of(client.get(ANSWERS))
        assert "province" not in self.begun(alice)
        assert self.begun(alice)["area"] == "330106"
        file_elsewhere(alice)
        assert self.begun(alice)["province"] == "上海市"

    def test_what_is_none_of_mine_cannot_be_deleted(self, alice, portal):
        file_elsewhere(allowed(alice))
        client = portal(allowed(make_citizen("carol")))
        for sent in ("medical_insurance:filing:province", "x", "::\x00", ""):
            assert client.post(ANSWERS, {"forget": sent}).status_code == 404
        assert len(saved_answers(actor_of(alice))) == 2

    def test_the_page_costs_the_same_for_one_and_for_three(self, alice, portal):
        file_elsewhere(allowed(alice))
        client = portal(alice)
        once = cost(client, ANSWERS)
        file_elsewhere(alice), file_elsewhere(alice)
        assert cost(client, ANSWERS) == once
