"""Who may send to whom, what is frozen, and how often each person gets it."""

from datetime import date, timedelta

import pytest

from collab_hub.inbox.models import WorkItem
from collab_hub.notices import chunks, roll, roll_services, services
from collab_hub.notices.audience import Audience, Term
from collab_hub.notices.models import Notice, Recipient, SavedAudience
from platform_core.capabilities.notifications.models import Delivery, Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.outbox.models import OutboxMessage
from platform_core.common.outbox.services import deliver
from security.organs import services as organ_services
from security.organs.duties import standing_group
from security.organs.models import Post
from tests.factories import MAKER, actor_of, make_department, make_official

from .makers import at_organ, make_notice, send, work


@pytest.fixture
def team(clerk, other_clerk):
    """Two more of the same organ; returns the four."""
    return [clerk, other_clerk, make_official("dan", kind="market"),
            make_official("eva", kind="market")]  # fmt: skip


def on_roll(notice) -> set:
    return set(notice.recipients.values_list("user__username", flat=True))


def test_one_click_reaches_each_once_in_the_app_and_in_the_inbox(clerk, team):
    notice = send(clerk)
    assert on_roll(notice) == {"alice", "bob", "dan", "eva"} and notice.reached == 4
    assert set(notice.recipients.values_list("state", flat=True)) == {"delivered"}
    assert Message.objects.filter(template="notice").count() == 4
    assert Delivery.objects.filter(channel="in_app", state="sent").count() == 4
    assert WorkItem.objects.filter(kind="notice_confirm", state="open").count() == 4
    # Every message of the outbox carried out a second time changes nothing.
    for message in OutboxMessage.objects.filter(topic="notices.deliver"):
        OutboxMessage.objects.filter(pk=message.pk).update(state="leased")
        assert deliver(message_id=message.pk)
    assert Message.objects.filter(template="notice").count() == 4
    assert WorkItem.objects.filter(kind="notice_confirm").count() == 4


def test_a_crash_between_chunks_loses_nobody(clerk, team, monkeypatch):
    monkeypatch.setattr(roll_services, "CHUNK", 2)
    notice = services.send_notice(actor=actor_of(clerk), notice=make_notice(clerk))
    first = OutboxMessage.objects.get(topic="notices.deliver")
    OutboxMessage.objects.filter(pk=first.pk).update(state="leased")
    with monkeypatch.context() as patch:
        # The process dies after everything of the chunk was written, before the commit.
        def dies(*args, **kwargs):
            raise RuntimeError

        patch.setattr(roll_services, "go_on", dies)
        assert not deliver(message_id=first.pk)
    assert not Message.objects.filter(template="notice").exists()
    assert set(notice.recipients.values_list("state", flat=True)) == {"frozen"}
    work(within=timedelta(hours=1))
    assert Message.objects.filter(template="notice").count() == 4
    assert set(notice.recipients.values_list("state", flat=True)) == {"delivered"}
    assert OutboxMessage.objects.filter(topic="notices.deliver", state="done").count() == 3
    assert chunks.CHUNK > 2


def test_the_query_is_frozen_when_it_is_sent(clerk, other_clerk, team):
    group = services.save_group(
        actor=actor_of(clerk), department=clerk.posts.first().department, name="All of us",
        audience=at_organ(clerk.posts.first().department),
    )  # fmt: skip
    draft = make_notice(clerk, Audience((Term(group=frozenset({group.pk})),)))
    late = make_official("frank", kind="market")
    services.send_notice(actor=actor_of(clerk), notice=draft)
    make_official("gina", kind="market")
    SavedAudience.objects.filter(pk=group.pk).update(audience={"any": []})
    Post.objects.filter(user=other_clerk).update(valid_until=date(2020, 1, 1))
    work()
    assert late.username in on_roll(draft) and "gina" not in on_roll(draft)
    # Who left stays on the roll with what became of them.
    row = roll.rows_of(draft).get(user=other_clerk)
    assert row.name == "Bob" and row.post_title == "科员"
    assert roll.change_words(row) == "Has left the service"


