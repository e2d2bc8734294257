"""Several people at one step, on real tables: in order, by vote, with signers."""

from importlib import import_module

import pytest
from django.apps import apps

from platform_core.capabilities.process import selectors
from platform_core.capabilities.process.models import ProcessEvent, Task
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from tests.factories import make_official

from .makers import act, approve, make_napp, open_task, open_tasks, start

pytestmark = pytest.mark.django_db
ALL = ["approve", "reject", "return", "transfer", "correct", "add_signer"]


@pytest.fixture
def clerks(db):
    return [make_official(f"clerk{n}", kind="market", duties=["clerk"]) for n in range(5)]


def voting(share=60, **more):
    step = approve("vote", mode="vote", share=share, **more)
    step["actions"] = ["approve", "reject", "abstain", "add_signer"]
    return step


def signing(**more):
    return approve("sign", **{"actions": ALL, **more})


def kinds(instance):
    return list(ProcessEvent.objects.filter(instance=instance).values_list("kind", flat=True))


class TestInOrder:
    def test_holders_are_asked_one_after_another(self, clerks):
        instance = start(make_napp([approve("sign", mode="in_order"), approve("last")]))
        for clerk in clerks:
            task = open_task(instance)
            assert (task.node, task.assignee) == ("sign", clerk)
            assert selectors.inbox(clerk, "mine").count() == 1
            act(clerk, task)
        assert open_task(instance).node == "last"

    def test_whoever_is_not_asked_yet_cannot_act(self, clerks):
        instance = start(make_napp([approve("sign", mode="in_order")]))
        later = Task.objects.get(instance=instance, assignee=clerks[1])
        assert later.state == "later" and later.due_at is None
        assert selectors.allowed_actions(clerks[1], later) == []
        assert not selectors.inbox(clerks[1], "mine").exists()
        with pytest.raises(Conflict):
            act(clerks[1], later)

    def test_the_term_of_each_begins_when_they_are_asked(self, clerks):
        step = approve("sign", mode="in_order", deadline={"working_days": 2})
        instance = start(make_napp([step]))
        first = open_task(instance)
        act(clerks[0], first)
        second = open_task(instance)
        assert second.due_at is not None and second.opened_at > first.opened_at

    def test_a_named_order_of_roles(self, clerks, reviewer):
        step = approve("sign", mode="in_order", order=["boss", "desk"])
        instance = start(make_napp([step]))
        act(reviewer, open_task(instance))
        task = open_task(instance)
        assert task.assignee is None
        act(clerks[3], task)
        instance.refresh_from_db()
        assert instance.outcome == "approved"

    def test_a_refusal_ends_it_for_those_who_were_not_asked(self, clerks):
        instance = start(make_napp([approve("sign", mode="in_order")]))
        act(clerks[0], open_task(instance), "reject")
        assert set(Task.objects.filter(instance=instance).values_list("state", flat=True)) == {
            "done",
            "cancelled",
        }

    def test_after_a_return_the_order_begins_anew(self, clerks):
        instance = start(make_napp([approve("a"), approve("sign", mode="in_order")]))
        act(clerks[4], open_task(instance))
        act(clerks[0], open_task(instance))
        act(clerks[1], open_task(instance), "return", to_node="a")
        act(clerks[4], open_task(instance))
        assert open_task(instance).assignee == clerks[0]


