"""A deputy acts for a colleague: for some days, in both names, never in their own cause."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from platform_core.capabilities.notifications.models import Message
from platform_core.capabilities.process import selectors, services
from platform_core.capabilities.process.delegation import selectors as delegations
from platform_core.capabilities.process.delegation.models import Delegation
from platform_core.capabilities.process.delegation.services import end_delegation, set_delegation
from platform_core.capabilities.process.models import ProcessEvent, Task
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.accounts.models import User
from security.actors import Actor
from security.audit.models import AuditEntry
from tests.factories import actor_of, make_citizen, make_department, make_official

from ..makers import approve, make_napp, open_task, start
from ..test_choosing import desk, head_of

pytestmark = pytest.mark.django_db
NOBODY = Actor.system("test")


def fresh(user) -> User:
    """The person as the next request reads them."""
    return User.objects.get(pk=user.pk)


def day(offset: int = 0):
    return timezone.localdate() + timedelta(days=offset)


def let(principal, deputy, *, by=None, first=0, last=5, **more) -> Delegation:
    return set_delegation(
        actor=actor_of(by or principal), principal=principal, deputy=deputy,
        valid_from=day(first), valid_until=day(last), **more,
    )  # fmt: skip


def act(user, task, action="approve", **more):
    task.refresh_from_db()
    user = fresh(user)
    return services.act(
        actor=actor_of(user), task_id=task.pk, action=action, version=task.version, **more
    )


@pytest.fixture
def colleague(db):
    """Works in the same department, without the role of the desk."""
    return make_official("dora", kind="market", duties=[], name="Dora")


@pytest.fixture
def held(clerk):
    """A task in the hands of the clerk."""
    task = open_task(start(make_napp()))
    return services.claim_task(actor=actor_of(clerk), task_id=task.pk)


class TestActing:
    def test_the_deputy_sees_and_does_it_in_both_names(self, clerk, colleague, held):
        assert not selectors.inbox(fresh(colleague), "mine").exists()
        let(clerk, colleague)
        dora = fresh(colleague)
        assert list(selectors.inbox(dora, "mine")) == [held]
        assert selectors.inbox_counts(dora)["mine"] == 1
        assert "approve" in selectors.allowed_actions(dora, selectors.task_for(dora, held.pk))
        act(colleague, held, opinion="Complete.")
        held.refresh_from_db()
        assert (held.closed_by, held.assignee) == (colleague, clerk)
        event = ProcessEvent.objects.get(task=held, kind="approved")
        assert (event.actor, event.data["for"]) == (colleague, clerk.pk)
        assert event.data["for_name"] == str(clerk)
        trail = AuditEntry.objects.get(verb="task.approve", object_id=str(held.pk))
        assert trail.actor == colleague and trail.after["on_behalf_of"] == clerk.pk

    def test_the_pool_of_the_principal_is_open_too(self, clerk, colleague):
        task = open_task(start(make_napp()))
        let(clerk, colleague)
        assert list(selectors.inbox(fresh(colleague), "pool")) == [task]
        services.claim_task(actor=actor_of(fresh(colleague)), task_id=task.pk)
        task.refresh_from_db()
        # It is the principal's, so that it is not lost with the end of the delegation.
        assert task.assignee == clerk

    def test_the_principal_may_still_act(self, clerk, colleague, held):
        let(clerk, colleague)
        act(clerk, held)
        assert ProcessEvent.objects.get(task=held, kind="approved").data == {}

    def test_whoever_is_second_is_told_who_was_first(self, clerk, colleague, held):
        let(clerk, colleague)
        version = held.version
        act(clerk, held)
        with pytest.raises(Conflict) as told:
            services.act(
                actor=actor_of(fresh(colleague)), task_id=held.pk, action="approve", version=version
            )
        assert told.value.facts["who"] == str(clerk)

    def test_reading_items_stay_the_principals(self, clerk, colleague):
        start(make_napp([{"kind": "cc", "title": {"zh": "阅", "en": "Read"},
                          "assign": {"role": "desk"}}, approve("a", role="boss")]))  # fmt: skip
        let(clerk, colleague)
        counts = selectors.inbox_counts(fresh(colleague))
        assert (counts["cc"], counts["mine"], counts["pool"]) == (0, 0, 0)

    def test_only_the_services_named(self, clerk, colleague, held):
        other = make_napp(slug="other_stall")
        let(clerk, colleague, napps=[other.napp_id])
        assert not selectors.inbox(fresh(colleague), "all").exists()
        with pytest.raises(Http404):
            act(colleague, held)
        task = open_task(start(other))
        assert list(selectors.inbox(fresh(colleague), "all")) == [task]
        act(colleague, task)

    def test_a_deputys_deputy_is_not_followed(self, clerk, colleague, other_clerk, held):
        let(colleague, other_clerk, first=1, last=2)
        let(clerk, colleague, first=0, last=0)
        Delegation.objects.filter(principal=colleague).update(valid_from=day(0))
        assert not selectors.inbox(fresh(other_clerk), "mine").exists()

    def test_it_begins_and_ends_with_its_days(self, clerk, colleague, held):
        found = let(clerk, colleague, first=1, last=2)
        assert not selectors.inbox(fresh(colleague), "mine").exists()
        Delegation.objects.filter(pk=found.pk).update(valid_from=day(-3), valid_until=day(-1))
        assert not selectors.inbox(fresh(colleague), "mine").exists()
        with pytest.raises(Http404):
            act(colleague, held)

    def test_who_has_left_the_department_acts_no_more(self, clerk, colleague, held):
        let(clerk, colleague)
        colleague.posts.update(valid_until=day(-1))
        assert not selectors.inbox(fresh(colleague), "mine").exists()

    def test_deadlines_are_told_to_the_deputy_too(self, clerk, colleague, held):
        let(clerk, colleague)
        past = timezone.now() - timedelta(days=2)
        Task.objects.filter(pk=held.pk).update(due_at=past, warn_at=past)
        services.tell_deadlines(actor=NOBODY)
        told = Message.objects.filter(template="task_overdue").values_list("recipient", flat=True)
        assert set(told) == {clerk.pk, colleague.pk}


class TestFourEyes:
    def test_not_on_what_the_deputy_began(self, clerk, colleague):
        instance = start(make_napp([desk()]), starter=colleague)
        task = services.claim_task(actor=actor_of(clerk), task_id=open_task(instance).pk)
        let(clerk, colleague)
        with pytest.raises(NotAllowed):
            act(colleague, task)

    def test_not_on_what_the_principal_began(self, clerk, other_clerk, colleague):
        task = open_task(start(make_napp([desk()]), starter=clerk))
        let(clerk, colleague)
        with pytest.raises(NotAllowed):
            act(colleague, task)
        assert "approve" not in selectors.allowed_actions(fresh(colleague), task)

    def test_not_two_seats_of_one_step(self, clerk, other_clerk):
        instance = start(make_napp([approve("sign", mode="all"), approve("last")]))
        let(clerk, other_clerk)
        own, theirs = (
            Task.objects.get(instance=instance, assignee=person) for person in (other_clerk, clerk)
        )
        act(other_clerk, own)
        with pytest.raises(NotAllowed):
            act(other_clerk, theirs)
        act(clerk, theirs)


class TestSetting:
    def test_it_is_recorded_and_told(self, clerk, colleague):
        found = let(clerk, colleague, reason="  Leave. ")
        assert (found.reason, found.set_by) == ("Leave.", clerk)
        assert AuditEntry.objects.filter(verb="delegation.set", object_id=str(found.pk)).exists()
        assert Message.objects.get(recipient=colleague).template == "delegation_set"

    def test_a_head_sets_it_for_somebody_absent_who_is_told(self, clerk, colleague):
        head = head_of(make_department("market"), "head")
        let(clerk, colleague, by=head)
        assert Message.objects.get(recipient=clerk).template == "delegation_set_for_you"

    def test_a_colleague_does_not_set_it_for_another(self, clerk, colleague, other_clerk):
        with pytest.raises(Unusable) as error:
            let(clerk, colleague, by=other_clerk)
        assert "principal" in error.value.errors

    @pytest.mark.parametrize(
        ("who", "first", "last", "place"),
        [("clerk", 0, 1, "deputy"), ("stranger", 0, 1, "deputy"), ("citizen", 0, 1, "deputy"),
         ("colleague", 2, 1, "valid_until"), ("colleague", -9, -1, "valid_until"),
         ("colleague", 0, 400, "valid_until")],
    )  # fmt: skip
    def test_what_cannot_be(self, request, clerk, who, first, last, place):
        person = make_citizen("cid") if who == "citizen" else request.getfixturevalue(who)
        with pytest.raises(Unusable) as error:
            let(clerk, person, first=first, last=last)
        assert set(error.value.errors) == {place}

    def test_no_circle_and_no_chain(self, clerk, colleague, other_clerk):
        let(clerk, colleague)
        with pytest.raises(Unusable):
            let(colleague, clerk)
        with pytest.raises(Unusable):
            let(other_clerk, clerk, first=5, last=9)
        let(colleague, clerk, first=6, last=9)

    def test_one_deputy_at_a_time_for_the_same_services(self, clerk, colleague, other_clerk):
        version = make_napp()
        let(clerk, colleague, napps=[version.napp_id])
        with pytest.raises(Unusable):
            let(clerk, other_clerk)
        other = make_napp(slug="other_stall")
        let(clerk, other_clerk, napps=[other.napp_id])

    def test_ending_it(self, clerk, colleague, stranger, held):
        found = let(clerk, colleague)
        with pytest.raises(Http404):
            end_delegation(actor=actor_of(stranger), delegation_id=found.pk)
        with pytest.raises(Http404):
            end_delegation(actor=actor_of(colleague), delegation_id=found.pk)
        end_delegation(actor=actor_of(clerk), delegation_id=found.pk)
        end_delegation(actor=actor_of(clerk), delegation_id=found.pk)
        assert not selectors.inbox(fresh(colleague), "mine").exists()
        assert AuditEntry.objects.filter(verb="delegation.end").count() == 1


def test_whom_somebody_acts_for_costs_one_query(clerk, other_clerk, colleague):
    let(clerk, colleague)
    one = fresh(colleague)
    delegations.active_posts(one)
    with CaptureQueriesContext(connection) as caught:
        assert len(delegations.standing_in(one)) == 1
        delegations.standing_in(one)
    assert len(caught) == 1
    let(other_clerk, colleague)
    two = fresh(colleague)
    delegations.active_posts(two)
    with CaptureQueriesContext(connection) as caught:
        assert len(delegations.standing_in(two)) == 2
    assert len(caught) == 1