def test_one_may_write_to_the_own_organ_and_below_others_by_duty(clerk, stranger):
    below = make_department("market_office", parent=clerk.posts.first().department)
    station = make_official("stan", department=below)
    assert on_roll(send(clerk, at_organ(clerk.posts.first().department, below=True))) == {
        "alice", "stan",
    }  # fmt: skip
    upwards = make_notice(station, Audience((Term(person=frozenset({clerk.pk})),)))
    elsewhere = make_notice(clerk, at_organ(stranger.posts.first().department))
    for sender, notice in ((station, upwards), (clerk, elsewhere)):
        with pytest.raises(Unusable) as refused:
            services.send_notice(actor=actor_of(sender), notice=notice)
        assert "audience" in refused.value.errors
    clerk.posts.first().groups.add(standing_group("dispatcher"))
    again = type(clerk).objects.get(pk=clerk.pk)
    services.send_notice(actor=actor_of(again), notice=elsewhere)
    assert on_roll(elsewhere) == {"mallory"}
    with pytest.raises(NotAllowed):
        services.send_notice(actor=actor_of(stranger), notice=make_notice(clerk))


def test_a_large_audience_takes_a_second_person(clerk, team, settings):
    settings.NOTICE_ALONE_MOST = 3
    with pytest.raises(Unusable):  # nobody heads the organ
        services.send_notice(actor=actor_of(clerk), notice=make_notice(clerk))
    head = make_official("hanna", kind="market", duties=["head"])
    head.posts.update(is_head=True)
    notice = services.send_notice(actor=actor_of(clerk), notice=make_notice(clerk))
    assert notice.state == Notice.State.WAITING and not notice.recipients.exists()
    assert WorkItem.objects.get(kind="notice_release", state="open").assignee == head
    with pytest.raises(NotAllowed):
        services.decide_release(actor=actor_of(clerk), notice=notice, agrees=True)
    with pytest.raises(Unusable):
        services.decide_release(actor=actor_of(head), notice=notice, agrees=False)
    services.decide_release(actor=actor_of(head), notice=notice, agrees=False, reason="Too many")
    notice.refresh_from_db()
    assert notice.state == Notice.State.DRAFT
    services.send_notice(actor=actor_of(clerk), notice=notice)
    services.withdraw_release(actor=actor_of(clerk), notice=notice)
    with pytest.raises(Conflict):
        services.decide_release(actor=actor_of(head), notice=notice, agrees=True)
    services.send_notice(actor=actor_of(clerk), notice=notice)
    services.decide_release(actor=actor_of(head), notice=notice, agrees=True)
    with pytest.raises(Conflict):
        services.decide_release(actor=actor_of(head), notice=notice, agrees=True)
    work()
    assert notice.recipients.filter(state="delivered").count() == 5
    assert not WorkItem.objects.filter(kind="notice_release", state="open").exists()


def test_the_second_person_lets_out_only_what_the_sender_may_still_write(clerk, team, settings):
    settings.NOTICE_ALONE_MOST = 3
    head = make_official("hanna", kind="market", duties=["head"])
    head.posts.update(is_head=True)
    notice = services.send_notice(actor=actor_of(clerk), notice=make_notice(clerk))
    clerk.posts.update(valid_until=date(2020, 1, 1))
    with pytest.raises(Unusable) as refused:
        services.decide_release(actor=actor_of(head), notice=notice, agrees=True)
    assert "audience" in refused.value.errors and not notice.recipients.exists()
    services.decide_release(actor=actor_of(head), notice=notice, agrees=False, reason="Has moved")


def test_a_draft_is_dropped_once(clerk):
    draft = make_notice(clerk)
    key = draft.pk
    services.drop_draft(actor=actor_of(clerk), notice=draft)
    gone = Notice(pk=key)
    for act in (services.drop_draft, services.send_notice):
        with pytest.raises(Conflict):
            act(actor=actor_of(clerk), notice=gone)


