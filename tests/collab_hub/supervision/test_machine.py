"""Anybody presses anything at any time, on the real database: only what is theirs and possible
happens, and the log stays whole.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from collab_hub.supervision import selectors, stages
from collab_hub.supervision.doing import carry_out
from collab_hub.supervision.models import Supervision
from collab_hub.supervision.moving import standing_of
from collab_hub.supervision.policies import hand_of
from platform_core.common.errors import Conflict, NotAllowed
from tests.factories import actor_of, make_department

from .makers import doer, proposed, supervisor

PEOPLE = ("sun", "zhou", "wu", "li", "qian", "mallory")
ACTS = sorted(set(stages.ACTS) - {"lapse"})
# These have a limit of their own beside the table: once a day, once for each organ.
LIMITED = {"urge", "join"}


def people() -> dict:
    return {
        **{name: supervisor(name) for name in ("sun", "zhou", "wu")},
        "li": doer("li", "housing"),
        "qian": doer("qian", "market"),
        "mallory": doer("mallory", "education"),
    }


def said(act: str, item: Supervision, now) -> dict:
    """Right answers to whatever the act asks."""
    today = timezone.localdate(now)
    reason = {"reason": "Because."}
    return {
        "open": {
            "lead": make_department("housing"), "assisting": [make_department("market")],
            "due_on": today + timedelta(days=10), "requirement": "Do it.",
        },
        "drop": reason, "not_ours": reason, "progress": {"note": "Half."},
        "ask_extension": {
            **reason,
            "until_on": item.due_at and timezone.localdate(item.due_at) + timedelta(days=5),
        },
        "grant": {"answer": ""}, "refuse": {"answer": "No."}, "report": {"note": "Done."},
        "redo": {**reason, "due_on": today + timedelta(days=10)},
        "accept": {"verdict": "partly", "text": "Half."}, "conclude": {"text": "Nothing."},
        "object": {"ground": "It is done."},
        "uphold": {**reason, "verdict": item.verdict},
        "amend": {**reason, "verdict": "done" if item.verdict != "done" else "partly"},
    }.get(act, {})  # fmt: skip


class AMatter(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.undo = transaction.savepoint()
        self.people, self.now = people(), timezone.now()
        self.item = proposed(lead=make_department("housing"), at=self.now)
        self.standing, self.numbers = stages.Standing(), set()

    def teardown(self):
        transaction.savepoint_rollback(self.undo)

    @rule(days=st.sampled_from([1, 9, 31]))
    def time_passes(self, days):
        self.now += timedelta(days=days)

    @rule(who=st.sampled_from(PEOPLE), act=st.sampled_from(ACTS))
    def press(self, who, act):
        self.try_it(self.people[who], act)

    @rule()
    def the_organs_go_on(self):
        for who, act in (("zhou", "open"), ("li", "sign"), ("li", "report"), ("sun", "accept"),
                         ("li", "object"), ("wu", "amend"), ("sun", "archive")):  # fmt: skip
            if self.try_it(self.people[who], act):
                return

    def try_it(self, user, act) -> bool:
        self.now += timedelta(minutes=1)
        self.item = Supervision.objects.select_related("owner", "lead").get(pk=self.item.pk)
        standing = standing_of(self.item, self.now)
        hand = hand_of(user, self.item, selectors.organs_assisting(self.item))
        expected = act in stages.acts_of(standing, hand)
        pressed = "review" if act in {"uphold", "amend"} else act
        data = {**said(act, self.item, self.now), "at": self.now}
        try:
            with transaction.atomic():
                carry_out(pressed, actor=actor_of(user), item=self.item, data=data)
        except (Conflict, NotAllowed):
            assert not expected or act in LIMITED, (act, standing, hand)
            return False
        assert expected, (act, standing, hand)
        self.item.refresh_from_db()
        assert standing_of(self.item, self.now).state == stages.after(standing, act).state
        return True

    @invariant()
    def the_log_is_whole_and_two_people_were_there(self):
        item = Supervision.objects.get(pk=self.item.pk)
        lines = selectors.lines_of(item)
        assert selectors.log_fault(item, lines) is None
        assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
        if item.opened_by_id:
            assert item.opened_by_id != item.proposed_by_id
        self.numbers |= {item.number} - {None}
        assert len(self.numbers) <= 1
        judges = {line.actor_id for line in lines if line.kind in {"accept", "conclude", "redo"}}
        assert not judges & {line.actor_id for line in lines if line.kind in {"uphold", "amend"}}


@pytest.mark.django_db
def test_only_what_is_theirs_and_possible_happens():
    bounds = settings(max_examples=12, stateful_step_count=25, deadline=None)
    run_state_machine_as_test(AMatter, settings=bounds)
