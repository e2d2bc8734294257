"""Random people play a case through the real services: the rows always say what the table says."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from platform_core.capabilities.process import services as process
from platform_core.capabilities.process.models import ProcessInstance
from platform_core.capabilities.process.suspension.services import resume_process, suspend_process
from platform_core.common.errors import Conflict
from service_hub.cases import services, states
from service_hub.cases.models import Case, Correction
from service_hub.cases.moving import standing_of
from service_hub.cases.states import State, allows
from service_hub.handling import deliveries, prechecking, voiding
from service_hub.sample_answers import answers_for
from tests.factories import actor_of, make_citizen, make_region

from ..handling.makers import office_with_head
from ..makers import item_of, open_tasks

pytestmark = pytest.mark.django_db


class Play(RuleBasedStateMachine):
    """One identity card: it has a correction, two steps and a paper."""

    def __init__(self):
        super().__init__()
        self.mark = transaction.atomic()
        self.mark.__enter__()
        self.office, self.alice = office_with_head("police"), make_citizen("alice")
        make_region("330106")
        item = item_of("household", "id_card")
        actor = actor_of(self.alice)
        values = answers_for("id_card", actor, "330106")
        self.case = services.file_values(actor=actor, item=item, values=values).case

    def teardown(self):
        transaction.set_rollback(True)
        self.mark.__exit__(None, None, None)

    def attempt(self, event: str, call) -> None:
        """Do it: possible is exactly what the table says."""
        expected = allows(standing_of(self.case, event), event)
        before = self.case.state
        try:
            with transaction.atomic():
                call()
        except Conflict:
            assert not expected, f"{event} was refused in {before}"
        else:
            assert expected, f"{event} went through in {before}"
        self.case = Case.objects.select_related("item", "napp_version").get(pk=self.case.pk)

    def act(self, action: str, **more) -> None:
        (task,) = open_tasks(self.case)
        user = self.office["clerk"] if task.stage == "acceptance" else self.office["reviewer"]
        process.act(
            actor=actor_of(task.assignee or user), task_id=task.pk, action=action,
            version=task.version, **more,
        )  # fmt: skip

    def has_task(self) -> bool:
        return bool(open_tasks(self.case)) and self.case.state in {*states.WAITING, *states.IN_WORK}

    @rule()
    def take_in(self):
        clerk = actor_of(self.office["clerk"])
        self.attempt("receive", lambda: prechecking.take_in(actor=clerk, case=self.case))

    @rule(ground=st.sampled_from(["not_ours", "incomplete"]))
    def send_back(self, ground):
        clerk, why = actor_of(self.office["clerk"]), {"ground": ground, "reason": "Not ours."}
        self.attempt("return", lambda: prechecking.return_case(actor=clerk, case=self.case, **why))

    @precondition(has_task)
    @rule()
    def approve(self):
        self.act("approve")
        self.case.refresh_from_db()

    @precondition(lambda self: self.case.state in states.WAITING)
    @rule()
    def decline(self):
        self.act("reject", opinion="No.")
        self.case.refresh_from_db()
        assert self.case.state == State.NOT_ACCEPTED

    @precondition(lambda self: self.case.state in states.WAITING)
    @rule()
    def ask_for_a_correction(self):
        if not Correction.objects.filter(case=self.case).exists():
            self.act("correct", opinion="One digit is missing.", fields=["mobile"])
            self.case.refresh_from_db()
            assert self.case.state == State.CORRECTING

    @precondition(lambda self: self.case.state == State.CORRECTING)
    @rule()
    def correct(self):
        actor, values = actor_of(self.alice), {"mobile": "13900002046"}
        services.answer_correction(actor=actor, case=self.case, values=values)
        self.case.refresh_from_db()
        assert self.case.state == State.SUBMITTED

    @rule()
    def withdraw(self):
        actor = actor_of(self.alice)
        self.attempt("withdraw", lambda: services.withdraw_case(actor=actor, case=self.case))

    @rule()
    def declare_void(self):
        asking, head = actor_of(self.office["clerk"]), actor_of(self.office["head"])

        def call():
            found = voiding.ask_voiding(actor=asking, case=self.case, reason="By mistake.")
            voiding.decide_voiding(actor=head, voiding=found, grant=True)

        self.attempt("void", call)

    @precondition(lambda self: self.case.state == State.REVIEWING and open_tasks(self.case))
    @rule()
    def suspend_and_go_on(self):
        (task,) = open_tasks(self.case)
        reviewer = actor_of(task.assignee or self.office["reviewer"])
        suspend_process(
            actor=reviewer, task_id=task.pk, version=task.version, kind="appraisal", reason="Test."
        )
        self.case.refresh_from_db()
        assert (self.case.state, self.case.light) == (State.SUSPENDED, "")
        resume_process(actor=reviewer, task_id=task.pk)
        self.case.refresh_from_db()

    @precondition(lambda self: hasattr(self.case, "delivery"))
    @rule()
    def hand_over(self):
        paper = self.case.delivery
        clerk = actor_of(self.office["clerk"])

        def call():
            ready = deliveries.make_ready(actor=clerk, delivery=paper, place="Window 3")
            deliveries.hand_over(
                actor=clerk, delivery=ready, code=ready.code, collected_by="Chen Ning"
            )

        self.attempt("deliver", call)

    @invariant()
    def the_row_says_what_the_table_says(self):
        case = Case.objects.get(pk=self.case.pk)
        clock = states.clock_of(standing_of(case, ""))
        assert (case.closed_at is not None) == case.is_ended
        assert (case.acceptance_due_at is not None) == (clock == states.ACCEPTANCE)
        assert bool(case.light) == (clock == states.DECISION)
        assert (case.decided_at is not None) >= (case.state in states.DECIDED)
        running = case.state in states.RUNNING
        assert (case.process.status != ProcessInstance.Status.ENDED) == running


def test_no_one_brings_a_case_where_the_table_does_not_lead(db):
    few = settings(
        max_examples=6, stateful_step_count=8, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Play, settings=few)