def test_confirming_closes_the_item_and_a_recall_the_rest(clerk, other_clerk, team):
    notice = send(clerk)
    roll_services.note_read(actor=actor_of(other_clerk), notice=notice)
    row = roll_services.confirm_notice(actor=actor_of(other_clerk), notice=notice)
    assert row.state == "confirmed" and row.read_at and row.confirmed_by == other_clerk
    assert roll.counts(notice) | {"comes": 0} == roll.counts(notice)
    assert roll.counts(notice)["confirmed"] == 1 and roll.counts(notice)["unread"] == 3
    assert WorkItem.objects.filter(kind="notice_confirm", state="open").count() == 3
    with pytest.raises(Unusable):
        services.recall_notice(actor=actor_of(clerk), notice=notice, reason=" ")
    services.recall_notice(actor=actor_of(clerk), notice=notice, reason="Wrong day")
    work()
    assert not WorkItem.objects.filter(kind="notice_confirm", state="open").exists()
    told = Message.objects.filter(template="notice_recalled")
    assert told.count() == 4 and "Wrong day" in told.first().body["en"]
    with pytest.raises(Conflict):
        roll_services.confirm_notice(actor=actor_of(clerk), notice=notice)


def test_who_reads_before_the_delivery_has_read_and_still_has_to_confirm(clerk, other_clerk):
    notice = services.send_notice(actor=actor_of(clerk), notice=make_notice(clerk))
    roll_services.note_read(actor=actor_of(other_clerk), notice=notice)
    work()
    assert notice.recipients.get(user=other_clerk).state == Recipient.State.READ
    assert WorkItem.objects.filter(assignee=other_clerk, state="open").count() == 1


def test_only_what_asks_for_it_is_confirmed(clerk, other_clerk):
    notice = send(clerk, needs_confirming=False)
    with pytest.raises(Conflict):
        roll_services.confirm_notice(actor=actor_of(other_clerk), notice=notice)


def test_reading_after_the_deputy_confirmed_is_noted(clerk, other_clerk):
    notice = send(clerk)
    roll_services.confirm_notice(actor=actor_of(clerk), notice=notice, person=other_clerk)
    roll_services.note_read(actor=actor_of(other_clerk), notice=notice)
    row = notice.recipients.get(user=other_clerk)
    assert row.state == Recipient.State.CONFIRMED and row.read_at


def test_a_successor_of_two_posts_is_offered_once_and_gets_a_present_one(clerk, other_clerk):
    Post.objects.filter(user=other_clerk).update(is_head=True)
    notice = send(clerk)
    Post.objects.filter(user=other_clerk).update(valid_until=date(2020, 1, 1))
    new = make_official("nora", kind="market")
    held = {"user": new, "department": clerk.posts.first().department, "is_head": True}
    present = Post.objects.create(**held, title="科长", valid_from=date(2018, 1, 1))
    Post.objects.create(
        **held, title="副科长", valid_from=date(2019, 1, 1), valid_until=date(2020, 1, 1)
    )
    row = roll.rows_of(notice).get(user=other_clerk)
    (line,) = roll.lines(notice, [row])
    assert line.successors == [new]
    made = roll_services.add_successor(
        actor=actor_of(clerk), notice=notice, recipient_id=row.pk, user=new
    )
    assert made.post == present and made.is_head


def test_the_successor_is_added_by_one_click(clerk, other_clerk):
    notice = send(clerk)
    Post.objects.filter(user=other_clerk).update(valid_until=date(2020, 1, 1))
    organ = clerk.posts.first().department
    new = make_official("nora", kind="market")
    organ_services.appoint(
        actor=MAKER, user=other_clerk, department=make_department("health"), title="科长",
        valid_from=date(2020, 1, 1),
    )  # fmt: skip
    row = roll.rows_of(notice).get(user=other_clerk)
    (line,) = roll.lines(notice, [row])
    assert line.change == "Has another post now" and line.successors == [new]
    assert roll.successor(notice, row.pk, clerk.pk) is None
    made = roll_services.add_successor(
        actor=actor_of(clerk), notice=notice, recipient_id=row.pk, user=new
    )
    work()
    made.refresh_from_db()
    assert made.state == "delivered" and made.instead_of == row and made.department == organ
    assert WorkItem.objects.filter(assignee=new, state="open").count() == 1
    assert on_roll(notice) == {"alice", "bob", "nora"}
    with pytest.raises(Conflict):
        roll_services.add_successor(
            actor=actor_of(clerk), notice=notice, recipient_id=row.pk, user=new
        )
