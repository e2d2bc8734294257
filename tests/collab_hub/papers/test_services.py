"""A paper from its draft to the archives of those who received it, and two people in one draft."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from collab_hub.inbox.models import WorkItem
from collab_hub.papers import draft_services, flow_services, receiving_services, selectors
from collab_hub.papers.models import OrganWord, Paper, Receipt, Revision, Step
from platform_core.capabilities.documents.numbers import OFFICIAL
from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.events import emit, listen
from tests.factories import MAKER, actor_of, make_official

from .makers import (
    agree,
    make_draft,
    make_head,
    make_house,
    make_sent,
    make_signed,
    notice,
    receipt_at,
    submit,
)


@pytest.fixture
def house(db):
    return make_house()


def waits(person=None, organ=None) -> list[str]:
    found = WorkItem.objects.filter(state="open")
    found = (
        found.filter(assignee=person)
        if person
        else found.filter(assignee=None, pool_department=organ)
    )
    return sorted(found.values_list("kind", flat=True))


def test_from_draft_to_number(house):
    paper = make_draft(house, countersign=[house["health"].pk, house["housing"].pk])
    submit(house, paper)
    assert waits(house["second"]) == ["paper_review"]
    agree(paper, house["second"], "review")
    assert waits(house["second"]) == []
    assert waits(organ=house["health"]) == waits(organ=house["housing"]) == ["paper_countersign"]
    agree(paper, house["nurse"], "countersign", organ=house["health"])
    assert waits(house["head"]) == []
    agree(paper, house["builder"], "countersign", organ=house["housing"])
    assert waits(house["head"]) == ["paper_sign"]
    agree(paper, house["head"], "sign")
    paper.refresh_from_db()
    assert paper.state == "numbered"
    assert OFFICIAL.match(paper.number)
    assert paper.number.endswith("\u30151\u53f7")


def test_a_return_gives_it_back_with_the_reason_and_takes_no_number(house):
    paper = submit(house, make_draft(house))
    step = Step.objects.get(paper=paper)
    act = {"actor": actor_of(house["second"]), "step": step, "agrees": False, "version": 1}
    with pytest.raises(Unusable) as error:
        flow_services.say_opinion(**act)
    assert list(error.value.errors) == ["opinion"]
    flow_services.say_opinion(**act, opinion="标题不对")
    paper.refresh_from_db()
    assert (paper.state, paper.number) == ("draft", None)
    assert waits(house["clerk"]) == ["paper_returned"]
    submit(house, paper)
    assert waits(house["clerk"]) == []


def test_an_opinion_is_about_the_text_that_was_read(house):
    paper = submit(house, make_draft(house))
    content = notice(house, body="另一段。")
    draft_services.save_revision(
        actor=actor_of(house["second"]), paper=paper, content=content, base=1
    )
    step = Step.objects.get(paper=paper, state="open")
    with pytest.raises(Conflict):
        flow_services.say_opinion(
            actor=actor_of(house["second"]), step=step, agrees=True, version=1
        )


def test_only_who_is_asked_says_an_opinion_and_nobody_signs_their_own_draft(house):
    paper = submit(house, make_draft(house))
    step = Step.objects.get(paper=paper)
    with pytest.raises(NotAllowed):
        flow_services.say_opinion(actor=actor_of(house["clerk"]), step=step, agrees=True, version=1)
    own = draft_services.start_paper(
        actor=actor_of(house["head"]), kind="notice", department=house["organ"],
        content=notice(house),
    )  # fmt: skip
    with pytest.raises(Unusable) as error:
        draft_services.submit_paper(
            actor=actor_of(house["head"]), paper=own, reviewer=house["second"], version=1
        )
    assert list(error.value.errors) == ["signer"]


def test_a_second_saver_loses_nothing_and_overwrites_nothing(house):
    paper = make_draft(house, body="一。\n二。\n三。")
    save = {"paper": paper, "base": 1}
    draft_services.save_revision(
        actor=actor_of(house["clerk"]), content=notice(house, body="一改。\n二。\n三。"), **save
    )
    saved = draft_services.save_revision(
        actor=actor_of(house["second"]),
        content=notice(house, body="一。\n二。\n三改。\n四。"),
        **save,
    )
    assert saved.revision.is_side
    paper.refresh_from_db()
    assert selectors.content_of(paper)["body"] == "一改。\n二。\n三。"
    merged = selectors.merged_with(paper, saved.revision)
    assert merged["content"]["body"] == "一改。\n二。\n三改。\n四。"
    done = draft_services.save_revision(
        actor=actor_of(house["second"]), paper=paper, content=merged["content"], base=paper.head
    )
    assert not done.revision.is_side
    with pytest.raises(DatabaseError), transaction.atomic():
        Revision.objects.filter(pk=saved.revision.pk).update(content={})


def test_a_signed_paper_is_no_longer_written_in(house):
    paper = make_signed(house)
    with pytest.raises(Conflict):
        draft_services.save_revision(
            actor=actor_of(house["clerk"]), paper=paper, content=notice(house, body="x"), base=1
        )
    with pytest.raises(Conflict):
        draft_services.discard_paper(actor=actor_of(house["clerk"]), paper=paper)


@pytest.mark.django_db(transaction=True)
def test_numbers_in_parallel_have_no_gap_and_a_failure_gives_its_number_back():
    house = make_house()
    papers = [submit(house, make_draft(house)) for _n in range(6)]
    for paper in papers:
        agree(paper, house["second"], "review")
    failed = []

    def sign(paper, fails):
        try:
            with transaction.atomic():
                agree(paper, house["head"], "sign")
                if fails:
                    raise RuntimeError
        except RuntimeError:
            failed.append(paper.pk)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=sign, args=(paper, n == 2)) for n, paper in enumerate(papers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = Paper.objects.exclude(number=None).values_list("number", flat=True)
    serials = sorted(int(one.split("\u3015")[1][:-1]) for one in numbers)
    assert len(failed) == 1
    assert serials == [1, 2, 3, 4, 5]


def test_received_handled_answered_and_filed(house):
    paper = make_sent(house)
    receipt = receipt_at(paper, house["health"])
    assert waits(organ=house["health"]) == ["paper_receive"]
    nurse = actor_of(house["nurse"])
    leader = make_head("leader", house["health"])
    receiving_services.sign_in(actor=nurse, receipt=receipt)
    assert waits(organ=house["health"]) == []
    receiving_services.propose(actor=nurse, receipt=receipt, opinion="拟请办理", leader=leader)
    step = Step.objects.get(receipt=receipt, kind="instruct")
    wanted = []
    listen("supervision.wanted")(lambda **facts: wanted.append(facts))
    receiving_services.instruct(
        actor=actor_of(leader), step=step, opinion="请办", officer=house["nurse"], days=3,
        is_supervised=True,
    )  # fmt: skip
    assert [(one["object_id"], one["lead"]) for one in wanted] == [(receipt.pk, house["health"])]
    emit("supervision.closed", source="instruction", object_type=wanted[0]["object_type"],
         object_id=receipt.pk, outcome="done")  # fmt: skip
    assert receipt.traces.filter(act="supervised", note="done").exists()
    assert waits(house["nurse"]) == ["paper_handle"]
    step = Step.objects.get(receipt=receipt, kind="handle")
    receiving_services.answer(actor=nurse, step=step, text="已办")
    receiving_services.file_receipt(actor=nurse, receipt=receipt)
    receipt.refresh_from_db()
    assert receipt.state == "filed"
    assert receipt.number.endswith("-0001")
    flow_services.file_paper(actor=actor_of(house["clerk"]), paper=paper)
    paper.refresh_from_db()
    assert paper.state == "filed"


def test_sending_twice_delivers_once_and_filing_waits_for_all(house):
    paper = make_sent(house)
    clerk = actor_of(house["clerk"])
    with pytest.raises(Unusable):
        flow_services.send_paper(actor=clerk, paper=paper)
    made = flow_services.send_paper(
        actor=clerk, paper=paper, further=[house["health"], house["housing"]]
    )
    assert [one.organ for one in made] == [house["housing"]]
    with pytest.raises(Conflict):
        flow_services.file_paper(actor=clerk, paper=paper)


def test_passing_round_with_read_marks_and_opinions(house):
    receipt = receipt_at(make_sent(house), house["health"])
    nurse = actor_of(house["nurse"])
    other = make_official("other", department=house["health"], name="Olga")
    receiving_services.sign_in(actor=nurse, receipt=receipt)
    circulate = {"actor": nurse, "receipt": receipt}
    assert receiving_services.circulate(**circulate, people=[other, house["builder"]]) == 1
    with pytest.raises(Unusable):
        receiving_services.circulate(**circulate, people=[other])
    step = Step.objects.get(receipt=receipt, kind="circulate")
    assert step.read_at is None
    receiving_services.note_reading(actor=actor_of(other), receipt=receipt)
    step.refresh_from_db()
    assert step.read_at
    receiving_services.finish_reading(actor=actor_of(other), step=step, opinion="同意")
    step.refresh_from_db()
    assert (step.state, step.opinion) == ("done", "同意")


def test_who_has_not_signed_in_is_urged_by_the_clock_and_by_hand_with_measure(house):
    receipt = receipt_at(make_sent(house), house["health"])
    told = Message.objects.filter(recipient=house["nurse"])
    before = told.count()
    assert receiving_services.ring(actor=MAKER, receipt_id=receipt.pk, turn=1)
    assert told.count() == before + 1
    clerk = actor_of(house["clerk"])
    with pytest.raises(Conflict):
        receiving_services.urge(actor=clerk, receipt=receipt)
    later = timezone.now() + timedelta(hours=5)
    assert receiving_services.urge(actor=clerk, receipt=receipt, at=later) == 1
    receiving_services.sign_in(actor=actor_of(house["nurse"]), receipt=receipt)
    assert not receiving_services.ring(actor=MAKER, receipt_id=receipt.pk, turn=2)


def test_a_secret_paper_names_nobody_its_title_and_has_no_file(house):
    leader = make_head("leader", house["health"])
    paper = make_sent(house, secrecy="secret", secret_for="5年")
    assert paper.pdf is None
    assert waits(organ=house["health"]) == []
    assert waits(leader) == ["paper_receive"]
    titles = [item.title["zh"] for item in WorkItem.objects.all()]
    assert not any(paper.title in title for title in titles)
    assert not selectors.papers_for(house["nurse"], "all").exists()
    assert selectors.papers_for(leader, "all").exists()
    assert Receipt.objects.get().paper == paper


def test_a_secret_paper_waits_for_no_pool_where_nobody_heads_the_organ(house):
    make_sent(house, secrecy="secret", secret_for="5年")
    assert waits(organ=house["health"]) == []
    assert receiving_services.ring(actor=MAKER, receipt_id=Receipt.objects.get().pk, turn=1)
    assert not Message.objects.filter(recipient=house["nurse"]).exists()


def test_nobody_agrees_to_a_text_that_could_not_be_sent_on(house):
    paper = submit(house, make_draft(house))
    draft_services.save_revision(
        actor=actor_of(house["clerk"]), paper=paper, content=notice(house, main_to=[]), base=1
    )
    with pytest.raises(Unusable) as error:
        agree(paper, house["second"], "review")
    assert list(error.value.errors) == ["main_to"]
    paper.refresh_from_db()
    assert paper.state == "review"
    draft_services.save_revision(
        actor=actor_of(house["clerk"]), paper=paper, content=notice(house), base=2
    )
    agree(paper, house["second"], "review")
    OrganWord.objects.all().delete()
    with pytest.raises(Unusable) as error:
        agree(paper, house["head"], "sign")
    assert list(error.value.errors) == ["word"]


def test_pages_that_cannot_be_set_and_a_drafter_who_checks_are_refused(house):
    paper = make_draft(house, body="字\n" * 2000)
    with pytest.raises(Unusable) as error:
        draft_services.submit_paper(
            actor=actor_of(house["second"]), paper=paper, reviewer=house["clerk"], version=1
        )
    assert set(error.value.errors) == {"body", "reviewer"}


def test_what_is_to_be_signed_in_sooner_stands_before_what_is_to_be_handled_later(house):
    late, soon = make_sent(house), make_sent(house)
    now = timezone.now()
    Receipt.objects.filter(paper=late).update(due_at=now + timedelta(days=5), state="handling")
    Receipt.objects.filter(paper=soon).update(sign_by=now + timedelta(days=1))
    assert [one.paper for one in selectors.receipts_for(house["nurse"])] == [soon, late]
