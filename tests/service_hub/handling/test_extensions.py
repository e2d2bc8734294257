"""More time for a case: once, in time, by two people."""

from datetime import timedelta

import pytest
from django.utils import timezone

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from service_hub.cases.models import Case
from service_hub.handling import extensions
from service_hub.handling.models import Extension
from tests.factories import actor_of

from .makers import accepted, office_with_head, on, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return office_with_head()


@pytest.fixture
def case(alice, office):
    return accepted(alice, on(9, 14))


def ask(case, user, at=None, **more):
    asked = {"days": 5, "reason": "The bank answers slowly."} | more
    return extensions.ask_extension(actor=actor_of(user), case=case, at=at or on(9, 15), **asked)


def decide(found, user, at=None, **more):
    return extensions.decide_extension(
        actor=actor_of(user), extension=found, at=at or on(9, 16), **({"grant": True} | more)
    )


def test_granted_every_date_moves_and_the_applicant_is_told_why(case, office):
    assert case.promise_due_at == on(9, 17, 18)
    decide(ask(case, office["reviewer"]), office["head"])
    case.refresh_from_db()
    assert (case.promise_due_at, case.legal_due_at) == (on(9, 23, 18), on(9, 23, 18))
    line = case.events.get(kind="extended")
    assert line.is_public
    assert line.params["reason"] == "The bank answers slowly."


def test_refused_nothing_moves_and_it_may_be_asked_again(case, office):
    found = decide(ask(case, office["reviewer"]), office["head"], grant=False, note="No reason.")
    case.refresh_from_db()
    assert (found.state, case.promise_due_at) == ("refused", on(9, 17, 18))
    assert ask(case, office["reviewer"], on(9, 16)).state == "asked"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"days": 0}, "days"), ({"days": 11}, "days"), ({"days": "²"}, "days"),
     ({"days": ""}, "days"), ({"reason": " "}, "reason"), ({"reason": "x" * 1001}, "reason")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_place(case, office, wrong, field):
    with pytest.raises(Unusable) as caught:
        ask(case, office["reviewer"], **wrong)
    assert list(caught.value.errors) == [field]


def test_only_once_and_only_in_time(case, office):
    with pytest.raises(Conflict, match="over"):
        ask(case, office["reviewer"], on(9, 17, 18, 1))
    found = ask(case, office["reviewer"])
    with pytest.raises(Conflict, match="at most once"):
        ask(case, office["clerk"])
    with pytest.raises(Conflict, match="over"):
        decide(found, office["head"], on(9, 17, 18, 1))
    found.refresh_from_db()
    assert found.state == "asked"


def test_nobody_decides_on_their_own_wish_and_only_heads_do(case, office):
    found = ask(case, office["head"])
    for user in (office["head"], office["reviewer"]):
        with pytest.raises(NotAllowed):
            decide(found, user)
    assert Extension.objects.get().state == "asked"


def test_a_page_that_is_out_of_date_changes_nothing(case, office):
    with pytest.raises(Conflict, match="changed meanwhile"):
        ask(case, office["reviewer"], version=case.version - 1)
    assert not Extension.objects.exists()


def test_it_is_asked_and_granted_on_the_pages_of_the_office(case, office):
    soon = timezone.now() + timedelta(days=3)
    Case.objects.filter(pk=case.pk).update(promise_due_at=soon)
    page = f"/office/cases/{case.pk}/"
    clerk, head = sign_in(office["reviewer"]), sign_in(office["head"])
    assert "Ask for more time" in clerk.get(page).content.decode()
    case.refresh_from_db()
    asked = {"days": "99", "reason": "Because.", "version": case.version}
    answer = clerk.post(f"{page}extend/", asked)
    assert answer.status_code == 422
    assert "Because." in answer.content.decode()
    stale = clerk.post(f"{page}extend/", asked | {"days": "3", "version": "0"})
    assert stale.status_code == 409
    assert "Because." in stale.content.decode()
    assert clerk.post(f"{page}extend/", asked | {"days": "3"}).status_code == 302
    found = Extension.objects.get()
    assert "Grant it" not in clerk.get(page).content.decode()
    assert clerk.post(f"/office/cases/extensions/{found.pk}/", {"grant": "1"}).status_code == 404
    assert "Grant it" in head.get(page).content.decode()
    assert case.number[-12:] in head.get("/office/cases/?view=decide").content.decode()
    assert head.post(f"/office/cases/extensions/{found.pk}/", {"grant": "1"}).status_code == 302
    found.refresh_from_db()
    assert found.state == "approved"