class TestVotes:
    def test_it_passes_as_soon_as_enough_agree(self, clerks):
        instance = start(make_napp([voting(), approve("last")]))
        for clerk, action in zip(clerks, ["approve", "reject", "approve"], strict=False):
            act(clerk, next(t for t in open_tasks(instance) if t.assignee == clerk), action)
        assert len(open_tasks(instance, "vote")) == 2
        act(clerks[3], next(t for t in open_tasks(instance) if t.assignee == clerks[3]))
        assert [task.node for task in open_tasks(instance)] == ["last"]
        assert Task.objects.filter(instance=instance, node="vote", state="cancelled").count() == 1

    def test_it_is_lost_as_soon_as_enough_cannot_agree(self, clerks):
        instance = start(make_napp([voting(), approve("last")]))
        for clerk, action in zip(clerks, ["reject", "abstain", "reject"], strict=False):
            act(clerk, next(t for t in open_tasks(instance) if t.assignee == clerk), action)
        instance.refresh_from_db()
        assert (instance.outcome, open_tasks(instance)) == ("rejected", [])
        assert kinds(instance)[1:] == ["voted_against", "abstained", "voted_against", "closed"]

    def test_a_lost_vote_may_go_back(self, clerks):
        instance = start(make_napp([approve("a"), voting(100, on_lost="return")]))
        act(clerks[0], open_task(instance))
        against = open_tasks(instance)[0]
        act(against.assignee, against, "reject")
        assert open_task(instance).node == "a"

    def test_voting_against_needs_a_reason_and_abstaining_none(self, clerks):
        instance = start(make_napp([voting()]))
        task = next(t for t in open_tasks(instance) if t.assignee == clerks[0])
        with pytest.raises(Unusable):
            act(clerks[0], task, "reject", opinion="")
        act(clerks[0], task, "abstain")

    def test_one_vote_each(self, clerks):
        instance = start(make_napp([voting()]))
        task = next(t for t in open_tasks(instance) if t.assignee == clerks[0])
        act(clerks[0], task)
        with pytest.raises(Conflict):
            act(clerks[0], task)
        with pytest.raises(NotAllowed):
            act(clerks[0], next(t for t in open_tasks(instance) if t.assignee == clerks[1]))

    def test_a_step_is_done_once_whatever_the_number_of_voters(self, clerks, heard):
        instance = start(make_napp([voting(100)]))
        for task in open_tasks(instance):
            act(task.assignee, task)
        done = [facts["action"] for name, facts in heard if name == "process.step_done"]
        assert done == ["agree"] * 4 + ["approve"]


class TestSigners:
    def test_a_signer_before(self, clerks, reviewer, heard):
        instance = start(make_napp([signing(), approve("last")]))
        task = open_task(instance)
        assert reviewer in selectors.signers_for(clerks[0], task)
        act(clerks[0], task, "add_signer", to_user=reviewer, when="before", opinion="The law?")
        task.refresh_from_db()
        assert (task.state, task.assignee) == ("later", clerks[0])
        asked = open_task(instance)
        assert (asked.assignee, asked.signs_for) == (reviewer, 1)
        assert selectors.allowed_actions(reviewer, asked) == [
            "approve", "decline", "add_signer", "transfer",
        ]  # fmt: skip
        act(reviewer, asked, opinion="Fits.")
        act(clerks[0], open_task(instance))
        assert open_task(instance).node == "last"
        assert kinds(instance)[1:4] == ["signer_added", "signed", "approved"]
        done = [facts["action"] for name, facts in heard if name == "process.step_done"]
        assert done == ["add_signer", "agree", "approve"]

    def test_a_signer_after(self, clerks, reviewer):
        instance = start(make_napp([signing(), approve("last")]))
        task = open_task(instance)
        act(clerks[0], task, "add_signer", to_user=reviewer, when="after")
        assert open_task(instance) == task
        act(clerks[0], task)
        asked = open_task(instance)
        assert (asked.assignee, asked.node) == (reviewer, "sign")
        act(reviewer, asked)
        assert open_task(instance).node == "last"

    @pytest.mark.parametrize("when", ["before", "after"])
    def test_a_negative_opinion_comes_back(self, clerks, reviewer, when):
        instance = start(make_napp([signing(), approve("last")]))
        act(clerks[0], open_task(instance), "add_signer", to_user=reviewer, when=when)
        if when == "after":
            act(clerks[0], open_task(instance))
        with pytest.raises(Unusable):
            act(reviewer, open_task(instance), "decline", opinion="")
        act(reviewer, open_task(instance), "decline", opinion="Against the law.")
        back = open_task(instance)
        assert (back.node, back.assignee, back.signs_for) == ("sign", clerks[0], None)
        act(clerks[0], back)
        assert open_task(instance).node == "last"

    def test_a_signer_neither_refuses_nor_returns(self, clerks, reviewer):
        instance = start(make_napp([signing()]))
        act(clerks[0], open_task(instance), "add_signer", to_user=reviewer, when="before")
        for action in ("reject", "return", "correct"):
            with pytest.raises(Unusable):
                act(reviewer, open_task(instance), action)

    def test_signers_ask_signers_and_hand_over(self, clerks, reviewer):
        instance = start(make_napp([signing(), approve("last")]))
        act(clerks[0], open_task(instance), "add_signer", to_user=reviewer, when="before")
        act(reviewer, open_task(instance), "transfer", to_user=clerks[2])
        act(clerks[2], open_task(instance), "add_signer", to_user=clerks[3], when="after")
        for clerk in (clerks[2], clerks[3], clerks[0]):
            act(clerk, open_task(instance))
        assert open_task(instance).node == "last"

    def test_who_can_be_asked(self, clerks, stranger):
        instance = start(make_napp([signing()]), starter=clerks[1])
        task = open_task(instance)
        for wrong in (stranger, clerks[1], clerks[0], None, "nonsense"):
            with pytest.raises(Unusable) as refused:
                act(clerks[0], task, "add_signer", to_user=wrong, when="before")
            assert list(refused.value.errors) == ["to_user"]
        with pytest.raises(Unusable) as refused:
            act(clerks[0], task, "add_signer", to_user=clerks[2], when="sometime")
        assert list(refused.value.errors) == ["when"]
        act(clerks[0], task, "add_signer", to_user=clerks[2], when="before")
        assert clerks[2] not in selectors.signers_for(clerks[0], task)

    def test_a_return_takes_signers_along(self, clerks, reviewer):
        lanes = [{"steps": [signing()]}, {"steps": [approve("x")]}]
        instance = start(make_napp([approve("a"), {"kind": "parallel", "branches": lanes}]))
        act(clerks[0], open_task(instance))
        act(clerks[0], open_task(instance, "sign"), "add_signer", to_user=reviewer, when="before")
        act(clerks[1], open_task(instance, "x"), "return", to_node="a")
        assert [task.node for task in open_tasks(instance)] == ["a"]
        assert not Task.objects.filter(instance=instance, state="later").exists()

    def test_the_silence_of_a_signer_says_nothing(self, clerks, reviewer):
        deadline = {"working_days": 2, "on_timeout": "reject"}
        instance = start(make_napp([signing(deadline=deadline)]))
        act(clerks[0], open_task(instance), "add_signer", to_user=reviewer, when="before")
        asked = open_task(instance)
        assert asked.due_at is not None and asked.escalate_at is None

    def test_the_step_has_to_offer_it(self, clerks):
        instance = start(make_napp([approve("a")]))
        with pytest.raises(Unusable):
            act(clerks[0], open_task(instance), "add_signer", to_user=clerks[1], when="before")


