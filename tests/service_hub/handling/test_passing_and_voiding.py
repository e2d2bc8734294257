"""An application that came to the wrong office, and a case that should not be."""

import pytest

from platform_core.capabilities.process.models import Task
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.actors import Actor
from service_hub.cases.clockwork import sweep
from service_hub.cases.models import Case
from service_hub.cases.timeline import overview
from service_hub.handling import passing, voiding
from service_hub.handling.models import Voiding
from tests.factories import actor_of

from ..makers import do, make_office, open_tasks
from .makers import filed, office_with_head, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return office_with_head()


class TestPassingOn:
    def test_the_right_office_has_it_with_the_same_number_and_a_new_term(self, alice, office):
        other = make_office("housing_fund", "330110")
        case = filed(alice, on(9, 14))
        target = other["clerk"].posts.get().department
        passing.pass_on(
            actor=actor_of(office["clerk"]), case=case, department=target.pk,
            reason="The home is in Yuhang.", at=on(9, 17),
        )  # fmt: skip
        case.refresh_from_db()
        assert (case.department, case.received_at) == (target, on(9, 17))
        assert case.acceptance_due_at == on(9, 23, 18)
        (task,) = open_tasks(case)
        assert task.pool_department == target
        assert sweep(actor=Actor.system("t"), now=on(9, 22))["accepted"] == 0
        done = do(case, user=other["clerk"], at=on(9, 18))
        assert done.accepted_at == on(9, 18)
        assert done.events.get(kind="passed_on").is_public

    def test_only_to_an_office_of_the_same_function_and_before_acceptance(self, alice, office):
        make_office("health", "330110")
        case = filed(alice)
        with pytest.raises(Unusable) as caught:
            passing.pass_on(actor=actor_of(office["clerk"]), case=case, department="0", reason="")
        assert set(caught.value.errors) == {"department", "reason"}
        do(case)
        with pytest.raises(Conflict):
            passing.pass_on(actor=actor_of(office["clerk"]), case=case, department="0", reason="x")


class TestVoiding:
    def ask(self, case, user):
        return voiding.ask_voiding(actor=actor_of(user), case=case, reason="Filed twice by us.")

    def decide(self, found, user, **more):
        more = {"grant": True} | more
        return voiding.decide_voiding(actor=actor_of(user), voiding=found, **more)

    def test_a_running_case_ends_void_and_its_tasks_are_gone(self, alice, office):
        case = do(filed(alice))
        self.decide(self.ask(case, office["reviewer"]), office["head"])
        case.refresh_from_db()
        assert case.state == Case.State.VOID
        assert overview(case)["headline"] == "This case was declared void"
        assert not Task.objects.filter(instance=case.process_id, state="open").exists()
        assert case.events.get(kind="void").params == {"reason": "Filed twice by us."}

    def test_what_an_approved_case_issued_is_revoked(self, alice, office):
        case = do(do(filed(alice)))
        issued = case.events.filter(kind="document_issued").count()
        assert issued
        self.decide(self.ask(case, office["reviewer"]), office["head"])
        case.refresh_from_db()
        assert case.state == Case.State.VOID
        assert case.events.filter(kind="document_revoked").count() == issued

    def test_two_people_and_a_reason(self, alice, office):
        case = do(filed(alice))
        with pytest.raises(Unusable):
            voiding.ask_voiding(actor=actor_of(office["head"]), case=case, reason=" ")
        found = self.ask(case, office["head"])
        for user in (office["head"], office["reviewer"]):
            with pytest.raises(NotAllowed):
                self.decide(found, user)
        with pytest.raises(Conflict):
            self.ask(case, office["reviewer"])
        assert Voiding.objects.get().state == "asked"
        assert Case.objects.get(pk=case.pk).state == "reviewing"

    def test_refused_the_case_goes_on(self, alice, office):
        case = do(filed(alice))
        found = self.ask(case, office["reviewer"])
        with pytest.raises(Unusable):
            self.decide(found, office["head"], grant=False)
        self.decide(found, office["head"], grant=False, note="It is one case.")
        case.refresh_from_db()
        assert case.state == "reviewing"
        with pytest.raises(Conflict):
            self.decide(found, office["head"])