class TestWayBack:
    STEPS = [approve("a"), approve("b"), approve("c")]

    @pytest.mark.parametrize(("back", "then"), [("again", "b"), ("direct", "c"), ("", "b")])
    def test_again_or_straight_back(self, clerks, back, then):
        instance = start(make_napp(self.STEPS))
        for _step in "ab":
            act(clerks[0], open_task(instance))
        act(clerks[1], open_task(instance), "return", to_node="a", back=back)
        act(clerks[0], open_task(instance))
        assert open_task(instance).node == then

    def test_the_step_says_how_unless_somebody_does(self, clerks):
        instance = start(make_napp([approve("a", back="direct"), approve("b"), approve("c")]))
        for _step in "ab":
            act(clerks[0], open_task(instance))
        act(clerks[1], open_task(instance), "return", to_node="a")
        act(clerks[0], open_task(instance))
        assert open_task(instance).node == "c"

    def test_nonsense_is_refused_at_its_field(self, clerks):
        instance = start(make_napp(self.STEPS))
        act(clerks[0], open_task(instance))
        with pytest.raises(Unusable) as refused:
            act(clerks[0], open_task(instance), "return", to_node="a", back="sideways")
        assert list(refused.value.errors) == ["back"]


def test_a_case_of_before_seats_had_numbers_goes_on(clerks):
    """What the migration does with a step at which several people stand."""
    instance = start(make_napp([approve("sign", mode="all"), approve("last")]))
    act(clerks[0], next(t for t in open_tasks(instance) if t.assignee == clerks[0]))
    Task.objects.filter(instance=instance).update(seat=1)
    instance.refresh_from_db()
    instance.state["open"] = {"sign": 4}
    instance.save(update_fields=["state"])
    import_module("platform_core.migrations.0018_numbered_seats").number_seats(apps, None)
    for task in open_tasks(instance):
        act(task.assignee, task)
    assert open_task(instance).node == "last"
